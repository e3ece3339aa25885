// Package text holds the text primitives of the code suggestions engine and the algorithms that its steps share
// (spec/code-suggestions.md 1.2 and 7).
//
// White space and line boundaries are wider than Go's own notions of them: a unit separator is white space, and a form feed or U+2028
// ends a line. Lengths and columns count code points. Offsets are byte offsets, because they are there to cut a string; the
// specification counts them in code points, which names the same place.
package text

import (
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
	n := len(s)
	for i := 0; i < len(s); {
		if s[i] < utf8.RuneSelf {
			n -= asciiSpace[s[i]]
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		n -= size - 1
		if IsSpace(r) {
			n--
		}
		i += size
	}
	return n
}

// asciiSpace is 1 for the bytes that are white space.
var asciiSpace = func() (table [utf8.RuneSelf]int) {
	for c := range table {
		if IsSpace(rune(c)) {
			table[c] = 1
		}
	}
	return table
}()
