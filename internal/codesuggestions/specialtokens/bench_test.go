package specialtokens_test

import (
	"strings"
	"testing"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/specialtokens"
)

// What a completion costs: a filter of its own, and a pass over markup, which is full of what might begin a token.
func BenchmarkCompletion(b *testing.B) {
	answer := strings.Repeat("<td class=\"a\">{items[0].name}</td>\n", 8)
	for _, family := range []string{"general", "codellama", "qwen"} {
		b.Run(family, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				f := specialtokens.Completion(family)
				f.Add(answer)
				f.End()
			}
		})
	}
}
