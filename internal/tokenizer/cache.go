package tokenizer

import (
	"slices"
	"strings"
	"sync/atomic"
)

// cachedWord is the length in bytes of the longest word that is remembered. Longer ones are rare and could be anything.
const cachedWord = 128

// cache remembers words that had to be merged. It never grows: a word has one place and drives out whatever was there. Readers and
// writers don't wait for each other.
type cache struct {
	places [4096]atomic.Pointer[mergedWord]
}

type mergedWord struct {
	word string
	ids  []uint16
}

// get returns the tokens of a word, or nil.
func (c *cache) get(word string, hash uint64) []uint16 {
	if found := c.place(hash).Load(); found != nil && found.word == word {
		return found.ids
	}
	return nil
}

// put remembers copies of word and ids.
func (c *cache) put(word string, hash uint64, ids []uint16) {
	// A word is part of a whole request, which the cache must not keep alive.
	c.place(hash).Store(&mergedWord{word: strings.Clone(word), ids: slices.Clone(ids)})
}

func (c *cache) place(hash uint64) *atomic.Pointer[mergedWord] {
	return &c.places[hash%uint64(len(c.places))]
}
