package codesuggestions_test

import (
	"strings"
	"testing"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions"
	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/tokenizer"
)

// BenchmarkPipeline measures whole suggestions in a file of 3 KB, from the request to the answer; the model takes no time. The default
// completion model has a benchmark of its own.
func BenchmarkPipeline(b *testing.B) {
	const function = "def low(self, limit=10):\n    # sorted by name\n    found = [s for s, n in self.items if n < limit]\n    return found\n\n"
	file := codesuggestions.File{
		Name: "stock.py", Above: strings.Repeat(function, 30)[:3<<10] + "\n\ndef high(self):\n    ", Below: "\n\ndef middle(self):\n    return 0\n",
	}
	service := codesuggestions.New(codesuggestions.Config{
		Models: legacyModel{"return [s for s, n in self.items if n > 10]\n\ndef f():\n    pass\n"}, Tokens: tokenizer.New(), Recorder: &lastInference{},
	})
	server := codesuggestions.Target{Provider: "litellm", Model: "m"}
	completion := func(req codesuggestions.CompletionRequest) func() (*codesuggestions.Pipeline, error) {
		return func() (*codesuggestions.Pipeline, error) { return service.Completion(&req) }
	}
	generation := func(req codesuggestions.GenerationRequest) func() (*codesuggestions.Pipeline, error) {
		return func() (*codesuggestions.Pipeline, error) { return service.Generation(&req) }
	}
	for _, bm := range []struct {
		name   string
		choose func() (*codesuggestions.Pipeline, error)
	}{
		{"text model", completion(codesuggestions.CompletionRequest{File: file, Target: codesuggestions.Target{Provider: "codestral", Model: "m"}})},
		{
			"Claude completes", completion(codesuggestions.CompletionRequest{
				File: file, Target: codesuggestions.Target{Provider: "anthropic", Model: "m"}, PromptVersion: 3, Prompt: messages(says(llm.User, file.Above)),
			}),
		},
		{"self-hosted model generates", generation(codesuggestions.GenerationRequest{File: file, Target: server, PromptVersion: 1})},
		{"default model generates", generation(codesuggestions.GenerationRequest{File: file, PromptVersion: 1})},
	} {
		b.Run(bm.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				pipeline, err := bm.choose()
				if err != nil {
					b.Fatal(err)
				}
				run(b, pipeline)
			}
		})
	}
}
