package codesuggestions_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions"
	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/prompt"
)

// pipelineOf names the pipeline that was selected by what it asks (spec/code-suggestions.md 4.1), or says that the request was refused.
func (e *engine) pipelineOf(t *testing.T, err error) string {
	t.Helper()
	var refused *codesuggestions.InvalidError
	switch {
	case errors.As(err, &refused):
		if refused.Detail == "" || len(e.requests) > 0 {
			t.Errorf("refused without a reason, or after a call: %v", err)
		}
		return "refused"
	case err != nil:
		t.Fatal(err)
	case len(e.agents) == 1:
		return "registered " + e.agents[0].id
	}
	ref := e.refs[0]
	return strings.TrimSpace(map[llm.API]string{llm.Text: "text of ", llm.Chat: "chat of "}[ref.API] + ref.Provider)
}

// The combinations of provider, prompt_version and prompt (4.2), those that the contract answers with 500 included: they are refused.
func TestWhichPipelineCompletes(t *testing.T) {
	forms := []struct {
		name    string
		version int
		prompt  *codesuggestions.RawPrompt
	}{
		{"version 1", 1, nil},
		{"version 2, null", 2, nil},
		{"version 2, empty", 2, text("")},
		{"version 2, text", 2, text("x")},
		{"version 3, null", 3, nil},
		{"version 3, no messages", 3, messages()},
		{"version 3, text", 3, text("x")},
		{"version 3, messages", 3, messages(says(llm.User, "x"))},
	}
	const legacy, registered, claude, refused = "text of vertex-ai", "registered code_suggestions/completions", "chat of anthropic", "refused"
	for provider, want := range map[codesuggestions.Provider][]string{
		"":                        {legacy, legacy, legacy, legacy, legacy, legacy, legacy, legacy},
		codesuggestions.VertexAI:  {legacy, legacy, legacy, legacy, legacy, legacy, legacy, legacy},
		codesuggestions.Anthropic: {refused, refused, refused, refused, refused, refused, claude, claude},
		codesuggestions.LiteLLM:   {refused, registered, registered, refused, refused, refused, refused, refused},
		codesuggestions.Codestral: {
			"text of codestral", registered, registered, "text of codestral",
			"text of codestral", "text of codestral", "text of codestral", "text of codestral",
		},
		codesuggestions.Fireworks: {
			"text of fireworks_ai", registered, registered, "text of fireworks_ai",
			"text of fireworks_ai", "text of fireworks_ai", "text of fireworks_ai", "text of fireworks_ai",
		},
	} {
		for i, form := range forms {
			t.Run(string(provider)+"/"+form.name, func(t *testing.T) {
				e := newEngine(t, nil)
				_, err := e.Completion(&codesuggestions.CompletionRequest{
					File: python(), Target: codesuggestions.Target{Provider: provider, Model: "m"}, Caller: e.caller(),
					PromptVersion: form.version, Prompt: form.prompt,
				})
				if got := e.pipelineOf(t, err); got != want[i] {
					t.Errorf("want %s, got %s (%v)", want[i], got, err)
				}
			})
		}
	}
}

// The combinations of provider, prompt_version and prompt_id (4.3).
func TestWhichPipelineGenerates(t *testing.T) {
	forms := []struct {
		name    string
		version int
		id      string
		prompt  *codesuggestions.RawPrompt
	}{
		{"version 1", 1, "", nil},
		{"version 2, empty", 2, "", text("")},
		{"version 2, text", 2, "", text("x")},
		{"version 3, messages", 3, "", messages(says(llm.User, "x"))},
		{"a registered prompt", 2, "p", text("x")},
		{"a registered prompt, version 1", 1, "p", nil},
		{"a registered prompt, version 3", 3, "p", messages(says(llm.User, "x"))},
	}
	const vertex, registered = "text of vertex-ai", "registered p"
	for provider, want := range map[codesuggestions.Provider][]string{
		"":                        {vertex, vertex, vertex, vertex, registered, registered, registered},
		codesuggestions.VertexAI:  {vertex, vertex, vertex, vertex, registered, registered, registered},
		codesuggestions.Codestral: {vertex, vertex, vertex, vertex, registered, registered, registered},
		codesuggestions.Fireworks: {vertex, vertex, vertex, vertex, registered, registered, registered},
		codesuggestions.Anthropic: {
			"text of anthropic", "text of anthropic", "text of anthropic", "chat of anthropic", registered, registered, registered,
		},
		codesuggestions.LiteLLM: {"chat of litellm", "chat of litellm", "chat of litellm", "chat of litellm", registered, registered, registered},
	} {
		for i, form := range forms {
			t.Run(string(provider)+"/"+form.name, func(t *testing.T) {
				e := newEngine(t, nil)
				_, err := e.Generation(&codesuggestions.GenerationRequest{
					File: python(), Target: codesuggestions.Target{Provider: provider, Model: "m"}, Caller: e.caller(),
					PromptVersion: form.version, PromptID: form.id, Prompt: form.prompt,
				})
				if got := e.pipelineOf(t, err); got != want[i] {
					t.Errorf("want %s, got %s (%v)", want[i], got, err)
				}
			})
		}
	}
}

