package codesuggestions_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions"
	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/prompting"
	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/tokenizer"
)

// words is a text of n tokens.
func words(n int) string { return strings.Repeat(" a", n) }

func component(name string, tokens int) prompting.Component {
	return prompting.Component{Name: name, Size: prompting.Size{Length: 2 * tokens, Tokens: tokens}}
}

// How much of the code around the cursor goes into a prompt, by the size of the model's window (8.2, 9.3).
func TestTheCodeAroundTheCursorIsCutToTheWindow(t *testing.T) {
	long := codesuggestions.File{Name: "notes", Above: words(5000), Below: words(5000)}
	context := []string{words(3000), words(3000)}
	for _, tc := range []struct {
		name           string
		provider       codesuggestions.Provider
		window         int
		prefix, suffix int
		used           int // tokens of the context, where there is room
	}{
		{"the default model: 2048 tokens, whatever its window", "", 9999, 1905, 143, 0},
		{"a registered prompt", codesuggestions.LiteLLM, 2048, 1905, 143, 0},
		{"a hosted text model", codesuggestions.Codestral, 1000, 930, 70, 0},
		{"one that has room for context", codesuggestions.Codestral, 16384, 5000, 1146, 6001},
		{"Fireworks: at most three tenths of it", codesuggestions.Fireworks, 16384, 5000, 1146, 4915},
		{"no window at all", codesuggestions.Codestral, -1, 0, 0, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			e := newEngine(t, nil, "x")
			e.limit = tc.window
			version := 1
			if tc.provider == codesuggestions.LiteLLM {
				version = 2
			}
			req := codesuggestions.CompletionRequest{File: long, Target: codesuggestions.Target{Provider: tc.provider, Model: "m"}, PromptVersion: version, Context: context}
			suggestion := run(t, e.completion(t, req))
			want := []prompting.Component{component("prefix", tc.prefix), component("suffix", tc.suffix)}
			if diff := cmp.Diff(want, e.inferences[0].Components); diff != "" {
				t.Error(diff)
			}
			if used := *suggestion.Tokens.ContextTokensUsed; used != tc.used {
				t.Errorf("the context has %d tokens, want %d", used, tc.used)
			}
		})
	}
}

func TestWhoseContextCounts(t *testing.T) {
	messages := messages(says(llm.User, "x"))
	for _, tc := range []struct {
		name string
		req  codesuggestions.CompletionRequest
		want bool
	}{
		{"the default model, asked by a new editor", codesuggestions.CompletionRequest{Advanced: true}, true},
		{"the default model, asked by an old one", codesuggestions.CompletionRequest{}, false},
		{"a text model, asked by an old one", codesuggestions.CompletionRequest{Target: codesuggestions.Target{Provider: "codestral", Model: "m"}}, true},
		{"a registered prompt", codesuggestions.CompletionRequest{Target: codesuggestions.Target{Provider: "litellm", Model: "m"}, PromptVersion: 2}, true},
		{
			"Claude, which gets the client's messages",
			codesuggestions.CompletionRequest{Target: codesuggestions.Target{Provider: "anthropic", Model: "m"}, PromptVersion: 3, Prompt: messages, Advanced: true},
			false,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			e := newEngine(t, nil, "x")
			tc.req.File, tc.req.Context = python(), []string{"import the_context"}
			run(t, e.completion(t, tc.req))
			call := e.asked(t)
			prefix, _ := call.Variables["prefix"].(string)
			if got := strings.Contains(call.Prompt+prefix, "import the_context\n"); got != tc.want {
				t.Errorf("it is in the prompt: %v", got)
			}
		})
	}
}

