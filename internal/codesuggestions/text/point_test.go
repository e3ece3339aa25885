package text

import (
	"testing"
	"unicode/utf8"
)

// The contract finds the place to cut a completion by points of a text (7.1, 7.2). This gateway takes the parser's offsets, which are right
// behind text of every script; only the vectors still need points.

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

func TestFirstNonBlank(t *testing.T) {
	for _, tc := range []struct {
		text  string
		start int // bytes
		want  Point
		found bool
	}{
		{"a\n  b", 1, Point{1, 2}, true},
		{"é x", 3, Point{0, 2}, true},
		{"a\r\n b", 1, Point{1, 1}, true},
		{"  \t", 0, Point{}, false},
		{"ab", 1, Point{0, 1}, true},
		{"\n\n", 0, Point{}, false},
	} {
		got, found := FirstNonBlank(tc.text, tc.start)
		if got != tc.want || found != tc.found {
			t.Errorf("FirstNonBlank(%q, %d) = %v, %v", tc.text, tc.start, got, found)
		}
	}
}

func TestOffsetOf(t *testing.T) {
	for _, tc := range []struct {
		text  string
		point Point
		want  int // bytes; -1: not found
	}{
		{"a\nb", Point{1, 1}, 3},
		{"a\n", Point{1, 0}, -1},
		{"a\n\n", Point{1, 0}, 2},
		{"a\n\n", Point{2, 0}, -1},
		{"ab", Point{0, 3}, -1},
		{"a\r\nbc", Point{1, 1}, 3},
		{"a\u000cb\nc", Point{1, 0}, 2},
		{"é", Point{0, 2}, -1},
		{"éa\nb", Point{1, 1}, 5},
		{"", Point{0, 0}, -1},
		{"a", Point{1 << 60, 0}, -1},
	} {
		got, found := OffsetOf(tc.text, tc.point)
		if !found {
			got = -1
		}
		if got != tc.want {
			t.Errorf("OffsetOf(%q, %v) = %d", tc.text, tc.point, got)
		}
	}
}