func TestAModelThatIsNotNamedIsAskedFor(t *testing.T) {
	e := newEngine(t, nil)
	for provider, prompt := range map[codesuggestions.Provider]*codesuggestions.RawPrompt{
		codesuggestions.Anthropic: messages(says(llm.User, "x")), codesuggestions.Codestral: nil, codesuggestions.Fireworks: nil,
	} {
		_, err := e.Completion(&codesuggestions.CompletionRequest{
			File: python(), Target: codesuggestions.Target{Provider: provider}, Caller: e.caller(), PromptVersion: 3, Prompt: prompt,
		})
		if err == nil || !strings.Contains(err.Error(), string(provider)+" needs a model_name") {
			t.Errorf("complete with %s: %v", provider, err)
		}
	}
	for _, provider := range []codesuggestions.Provider{codesuggestions.Anthropic, codesuggestions.LiteLLM} {
		_, err := e.Generation(&codesuggestions.GenerationRequest{
			File: python(), Target: codesuggestions.Target{Provider: provider}, Caller: e.caller(), PromptVersion: 3, Prompt: messages(says(llm.User, "x")),
		})
		if err == nil || !strings.Contains(err.Error(), "needs a model_name") {
			t.Errorf("generate with %s: %v", provider, err)
		}
	}
}

