package syntax

import (
	"strings"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/lang"
)

// rubyCall is the kind of Ruby's imports, which are calls like any other but for what they call.
const rubyCall = "call"

// Imports are the texts of the imports, nested ones too, in order (spec/code-suggestions.md 6.4).
func (t *Tree) Imports() []string {
	var imports []string
	for i := range t.visited {
		if n := &t.visited[i]; t.isImport(n) {
			imports = append(imports, t.text(n))
		}
	}
	return imports
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

// isRequire reports whether a call is that of "require" or "require_relative", with arguments and without a receiver.
func (t *Tree) isRequire(call *node) bool {
	parts := t.childrenOf(call)
	if len(parts) != 2 || t.kinds.name(&parts[0]) != "identifier" || t.kinds.name(&parts[1]) != "argument_list" {
		return false
	}
	name := t.text(&parts[0])
	return name == "require" || name == "require_relative"
}
