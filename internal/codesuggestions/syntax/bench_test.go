package syntax
import ("testing";"strings";"github.com/ai-gateway/ai-gateway/internal/codesuggestions/lang")
func BenchmarkParse(b *testing.B) {
	const function = "def low(self, limit=10):\n    # sorted by name\n    found = [s for s, n in self.items if n < limit]\n    return found\n\n"
	src := "import os\nimport sys\n\n" + strings.Repeat(function, 26)[:3<<10-22]
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(lang.Python, src); err != nil { b.Fatal(err) }
	}
}
