package tokenizer

import (
	"iter"
	"unicode"
	"unicode/utf8"
)

// words splits text into added tokens (true) and, between these, the words that are merged each on its own (false). All of them
// joined are the text again.
func words(text string) iter.Seq2[string, bool] {
	return func(yield func(word string, added bool) bool) {
		for at := 0; at < len(text); {
			start, end := nextAdded(text, at)
			for piece := text[:start]; at < start; {
				next := wordEnd(piece, at)
				if !yield(text[at:next], false) {
					return
				}
				at = next
			}
			if start < end && !yield(text[start:end], true) {
				return
			}
			at = end
		}
	}
}

// wordEnd returns where the word ends that begins at a position of a piece. It is the pattern of GPT-2, alternatives in order, whose
// white-space look-ahead sees no further than the piece:
//
//	's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
func wordEnd(piece string, at int) int {
	if piece[at] == '\'' {
		if size := contraction(piece[at+1:]); size > 0 {
			return at + 1 + size
		}
	}
	first, size := classAt(piece, at)
	if first != space {
		return runEnd(piece, at+size, first)
	}
	if piece[at] == ' ' && at+1 < len(piece) {
		if second, size := classAt(piece, at+1); second != space {
			return runEnd(piece, at+1+size, second)
		}
	}
	end := runEnd(piece, at+size, space)
	if end == len(piece) || end == at+size {
		return end
	}
	_, last := utf8.DecodeLastRuneInString(piece[at:end])
	return end - last // for the word that follows to begin with, if it is a space
}

// contraction returns the length of the English ending that text begins with, where text follows an apostrophe, or 0.
func contraction(text string) int {
	if text == "" {
		return 0
	}
	switch text[0] {
	case 's', 't', 'm', 'd':
		return 1
	}
	if len(text) > 1 {
		switch text[:2] {
		case "re", "ve", "ll":
			return 2
		}
	}
	return 0
}

// runEnd returns where the run of characters of one class ends that goes on at a position.
func runEnd(text string, at int, of class) int {
	for at < len(text) {
		class, size := classAt(text, at)
		if class != of {
			break
		}
		at += size
	}
	return at
}

// class is what the pattern sees in a character.
type class uint8

const (
	other  class = iota
	letter       // \p{L}
	number       // \p{N}
	space        // \s: the Unicode property White_Space, which leaves out U+001C to U+001F (unlike WS of spec/code-suggestions.md 1.2)
)

func classOf(r rune) class {
	switch {
	case unicode.IsLetter(r):
		return letter
	case unicode.IsNumber(r):
		return number
	case unicode.IsSpace(r):
		return space
	}
	return other
}

// classAt returns class and length in bytes of the character at a position. A byte that is not UTF-8 is a character of its own, of
// class other.
func classAt(text string, at int) (class, int) {
	if c := text[at]; isASCII(c) {
		return asciiClass[c], 1
	}
	return wideClassAt(text, at)
}

func wideClassAt(text string, at int) (class, int) {
	r, size := utf8.DecodeRuneInString(text[at:])
	return classOf(r), size
}

// asciiClass has the class of every ASCII character. It is long enough for any byte, so that reading it needs no check.
var asciiClass = func() (table [256]class) {
	for c := range utf8.RuneSelf {
		table[c] = classOf(rune(c))
	}
	return table
}()

func isASCII(c byte) bool { return c < utf8.RuneSelf }
