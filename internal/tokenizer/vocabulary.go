package tokenizer

import (
	_ "embed"
	"hash/maphash"
	"sync"
)

// merges is the vocabulary of r50k_base (see NOTICE): first the bytes that are the tokens 0 to 255, then, for each further token in order
// of id, the ids of the two tokens that it is merged from, as little-endian uint16. `go run ./generate` in this folder writes it.
//
//go:embed r50k.merges
var merges string

// vocabulary knows the text of every token, and every merge. It does not change once it is loaded.
type vocabulary struct {
	texts   []byte   // of all tokens, one after another in order of id
	ends    []uint32 // where the text of each token ends
	byteIDs [256]uint16

	// Both tables are open-addressed and less than half full: a search starts at the place that a hash names, goes on from place to
	// place, and ends at an empty one.
	words []uint32 // by hash of a text: another part of the hash (upper half), id + 1 (lower half)
	pairs []uint64 // by hash of a pair: left, right, the id that they merge into (16 bits each)
	seed  maphash.Seed
}

const (
	tableBits = 17
	tableSize = 1 << tableBits
)

var sharedVocabulary = sync.OnceValue(loadVocabulary)

func loadVocabulary() *vocabulary {
	v := &vocabulary{
		texts: make([]byte, 0, 340_000),
		ends:  make([]uint32, 0, vocabularySize),
		words: make([]uint32, tableSize),
		pairs: make([]uint64, tableSize),
		seed:  maphash.MakeSeed(),
	}
	for id := range 256 {
		v.byteIDs[merges[id]] = uint16(id)
		v.add([]byte(merges[id : id+1]))
	}
	for at := 256; at < len(merges); at += 4 {
		left := uint16(merges[at]) | uint16(merges[at+1])<<8
		right := uint16(merges[at+2]) | uint16(merges[at+3])<<8
		v.addPair(left, right, uint16(len(v.ends)))
		v.add(v.text(left), v.text(right))
	}
	for id := range uint16(len(v.ends)) {
		v.addWord(id)
	}
	for _, token := range addedTokens {
		v.add([]byte(token))
	}
	return v
}

// text returns the bytes of a token.
func (v *vocabulary) text(id uint16) []byte {
	start := uint32(0)
	if id > 0 {
		start = v.ends[id-1]
	}
	return v.texts[start:v.ends[id]]
}

// hash returns what lookup and the cache find a word by.
func (v *vocabulary) hash(word string) uint64 {
	return maphash.String(v.seed, word)
}

// lookup finds the token that is exactly a word. Merging the word would give the same token, alone.
func (v *vocabulary) lookup(word string, hash uint64) (id uint16, ok bool) {
	for at := hash; ; at++ {
		entry := v.words[at%tableSize]
		if entry == 0 {
			return 0, false
		}
		if id := uint16(entry - 1); entry>>16 == uint32(hash>>48) && string(v.text(id)) == word {
			return id, true
		}
	}
}

// merge returns the token that two neighbours merge into, which is also the rank of the merge, or noToken.
func (v *vocabulary) merge(left, right uint16) uint16 {
	key := uint32(left)<<16 | uint32(right)
	for at := pairHash(key); ; at++ {
		entry := v.pairs[at%tableSize]
		if entry == 0 {
			return noToken
		}
		if uint32(entry>>16) == key {
			return uint16(entry)
		}
	}
}

// bytes appends the bytes of a word as tokens.
func (v *vocabulary) bytes(word string, ids []uint16) []uint16 {
	for i := range len(word) {
		ids = append(ids, v.byteIDs[word[i]])
	}
	return ids
}

// add appends the text of the next token.
func (v *vocabulary) add(text ...[]byte) {
	for _, part := range text {
		v.texts = append(v.texts, part...)
	}
	v.ends = append(v.ends, uint32(len(v.texts)))
}

func (v *vocabulary) addWord(id uint16) {
	hash := maphash.Bytes(v.seed, v.text(id))
	at := hash
	for v.words[at%tableSize] != 0 {
		at++
	}
	v.words[at%tableSize] = uint32(hash>>48)<<16 | uint32(id+1)
}

func (v *vocabulary) addPair(left, right, id uint16) {
	key := uint32(left)<<16 | uint32(right)
	at := pairHash(key)
	for v.pairs[at%tableSize] != 0 {
		at++
	}
	v.pairs[at%tableSize] = uint64(key)<<16 | uint64(id)
}

// pairHash spreads keys by multiplication with the golden ratio, whose upper bits are the good ones.
func pairHash(key uint32) uint64 {
	return uint64(key) * 0x9E3779B97F4A7C15 >> (64 - tableBits)
}
