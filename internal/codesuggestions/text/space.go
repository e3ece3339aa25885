// Package text holds the text primitives of the code suggestions engine and the algorithms that its steps share
// (spec/code-suggestions.md 1.2 and 7).
//
// White space and line boundaries are wider than Go's own notions of them: a unit separator is white space, and a form feed or U+2028
// ends a line. Lengths and columns count code points. Offsets are byte offsets, because they are there to cut a string; the
// specification counts them in code points, which names the same place.
package text

import (
	"math/bits"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Length is the number of code points of s.
func Length(s string) int { return utf8.RuneCountInString(s) }

// IsSpace reports whether r is white space (spec/code-suggestions.md 1.2, WS). U+200B and U+FEFF aren't.
func IsSpace(r rune) bool {
	return unicode.IsSpace(r) || 0x1C <= r && r <= 0x1F
}

// Strip removes white space from both ends of s.
func Strip(s string) string { return strings.TrimFunc(s, IsSpace) }

// StripLeft removes white space from the start of s.
func StripLeft(s string) string { return strings.TrimLeftFunc(s, IsSpace) }

// StripRight removes white space from the end of s.
func StripRight(s string) string { return strings.TrimRightFunc(s, IsSpace) }

// IsBlank reports whether s is white space and nothing else. The empty string isn't blank.
func IsBlank(s string) bool { return s != "" && StripLeft(s) == "" }

// CountNonSpace is the number of code points of s that aren't white space.
func CountNonSpace(s string) int {
	n := 0
	for s != "" {
		if len(s) >= 8 {
			if eight := uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
				uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56; eight&highBits == 0 {
				n += 8 - spacesInASCII(eight)
				s = s[8:]
				continue
			}
		}
		r, size := utf8.DecodeRuneInString(s)
		if !IsSpace(r) {
			n++
		}
		s = s[size:]
	}
	return n
}

const highBits = 0x8080808080808080

// spacesInASCII is how many of eight ASCII characters are white space: U+0009 to U+000D, U+001C to U+0020. Adding 0x80-c to each of them sets
// the highest bit of those that are c or more.
func spacesInASCII(eight uint64) int {
	const each = 0x0101010101010101
	from := func(c uint64) uint64 { return eight + each*(0x80-c) }
	return bits.OnesCount64((from(0x09)&^from(0x0E) | from(0x1C)&^from(0x21)) & highBits)
}
