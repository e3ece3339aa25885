package codesuggestions_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions"
	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/prompt"
	"github.com/ai-gateway/ai-gateway/internal/tokenizer"
)

// legacyModel answers as the default completion model would.
type legacyModel struct{ answer string }

func (m legacyModel) Resolve(llm.Ref) (llm.Handle, error) {
	return llm.Handle{Model: m, ID: llm.ID{Engine: "vertex-ai", Name: "code-gecko@002"}, InputLimit: 2048}, nil
}

func (m legacyModel) Agent(string, *prompt.ModelMetadata) (codesuggestions.Agent, error) {
	return codesuggestions.Agent{}, nil
}

func (m legacyModel) Generate(context.Context, llm.Request) (llm.Stream, error) {
	return func(yield func(llm.Chunk, error) bool) { yield(llm.Chunk{Text: m.answer}, nil) }, nil
}

// lastInference keeps what it was told last.
type lastInference struct{ last codesuggestions.Inference }

func (r *lastInference) Inference(_ context.Context, i codesuggestions.Inference) { r.last = i }
func (r *lastInference) PostProcessed(context.Context, llm.ID, time.Duration)     {}

func TestLegacyCompletion(t *testing.T) {
	for _, tc := range []struct {
		name            string
		file            codesuggestions.File
		answer          string
		want            []string
		symbols         map[string]int
		countedLanguage string
		log             string
	}{
		{
			name:            "a completion is cut to its block, and the prompt's symbols are counted with the header",
			file:            codesuggestions.File{Name: "a.py", Above: "import os\n\ndef f():\n    "},
			answer:          "return 1\n\ndef g():\n    pass\n",
			want:            []string{"return 1"},
			symbols:         map[string]int{"comment": 1, "import_statement": 1, "function_definition": 1},
			countedLanguage: "python",
		},
		{
			name:            "comments alone are no suggestion",
			file:            codesuggestions.File{Name: "a.py", Above: "x = 1\n"},
			answer:          "# and so on\n",
			symbols:         map[string]int{"comment": 1},
			countedLanguage: "python",
			log:             "removing comments-only completion",
		},
		{
			name:    "the editor's word for a language is enough to parse, but isn't counted",
			file:    codesuggestions.File{Name: "Rakefile", Above: "def f\n  ", EditorLanguage: new("ruby")},
			answer:  "1\nend\nputs f\n",
			want:    []string{"1\nend"},
			symbols: map[string]int{"comment": 1},
		},
		{
			name:   "without a language nothing is parsed, and a warning says so",
			file:   codesuggestions.File{Name: "notes", Above: "x"},
			answer: "y",
			want:   []string{"y"},
			log:    "Failed to parse code: unsupported language",
		},
		{
			name:            "code that nobody can parse is completed, too",
			file:            codesuggestions.File{Name: "a.rb", Above: "require 'a'\nx = <<" + strings.Repeat("A", 300) + "\n"},
			answer:          "y",
			want:            []string{"y"},
			countedLanguage: "ruby",
			log:             "Failed to parse code: the parser failed",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var log bytes.Buffer
			recorder := &lastInference{}
			service := codesuggestions.New(codesuggestions.Config{
				Models: legacyModel{tc.answer}, Tokens: tokenizer.New(), Recorder: recorder, Log: slog.New(slog.NewTextHandler(&log, nil)),
			})
			suggestion := complete(t, service, tc.file)
			if diff := cmp.Diff(tc.want, suggestion.Choices); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(tc.symbols, recorder.last.Symbols); diff != "" {
				t.Error("symbols", diff)
			}
			if recorder.last.CountedLanguage != tc.countedLanguage {
				t.Errorf("it is counted under %q", recorder.last.CountedLanguage)
			}
			if tc.log == "" && log.Len() > 0 || !strings.Contains(log.String(), tc.log) {
				t.Errorf("the log says %s", &log)
			}
		})
	}
}

func BenchmarkLegacyCompletion(b *testing.B) {
	const function = "def low(self, limit=10):\n    # sorted by name\n    found = [s for s, n in self.items if n < limit]\n" +
		"    return found\n\n"
	file := codesuggestions.File{
		Name:  "stock.py",
		Above: ("import os\nimport sys\n\n" + strings.Repeat(function, 30))[:3<<10] + "\n\ndef high(self):\n    ",
		Below: "\n\ndef middle(self):\n    return 0\n",
	}
	service := codesuggestions.New(codesuggestions.Config{
		Models: legacyModel{"return [s for s, n in self.items if n > 10]\n\ndef f():\n    pass\n"}, Tokens: tokenizer.New(), Recorder: &lastInference{},
	})
	b.ReportAllocs()
	for b.Loop() {
		complete(b, service, file)
	}
}

func complete(t testing.TB, service *codesuggestions.Service, file codesuggestions.File) *codesuggestions.Suggestion {
	t.Helper()
	pipeline, err := service.Completion(&codesuggestions.CompletionRequest{File: file})
	if err != nil {
		t.Fatal(err)
	}
	suggestion, err := pipeline.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return suggestion
}
