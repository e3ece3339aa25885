package syntax

import (
	"strings"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/lang"
)

// Signatures are the texts of the functions without their bodies, nested ones too, in order; none for C#, Java and Kotlin
// (spec/code-suggestions.md 6.4).
//
// A body's text is taken out wherever it occurs in the function. So is the word "end" of a Ruby method. Together the signatures have no
// more than 1 MiB.
func (t *Tree) Signatures() []string {
	return t.collect(func(i int) (string, bool) {
		n := &t.visited[i]
		if t.kinds.role(n)&isFunction == 0 {
			return "", false
		}
		return t.signature(n), true
	})
}

// MayHaveSignatures reports whether it is worth parsing source for its signatures.
func MayHaveSignatures(language lang.Language, source string) bool {
	g := grammars[language]
	return g != nil && g.function != "" && strings.Contains(source, g.functionWord)
}

func (t *Tree) signature(function *node) string {
	signature := t.text(function)
	parts := t.childrenOf(function)
	for i := len(parts) - 1; i >= 0; i-- {
		if t.kinds.role(&parts[i])&isBody != 0 {
			signature = remove(signature, t.text(&parts[i]))
			break
		}
	}
	if len(parts) > 0 && t.kinds.name(&parts[len(parts)-1]) == "end" {
		signature = remove(signature, "end")
	}
	return signature
}

func remove(s, part string) string {
	if part == "" {
		return s
	}
	return strings.ReplaceAll(s, part, "")
}