// A prompt of the client's own is never cut: it fits or is refused, before any call (9.5, 11.4).
func TestTheClientsPromptFitsOrIsRefused(t *testing.T) {
	target := func(provider codesuggestions.Provider) codesuggestions.Target {
		return codesuggestions.Target{Provider: provider, Model: "m"}
	}
	for name, ask := range map[string]func(e *engine, n int) error{
		"Claude completes": func(e *engine, n int) error {
			_, err := e.Completion(&codesuggestions.CompletionRequest{
				File: python(), Target: target("anthropic"), Caller: e.caller(), PromptVersion: 3, Prompt: messages(says(llm.System, words(n-10)), says(llm.User, words(10))),
			})
			return err
		},
		"Claude continues": func(e *engine, n int) error {
			_, err := e.Generation(&codesuggestions.GenerationRequest{File: python(), Target: target("anthropic"), Caller: e.caller(), PromptVersion: 2, Prompt: text(words(n))})
			return err
		},
		"the default model generates": func(e *engine, n int) error {
			_, err := e.Generation(&codesuggestions.GenerationRequest{File: python(), Caller: e.caller(), PromptVersion: 2, Prompt: text(words(n))})
			return err
		},
		"a self-hosted model": func(e *engine, n int) error {
			_, err := e.Generation(&codesuggestions.GenerationRequest{File: python(), Target: target("litellm"), Caller: e.caller(), PromptVersion: 2, Prompt: text(words(n))})
			return err
		},
		"an instruction": func(e *engine, n int) error {
			_, err := e.Generation(&codesuggestions.GenerationRequest{File: python(), Caller: e.caller(), PromptVersion: 2, PromptID: "p", Prompt: text(words(n))})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			e := newEngine(t, nil, "x")
			e.limit = 100
			if err := ask(e, 100); err != nil {
				t.Errorf("100 of 100 tokens: %v", err)
			}
			var refused *codesuggestions.InvalidError
			if err := ask(e, 101); !errors.As(err, &refused) || refused.Detail != "the prompt has 101 tokens, but the model takes no more than 100" {
				t.Errorf("101 of 100 tokens: %v", err)
			}
		})
	}
}

// The default prompt of generations is the end of the code in a Markdown fence, whose tokens count (11.2).
func TestTheDefaultPromptOfGenerations(t *testing.T) {
	for _, tc := range []struct {
		name string
		file codesuggestions.File
		want string
	}{
		{"the label of the language", codesuggestions.File{Name: "a.tsx", Above: "x"}, "```ts\nx\n```"},
		{"that of the editor", codesuggestions.File{Name: "a.vue", Above: "x", EditorLanguage: new("typescript")}, "```ts\nx\n```"},
		{"or the extension", codesuggestions.File{Name: "a.vue", Above: "x", EditorLanguage: new("vue")}, "```vue\nx\n```"},
		{"or nothing", codesuggestions.File{Name: "Makefile", Above: "x"}, "```\nx\n```"},
		{"an empty file", codesuggestions.File{Name: "a.py"}, "```python\n\n```"},
		{"a CRLF is kept", codesuggestions.File{Name: "a.py", Above: "x\r\n"}, "```python\nx\r\n\n```"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			e := newEngine(t, nil, "x")
			run(t, e.generation(t, codesuggestions.GenerationRequest{File: tc.file}))
			if got := e.asked(t).Prompt; got != tc.want {
				t.Errorf("want %q, got %q", tc.want, got)
			}
		})
	}

	e := newEngine(t, nil, "x")
	e.limit = 50
	run(t, e.generation(t, codesuggestions.GenerationRequest{File: codesuggestions.File{Name: "a.py", Above: words(100) + " end"}}))
	got := e.asked(t).Prompt
	if n := tokenizer.New().Count(got); n > 50 || n < 45 || !strings.HasSuffix(got, " a end\n```") {
		t.Errorf("%d tokens: %q", n, got)
	}

	e.limit = 1
	_, err := e.Generation(&codesuggestions.GenerationRequest{File: python(), Caller: e.caller()})
	var refused *codesuggestions.InvalidError
	if !errors.As(err, &refused) {
		t.Errorf("the fence alone is too large: %v", err)
	}
}
