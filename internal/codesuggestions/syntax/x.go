package syntax

// endLineComments ends comments at the end of their line. Rust's documentation comments also take the line feed, and would be blocks of
// two rows.
func (t *Tree) endLineComments() {
	for i := range t.visited {
		n := &t.visited[i]
		if int(n.kind) < len(t.kinds.ways) && t.kinds.ways[n.kind] == skipInside && n.end > n.start && t.source[n.end-1] == '\n' {
			n.end--
			n.endRow--
			n.endColumn = n.startColumn + n.end - n.start
		}
	}
}
