package syntax

import (
	"strings"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/lang"
)

// Kinds of imports that are unlike others.
const (
	rubyCall     = "call" // like any other but for what is called
	kotlinImport = "import_header"
)

// Imports are the texts of the imports, nested ones too, in order (spec/code-suggestions.md 6.4). Together they have no more than 1 MiB.
func (t *Tree) Imports() []string {
	return t.collect(func(i int) (string, bool) {
		n := &t.visited[i]
		if !t.isImport(n) {
			return "", false
		}
		return t.source[n.start:t.endOfImport(i)], true
	})
}

// MayHaveImports reports whether it is worth parsing source for its imports.
func MayHaveImports(language lang.Language, source string) bool {
	g := grammars[language]
	return g != nil && strings.Contains(source, g.importWord)
}

func (t *Tree) isImport(n *node) bool {
	if t.kinds.role(n)&isImport == 0 {
		return false
	}
	return t.kinds.name(n) != rubyCall || t.isRequire(n)
}

// endOfImport is where the import ends that is visited as i-th. The specification knows a Kotlin import together with the comments that
// directly follow it, on lines of their own too.
func (t *Tree) endOfImport(i int) uint32 {
	end := t.visited[i].end
	if t.kinds.name(&t.visited[i]) != kotlinImport {
		return end
	}
	for _, n := range t.visited[i+1:] {
		switch {
		case n.start < end: // a part of it
		case t.kinds.role(&n)&isComment != 0:
			end = n.end
		default:
			return end
		}
	}
	return end
}

// isRequire reports whether a call is that of "require" or "require_relative", with arguments and without a receiver.
func (t *Tree) isRequire(call *node) bool {
	parts := t.childrenOf(call)
	if len(parts) != 2 || t.kinds.name(&parts[0]) != "identifier" || t.kinds.name(&parts[1]) != "argument_list" {
		return false
	}
	name := t.text(&parts[0])
	return name == "require" || name == "require_relative"
}
