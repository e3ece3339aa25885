package codesuggestions_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions"
	"github.com/ai-gateway/ai-gateway/internal/llm"
)

// FuzzSuggestions holds that no file and no answer upsets the engine, that no choice is empty, and that it cuts no character.
func FuzzSuggestions(f *testing.F) {
	f.Add("a.py", "ruby", "def a():\r\n    '🎉'; ", "}\r\n", "return 'é'\r\n\r\n```", "# x", -1.0)
	f.Add("", "kotlin", "", "\u2028", "\x1c", "*****", -10.0)
	f.Add("a.rb", "", "x = <<"+strings.Repeat("A", 300)+"\n", "", "y", "", 0.0)
	f.Fuzz(func(t *testing.T, name, editor, above, below, first, second string, score float64) {
		file := codesuggestions.File{Name: name, Above: above, Below: below, EditorLanguage: &editor}
		whole := utf8.ValidString(above + below + first + second)
		e := newEngine(t, nil)
		e.says = []llm.Chunk{candidate(0, first, score), candidate(1, second, score)}
		for _, pipeline := range []*codesuggestions.Pipeline{
			e.completion(t, codesuggestions.CompletionRequest{File: file, Context: []string{second}, Advanced: true}),
			e.completion(t, codesuggestions.CompletionRequest{
				File: file, Target: codesuggestions.Target{Provider: "litellm", Model: "m"}, PromptVersion: 2, Context: []string{second},
			}),
			e.generation(t, codesuggestions.GenerationRequest{File: file}),
			e.generation(t, codesuggestions.GenerationRequest{File: file, PromptID: "p"}),
		} {
			suggestion := run(t, pipeline)
			if len(suggestion.Choices) != len(suggestion.Scores) {
				t.Errorf("%d choices, %d scores", len(suggestion.Choices), len(suggestion.Scores))
			}
			for _, choice := range suggestion.Choices {
				if choice == "" || whole && !utf8.ValidString(choice) {
					t.Errorf("choice %q", choice)
				}
			}
		}
		for _, i := range e.inferences {
			if i.PromptLength < i.PromptLengthStripped || i.Output.Length < i.Output.LengthStripped {
				t.Errorf("reported: %+v", i)
			}
		}
	})
}
