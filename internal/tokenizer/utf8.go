package tokenizer

import (
	"strings"
	"unicode/utf8"
)

// replaceInvalid puts U+FFFD in place of every maximal invalid subsequence (Unicode 3.9, "substitution of maximal subparts"), where
// [strings.ToValidUTF8] would put one for several in a row.
func replaceInvalid(text string) string {
	if utf8.ValidString(text) {
		return text
	}
	var valid strings.Builder
	valid.Grow(len(text) + utf8.UTFMax)
	for at := 0; at < len(text); {
		r, size := utf8.DecodeRuneInString(text[at:])
		if r == utf8.RuneError && size == 1 {
			size = subpart(text[at:])
		}
		valid.WriteRune(r)
		at += size
	}
	return valid.String()
}

// subpart returns the length of the maximal invalid subsequence that text begins with: as many bytes as could be the start of a
// character, at least one.
func subpart(text string) int {
	size, low, high := 0, byte(0x80), byte(0xBF) // of the sequence; of its second byte
	switch first := text[0]; {
	case first >= 0xC2 && first <= 0xDF:
		size = 2
	case first >= 0xE0 && first <= 0xEF:
		size = 3
	case first >= 0xF0 && first <= 0xF4:
		size = 4
	}
	switch text[0] {
	case 0xE0:
		low = 0xA0
	case 0xED:
		high = 0x9F
	case 0xF0:
		low = 0x90
	case 0xF4:
		high = 0x8F
	}
	n := 1
	for n < min(size, len(text)) && text[n] >= low && text[n] <= high {
		low, high = 0x80, 0xBF
		n++
	}
	return n
}