// The parameters of each pipeline's call (4.5). What is not here, such as the temperature, is the model's own.
func TestWhatEachPipelineAsks(t *testing.T) {
	server := llm.Server{URL: "http://model.test", Key: "k"}
	claude := messages(says(llm.System, "s"), says(llm.User, "u"))
	fence := "```python\ndef add(a, b):\n    \n```"
	target := func(provider codesuggestions.Provider) codesuggestions.Target {
		return codesuggestions.Target{Provider: provider, Model: "m", Server: server}
	}
	for _, tc := range []struct {
		name string
		pick func(*testing.T, *engine) *codesuggestions.Pipeline
		ref  llm.Ref
		call llm.Request
	}{
		{
			"the default completion model", func(t *testing.T, e *engine) *codesuggestions.Pipeline {
				return e.completion(t, codesuggestions.CompletionRequest{File: python(), Target: target(""), Choices: 4})
			},
			llm.Ref{Provider: "vertex-ai", Name: "code-gecko@002", API: llm.Text},
			llm.Request{Suffix: new("\n"), Candidates: 4, Timeout: 30 * time.Second, Echo: []llm.Arg{{Name: "candidate_count", Value: 4}}},
		},
		{
			"Claude completes", func(t *testing.T, e *engine) *codesuggestions.Pipeline {
				return e.completion(t, codesuggestions.CompletionRequest{File: python(), Target: target("anthropic"), PromptVersion: 3, Prompt: claude, Choices: 4})
			},
			llm.Ref{Provider: "anthropic", Name: "m", API: llm.Chat},
			llm.Request{Messages: claude.Messages, Suffix: new("")},
		},
		{
			"Claude completes a text, which is what the user says", func(t *testing.T, e *engine) *codesuggestions.Pipeline {
				return e.completion(t, codesuggestions.CompletionRequest{File: python(), Target: target("anthropic"), PromptVersion: 3, Prompt: text("go on")})
			},
			llm.Ref{Provider: "anthropic", Name: "m", API: llm.Chat},
			llm.Request{Messages: []llm.Message{says(llm.User, "go on")}, Suffix: new("")},
		},
		{
			"Codestral completes", func(t *testing.T, e *engine) *codesuggestions.Pipeline {
				return e.completion(t, codesuggestions.CompletionRequest{File: python(), Target: target("codestral"), PromptVersion: 1, Choices: 4})
			},
			llm.Ref{Provider: "codestral", Name: "m", API: llm.Text, Server: server},
			llm.Request{Prompt: "def add(a, b):\n    ", Suffix: new("\n"), UserID: "user-1"},
		},
		{
			"Fireworks completes", func(t *testing.T, e *engine) *codesuggestions.Pipeline {
				return e.completion(t, codesuggestions.CompletionRequest{File: python(), Target: target("fireworks_ai"), PromptVersion: 1})
			},
			llm.Ref{Provider: "fireworks_ai", Name: "m", API: llm.Text, Server: server},
			llm.Request{Prompt: "def add(a, b):\n    ", Suffix: new("\n"), UserID: "user-1", MaxTokens: 64},
		},
		{
			"Fireworks completes within a limit of the caller's", func(t *testing.T, e *engine) *codesuggestions.Pipeline {
				return e.completion(t, codesuggestions.CompletionRequest{File: python(), Target: target("fireworks_ai"), MaxTokens: 1})
			},
			llm.Ref{Provider: "fireworks_ai", Name: "m", API: llm.Text, Server: server},
			llm.Request{Prompt: "def add(a, b):\n    ", Suffix: new("\n"), UserID: "user-1", MaxTokens: 1},
		},
		{
			"the default model generates", func(t *testing.T, e *engine) *codesuggestions.Pipeline {
				return e.generation(t, codesuggestions.GenerationRequest{File: python(), Target: target("codestral"), PromptVersion: 1})
			},
			llm.Ref{Provider: "vertex-ai", Name: "code-bison@002", API: llm.Text},
			llm.Request{Prompt: fence, Suffix: new(""), Timeout: 30 * time.Second},
		},
		{
			"Claude continues a text", func(t *testing.T, e *engine) *codesuggestions.Pipeline {
				return e.generation(t, codesuggestions.GenerationRequest{File: python(), Target: target("anthropic"), PromptVersion: 2, Prompt: text("\n\nHuman: x\n\nAssistant:")})
			},
			llm.Ref{Provider: "anthropic", Name: "m", API: llm.Text},
			llm.Request{Prompt: "\n\nHuman: x\n\nAssistant:", Suffix: new(""), Stop: []string{"</new_code>", "\n\nHuman:"}},
		},
		{
			"the Claude of old, when none is named", func(t *testing.T, e *engine) *codesuggestions.Pipeline {
				return e.generation(t, codesuggestions.GenerationRequest{
					File: python(), Target: codesuggestions.Target{Provider: "anthropic"}, PromptVersion: 2, Prompt: text(""),
				})
			},
			llm.Ref{Provider: "anthropic", Name: "claude-2.0", API: llm.Text},
			llm.Request{Suffix: new(""), Stop: []string{"</new_code>", "\n\nHuman:"}},
		},
		{
			"Claude answers messages", func(t *testing.T, e *engine) *codesuggestions.Pipeline {
				return e.generation(t, codesuggestions.GenerationRequest{File: python(), Target: target("anthropic"), PromptVersion: 3, Prompt: claude})
			},
			llm.Ref{Provider: "anthropic", Name: "m", API: llm.Chat},
			llm.Request{Messages: claude.Messages, Suffix: new(""), Stop: []string{"</new_code>"}},
		},
		{
			"a self-hosted model is told the text by the user", func(t *testing.T, e *engine) *codesuggestions.Pipeline {
				return e.generation(t, codesuggestions.GenerationRequest{File: python(), Target: target("litellm"), PromptVersion: 2, Prompt: text("sort")})
			},
			llm.Ref{Provider: "litellm", Name: "m", API: llm.Chat, Server: server},
			llm.Request{Prompt: "sort", Messages: []llm.Message{says(llm.User, "sort")}, Suffix: new("")},
		},
		{
			"a self-hosted model answers messages", func(t *testing.T, e *engine) *codesuggestions.Pipeline {
				return e.generation(t, codesuggestions.GenerationRequest{File: python(), Target: target("litellm"), PromptVersion: 3, Prompt: claude})
			},
			llm.Ref{Provider: "litellm", Name: "m", API: llm.Chat, Server: server},
			llm.Request{Messages: claude.Messages, Suffix: new("")},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			e := newEngine(t, nil, "x")
			run(t, tc.pick(t, e))
			if diff := cmp.Diff([]llm.Ref{tc.ref}, e.refs); diff != "" {
				t.Error(diff)
			}
			got := e.asked(t)
			if tc.ref.Name == "code-gecko@002" {
				if !strings.HasSuffix(got.Prompt, "\ndef add(a, b):\n    ") || !strings.HasPrefix(got.Prompt, "# ") {
					t.Errorf("want a header and the code, got %q", got.Prompt)
				}
				got.Prompt = ""
			}
			if diff := cmp.Diff(tc.call, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWhatARegisteredPromptGets(t *testing.T) {
	metadata := &prompt.ModelMetadata{Name: "mistral", Provider: "custom_openai", Endpoint: "http://model.test"}
	target := codesuggestions.Target{Provider: codesuggestions.LiteLLM, Model: "mistral", Metadata: metadata}
	without := python()
	without.Below = ""
	ruby := codesuggestions.File{Name: "app.vue", Above: "x", Below: "y", EditorLanguage: new("Ruby")}

	for _, tc := range []struct {
		name string
		pick func(*testing.T, *engine) *codesuggestions.Pipeline
		want map[string]any
	}{
		{
			"completions: the code around the cursor", func(t *testing.T, e *engine) *codesuggestions.Pipeline {
				return e.completion(t, codesuggestions.CompletionRequest{File: python(), Target: target, PromptVersion: 2})
			}, map[string]any{"prefix": "def add(a, b):\n    ", "suffix": "\n"},
		},
		{
			"completions: an absent suffix is empty", func(t *testing.T, e *engine) *codesuggestions.Pipeline {
				return e.completion(t, codesuggestions.CompletionRequest{File: without, Target: target, PromptVersion: 2})
			}, map[string]any{"prefix": "def add(a, b):\n    ", "suffix": ""},
		},
		{
			"completions: code context in front", func(t *testing.T, e *engine) *codesuggestions.Pipeline {
				return e.completion(t, codesuggestions.CompletionRequest{File: without, Target: target, PromptVersion: 2, Context: []string{"import a", "import b"}})
			}, map[string]any{"prefix": "import a\nimport b\ndef add(a, b):\n    ", "suffix": ""},
		},
		{
			"generations: the instruction, and all that is above the cursor", func(t *testing.T, e *engine) *codesuggestions.Pipeline {
				return e.generation(t, codesuggestions.GenerationRequest{File: ruby, Target: target, PromptVersion: 2, PromptID: "p", Prompt: text("sort")})
			}, map[string]any{"prefix": "x", "instruction": "sort", "language": "Ruby", "file_name": "app.vue"},
		},
		{
			"generations: no language and an empty instruction", func(t *testing.T, e *engine) *codesuggestions.Pipeline {
				return e.generation(t, codesuggestions.GenerationRequest{File: python(), Target: target, PromptVersion: 2, PromptID: "p", Prompt: text("")})
			}, map[string]any{"prefix": "def add(a, b):\n    ", "instruction": "", "language": nil, "file_name": "add.py"},
		},
		{
			"generations: without a prompt of the client's, the code in a fence", func(t *testing.T, e *engine) *codesuggestions.Pipeline {
				return e.generation(t, codesuggestions.GenerationRequest{File: python(), Target: target, PromptVersion: 1, PromptID: "p"})
			}, map[string]any{
				"prefix": "def add(a, b):\n    ", "instruction": "```python\ndef add(a, b):\n    \n```", "language": nil, "file_name": "add.py",
			},
		},
		{
			"generations: what the client adds counts most", func(t *testing.T, e *engine) *codesuggestions.Pipeline {
				return e.generation(t, codesuggestions.GenerationRequest{
					File: python(), Target: target, PromptVersion: 1, PromptID: "p", Prompt: text("sort"),
					Enhancer: map[string]any{"prefix": "mine", "libraries": []any{"os"}, "file_name": nil},
				})
			}, map[string]any{"prefix": "mine", "instruction": "sort", "language": nil, "file_name": nil, "libraries": []any{"os"}},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			e := newEngine(t, nil, "x")
			suggestion := run(t, tc.pick(t, e))
			if diff := cmp.Diff(tc.want, e.asked(t).Variables); diff != "" {
				t.Error(diff)
			}
			if e.agents[0].metadata != metadata {
				t.Errorf("the model is %+v", e.agents[0].metadata)
			}
			if want := (llm.ID{Engine: "agent", Name: "Display Name"}); suggestion.Model != want {
				t.Errorf("it is answered by %+v", suggestion.Model)
			}
		})
	}
}

func TestAMockRepeatsTheCallOfTheDefaultModel(t *testing.T) {
	context := []string{"import a"}
	for _, tc := range []struct {
		name string
		req  codesuggestions.CompletionRequest
		want []llm.Arg
	}{
		{"nothing set", codesuggestions.CompletionRequest{}, nil},
		{"no negative count", codesuggestions.CompletionRequest{Choices: -1}, nil},
		{"a count, then context", codesuggestions.CompletionRequest{Choices: 2, Context: context, Advanced: true}, []llm.Arg{{Name: "candidate_count", Value: 2}, {Name: "code_context", Value: context}}},
		{"context that the editor is too old for", codesuggestions.CompletionRequest{Context: context}, nil},
		{"components: always context", codesuggestions.CompletionRequest{Components: true}, []llm.Arg{{Name: "code_context", Value: nil}}},
		{
			"components: context, then a count",
			codesuggestions.CompletionRequest{Components: true, Choices: 2, Context: context, Advanced: true},
			[]llm.Arg{{Name: "code_context", Value: context}, {Name: "candidate_count", Value: 2}},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			e := newEngine(t, nil, "x")
			tc.req.File = python()
			run(t, e.completion(t, tc.req))
			if diff := cmp.Diff(tc.want, e.asked(t).Echo); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestARegisteredPromptThatCannotBeHad(t *testing.T) {
	other := errors.New("a defect")
	for _, tc := range []struct {
		name string
		err  error
		want string // detail of a refusal; "": the error is passed on
	}{
		{"there is none", &prompt.NotFound{ID: "p"}, "There is no registered prompt 'p' for the model 'mistral'"},
		{"self-hosted models are off", prompt.ErrCustomModelsDisabled, "Self-hosted models are disabled: set AIGW_CUSTOM_MODELS__ENABLED=true to allow a model_endpoint"},
		{"it has its own model", prompt.ErrFixedModel, "The registered prompt 'p' does not take another model"},
		{"a defect", other, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			e := newEngine(t, nil)
			e.agentErr = tc.err
			_, err := e.Generation(&codesuggestions.GenerationRequest{
				File: python(), Target: codesuggestions.Target{Model: "mistral"}, Caller: e.caller(), PromptID: "p",
			})
			var refused *codesuggestions.InvalidError
			switch errors.As(err, &refused); {
			case refused == nil && (tc.want != "" || !errors.Is(err, other)):
				t.Errorf("want %q, got %v", tc.want, err)
			case refused != nil && refused.Detail != tc.want:
				t.Errorf("want %q, got %q", tc.want, refused.Detail)
			}
		})
	}
}

func TestARegisteredPromptNeedsItsPermissions(t *testing.T) {
	for held, permitted := range map[string]bool{"complete_code, generate_code": true, "generate_code": false, "": false} {
		e := newEngine(t, nil)
		e.permissions = []string{"complete_code", "generate_code"}
		caller := codesuggestions.Caller{Can: func(up string) bool { return strings.Contains(held, up) }}
		target := codesuggestions.Target{Provider: codesuggestions.LiteLLM, Model: "mistral"}

		_, generation := e.Generation(&codesuggestions.GenerationRequest{File: python(), Target: target, Caller: caller, PromptID: "p"})
		_, completion := e.Completion(&codesuggestions.CompletionRequest{File: python(), Target: target, Caller: caller, PromptVersion: 2})
		for id, err := range map[string]error{"p": generation, "code_suggestions/completions": completion} {
			var denied *codesuggestions.PermissionError
			if errors.As(err, &denied); (denied == nil) != permitted || denied != nil && denied.PromptID != id {
				t.Errorf("with %q: %s: %v", held, id, err)
			}
		}
	}
}
