// Package tokenizer counts and cuts text in tokens of CodeGen2, which all budgets of the gateway are measured in, whatever model
// answers (spec/code-suggestions.md 5).
//
// A token is a piece of text that the tokenizer has a number for. Text becomes tokens in three steps:
//
//  1. Added tokens are cut out: runs of spaces and tabs, and markers such as <sep> (added.go).
//  2. What lies between them is split into words: "x += don't" is "x", " +=", " don" and "'t" (words.go).
//  3. Each word starts as single bytes, and neighbours are merged, the pair with the lowest rank first, until no two neighbours
//     have a rank (merge.go). What remains are the tokens. The vocabulary (vocabulary.go) is the list of merges in order of rank.
//
// Most words of code are one token and found by one look-up; the others are merged once and then remembered (cache.go).
// The work is proportional to the length of the text for any text, except for a logarithm in words of more than 128 bytes.
package tokenizer

import (
	"hash/maphash"
	"math"
)

// Tokenizer is the CodeGen2 tokenizer. It is safe for concurrent use.
type Tokenizer struct {
	vocabulary *vocabulary
	cache      cache
	lines      lineCounts
}

// New returns a tokenizer. The first one loads the vocabulary, which takes about 3 ms and 2 MB; all share it. The words that a tokenizer
// remembers (at most 2 MB of them, and the sizes of lines) are its own, so a process does best with one.
func New() *Tokenizer {
	return &Tokenizer{vocabulary: sharedVocabulary(), lines: lineCounts{seed: maphash.MakeSeed()}}
}

// Count returns the number of tokens of text.
func (t *Tokenizer) Count(text string) int {
	count := 0
	for line := range lines(text) {
		count += t.lines.count(line, t.countWords)
	}
	return count
}

func (t *Tokenizer) countWords(text string) int {
	_, count := t.measure(text, math.MaxInt)
	return count
}

// Encode returns the ids of the tokens of text, 0 to 51199. The bytes of invalid UTF-8 are tokens like any others.
func (t *Tokenizer) Encode(text string) []int {
	var scratch [cachedWord]uint16
	ids := make([]int, 0, len(text)/3)
	for word, added := range words(text) {
		for _, id := range t.tokens(word, added, scratch[:0]) {
			ids = append(ids, int(id))
		}
	}
	return ids
}

// Decode returns the text of ids. Bytes that are not UTF-8, such as half a character, become U+FFFD, one for every maximal invalid
// subsequence. Ids that name no token have no text.
func (t *Tokenizer) Decode(ids []int) string {
	var text []byte
	for _, id := range ids {
		if id >= 0 && id < vocabularySize {
			text = append(text, t.vocabulary.text(uint16(id))...)
		}
	}
	return replaceInvalid(string(text))
}

// measure returns the number of tokens of text, at most limit, and the number of bytes that they cover.
func (t *Tokenizer) measure(text string, limit int) (size, count int) {
	var scratch [cachedWord]uint16
	for word, added := range words(text) {
		ids := t.tokens(word, added, scratch[:0])
		if count+len(ids) > limit {
			for _, id := range ids[:limit-count] {
				size += len(t.vocabulary.text(id))
			}
			return size, limit
		}
		size += len(word)
		count += len(ids)
	}
	return size, count
}

// tokens returns the tokens of one word, or of an added token. The result may lie in scratch, an empty slice with room for cachedWord
// ids, and must not be changed.
func (t *Tokenizer) tokens(word string, added bool, scratch []uint16) []uint16 {
	if added {
		return append(scratch, addedID(word))
	}
	hash := t.vocabulary.hash(word)
	if id, ok := t.vocabulary.lookup(word, hash); ok {
		return append(scratch, id)
	}
	if len(word) > cachedWord {
		return mergeLong(t.vocabulary.bytes(word, nil), t.vocabulary.merge)
	}
	if ids := t.cache.get(word, hash); ids != nil {
		return ids
	}
	ids := mergeShort(t.vocabulary.bytes(word, scratch), t.vocabulary)
	t.cache.put(word, hash, ids)
	return ids
}
