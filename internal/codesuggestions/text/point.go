package text

import "unicode/utf8"

// Point is a place in a text: rows and columns count from 0, columns in code points. (The points of a parser count columns in bytes.)
type Point struct {
	Row, Column int
}

// FirstNonBlank is the point of the first character of s at or after the offset start that isn't white space; false if there is
// none (spec/code-suggestions.md 7.1). Only a line feed starts a row.
func FirstNonBlank(s string, start int) (Point, bool) {
	var p Point
	for i, r := range s {
		if i >= start && !IsSpace(r) {
			return p, true
		}
		if r == '\n' {
			p = Point{Row: p.Row + 1}
		} else {
			p.Column++
		}
	}
	return Point{}, false
}

// OffsetOf is the offset of a point in s; false if it isn't in s (spec/code-suggestions.md 7.2).
//
// It differs from the inverse of [FirstNonBlank]: every line boundary starts a row and counts as one character, so the offset
// is one character short for each "\r\n" before the point. The row after a final line feed isn't in s.
func OffsetOf(s string, p Point) (int, bool) {
	characters, rest := p.Column, s
	for row := 0; row < p.Row && rest != ""; row++ {
		length, next := firstLine(rest)
		characters += utf8.RuneCountInString(rest[:length]) + 1
		rest = rest[next:]
	}
	if length, _ := firstLine(rest); rest == "" || p.Column > utf8.RuneCountInString(rest[:length]) {
		return 0, false
	}
	return prefixOf(s, characters), true
}

// prefixOf is the length in bytes of the first n code points of s.
func prefixOf(s string, n int) int {
	for i := range s {
		if n == 0 {
			return i
		}
		n--
	}
	return len(s)
}
