package syntax

import "slices"

// Errors are the innermost spans in error, the last first; none when the text has no errors (spec/code-suggestions.md 6.8). A span of
// no length is a place where something is missing.
func (t *Tree) Errors() []Span {
	var innermost []*node
	for i := range t.visited {
		n := &t.visited[i]
		if !n.hasError {
			continue
		}
		innermost = slices.DeleteFunc(innermost, func(outer *node) bool { return outer.start <= n.start && n.end <= outer.end })
		innermost = append(innermost, n)
	}
	var spans []Span
	for _, n := range slices.Backward(innermost) {
		spans = append(spans, n.span())
	}
	return spans
}
