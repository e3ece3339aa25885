package prompt

import (
	"strings"
	"testing"
)

func BenchmarkLoad(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Load(Embedded(), isPrimitive); err != nil {
			b.Fatal(err)
		}
	}
}

// A completion has about 200 microseconds for everything.
func BenchmarkRenderCompletion(b *testing.B) {
	d, _ := builtIn(b).Get("code_suggestions/completions/codegemma")
	inputs := map[string]any{"prefix": strings.Repeat("x = 1\n", 500), "suffix": strings.Repeat("y = 2\n", 100)}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := d.render(inputs); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRenderGeneration(b *testing.B) {
	d, _ := builtIn(b).Get("code_suggestions/generations/base")
	inputs := samples["code_suggestions/generations"].full
	b.ReportAllocs()
	for b.Loop() {
		if _, err := d.render(inputs); err != nil {
			b.Fatal(err)
		}
	}
}
