package syntax

// Symbols counts the nodes of the kinds that are counted in the text's language, by kind (spec/code-suggestions.md 6.6). Ruby's imports go
// by the name "require".
func (t *Tree) Symbols() map[string]int {
	counts := make(map[string]int)
	for i := range t.visited {
		n := &t.visited[i]
		if t.kinds.role(n)&isSymbol == 0 {
			continue
		}
		switch name := t.kinds.name(n); {
		case name != rubyCall:
			counts[name]++
		case t.isRequire(n):
			counts["require"]++
		}
	}
	return counts
}
