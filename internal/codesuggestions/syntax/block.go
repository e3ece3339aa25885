package syntax

import "strings"

// Point is a place in a text as the parser counts: rows end with "\n", columns are bytes.
type Point struct {
	Row, Column int
}

// PointAt is the place of an offset in source, in bytes.
func PointAt(source string, offset int) Point {
	before := source[:offset]
	return Point{Row: strings.Count(before, "\n"), Column: len(before) - strings.LastIndexByte(before, '\n') - 1}
}

// Span is a part of a text.
type Span struct {
	Start, End Point
	StartByte  int
	EndByte    int
}

// MinimumBlock is the span, of at least two rows, that holds the target and ends first; of several that end in one place it is the
// innermost. Without one it is the whole text (spec/code-suggestions.md 6.7).
//
// The end decides, not the size: a large block that ends earlier is preferred to a small one that ends later. A span holds the place
// where it ends.
func (t *Tree) MinimumBlock(target Point) Span {
	var block *node
	for i := range t.visited {
		n := &t.visited[i]
		if n.endRow > n.startRow && n.holds(target) && (block == nil || n.end <= block.end) {
			block = n
		}
	}
	if block == nil {
		block = &t.visited[0]
	}
	return block.span()
}

func (n *node) holds(p Point) bool {
	start, end := n.startPoint(), n.endPoint()
	switch p.Row {
	case start.Row:
		return start.Column <= p.Column
	case end.Row:
		return end.Column >= p.Column
	default:
		return start.Row < p.Row && p.Row < end.Row
	}
}

func (n *node) startPoint() Point { return Point{int(n.startRow), int(n.startColumn)} }
func (n *node) endPoint() Point   { return Point{int(n.endRow), int(n.endColumn)} }

func (n *node) span() Span {
	return Span{Start: n.startPoint(), End: n.endPoint(), StartByte: int(n.start), EndByte: int(n.end)}
}
