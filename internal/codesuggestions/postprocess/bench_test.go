package postprocess

import (
	"strings"
	"testing"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/lang"
)

// BenchmarkOperation measures each operation on a completion of six lines behind 3 KB of Python.
func BenchmarkOperation(b *testing.B) {
	const function = "def low(self, limit=10):\n    # sorted by name\n    found = [s for s, n in self.items if n < limit]\n    return found\n\n"
	file := File{
		Prefix:   strings.Repeat(function, 30)[:3<<10] + "\n\ndef high(self):\n    ",
		Suffix:   "\n\ndef middle(self):\n    return 0\n",
		Language: lang.Python,
	}
	const completion = "return [s for s, n in self.items if n > 10]\n\ndef middle(self):\n    # sorted by name\n    return 1\n\ndef middle(self):"
	for _, op := range operations {
		b.Run(op.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := op.apply(completion, file); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("all of a completion", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			Completion(completion, file, nil)
		}
	})
	b.Run("all of a generation", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			Generation(completion, file.Prefix, "litellm")
		}
	})
}
