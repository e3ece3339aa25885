package tokenizer

import (
	"hash/maphash"
	"iter"
	"strings"
	"sync/atomic"
)

// countedLine is the length in bytes of the longest line whose number of tokens is remembered.
const countedLine = 512

// lineCounts remembers how many tokens lines have. Editors send the same file again with every key: all but a line or two of it has been
// counted before.
//
// A place holds the upper 48 bits of a line's hash and its number of tokens. Two lines with the same 48 bits at the same place would pass for
// each other, once in some 10^14 look-ups; the hash has a random seed, so nobody can bring that about.
type lineCounts struct {
	places [1 << 14]atomic.Uint64
	seed   maphash.Seed
}

// count returns the number of tokens of a line, which measure finds out when it isn't remembered.
func (c *lineCounts) count(line string, measure func(string) int) int {
	if len(line) > countedLine {
		return measure(line)
	}
	const tag = 0xFFFF_FFFF_FFFF_0000 // the rest is the number, which is no more than countedLine
	hash := maphash.String(c.seed, line)
	place := &c.places[hash%uint64(len(c.places))]
	if known := place.Load(); known != 0 && known&tag == hash&tag {
		return int(known &^ tag)
	}
	n := measure(line)
	place.Store(hash&tag | uint64(n))
	return n
}

// lines splits text before line feeds, where that makes no difference to its tokens, see [splitsAt]. All of them joined are the text again.
func lines(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		start := 0
		for at := 0; ; at++ {
			next := strings.IndexByte(text[at:], '\n')
			if next < 0 {
				break
			}
			if at += next; !splitsAt(text, at) {
				continue
			}
			if !yield(text[start:at]) {
				return
			}
			start = at
		}
		if start < len(text) {
			yield(text[start:])
		}
	}
}
