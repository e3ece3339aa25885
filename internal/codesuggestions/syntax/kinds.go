package syntax

import (
	"slices"

	treesitter "github.com/tree-sitter/go-tree-sitter"
)

// role is what a node is taken for.
type role uint8

const (
	isImport role = 1 << iota
	isFunction
	isBody
	isComment
	isSymbol
)

// kindTable has the kinds of a grammar by their numbers.
type kindTable struct {
	names []string
	roles []role
	ways  []uint8 // for the walk, see runtime.h
}

// kinds looks up what the grammar knows its kinds by, once.
func (g *grammar) kinds() *kindTable {
	g.once.Do(func() {
		language := treesitter.NewLanguage(g.language())
		for id := range uint16(language.NodeKindCount()) {
			name := language.NodeKindForId(id)
			if renamed, ok := g.renamed[name]; ok {
				name = renamed
			}
			role := g.roleOf(name, language.NodeKindIsNamed(id))
			g.table.names = append(g.table.names, name)
			g.table.roles = append(g.table.roles, role)
			g.table.ways = append(g.table.ways, g.wayAt(name, role))
		}
	})
	return &g.table
}

// roleOf tells what nodes of a kind are taken for. A keyword can have the name of the node that it starts, as "class" has in Ruby; it
// isn't named, and counts for comments only.
func (g *grammar) roleOf(name string, named bool) role {
	var r role
	add := func(part role, kinds ...string) {
		if slices.Contains(kinds, name) {
			r |= part
		}
	}
	add(isComment, g.comments...)
	if named {
		add(isImport, g.imports...)
		add(isFunction, g.function)
		add(isBody, g.body)
		add(isSymbol, g.symbols...)
	}
	return r
}

func (g *grammar) wayAt(name string, r role) uint8 {
	switch {
	case slices.Contains(g.texts, name):
		return isText
	case name == g.textPart && name != "":
		return skipInText
	case slices.Contains(g.opaque, name):
		return skipInside
	case r&isFunction != 0, r&isImport != 0 && name == rubyCall:
		return keepChildren
	default:
		return 0
	}
}

// role is what a node is taken for. Errors have a kind beyond the table, and no role.
func (t *kindTable) role(n *node) role {
	if int(n.kind) < len(t.roles) {
		return t.roles[n.kind]
	}
	return 0
}

// way is what the walk does at a node.
func (t *kindTable) way(n *node) uint8 {
	if int(n.kind) < len(t.ways) {
		return t.ways[n.kind]
	}
	return 0
}

func (t *kindTable) name(n *node) string {
	if int(n.kind) < len(t.names) {
		return t.names[n.kind]
	}
	return "ERROR"
}
