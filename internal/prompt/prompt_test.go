package prompt

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/llm"
)

// system is the system message of a definition rendered with inputs.
func system(t *testing.T, definitions *Definitions, key string, inputs map[string]any) llm.Message {
	t.Helper()
	d, _ := definitions.Get(key)
	messages, err := d.render(inputs)
	if err != nil {
		t.Fatal(err)
	}
	return messages[0]
}

func TestAPromptAsksItsModel(t *testing.T) {
	definitions := builtIn(t)
	const completions, generations = "code_suggestions/completions", "code_suggestions/generations"
	fim := map[string]any{"prefix": "a", "suffix": "b"}
	selfHosted := func(name, provider, identifier string) *ModelMetadata {
		return &ModelMetadata{Name: name, Provider: provider, Endpoint: "http://vllm/v1/", APIKey: "k", Identifier: identifier}
	}
	server := llm.Server{URL: "http://vllm/v1", Key: "k"}
	instruction := map[string]any{"user_instruction": "Sort it"}
	codestralStop := []string{"[INST]", "[/INST]", "[PREFIX]", "[MIDDLE]", "[SUFFIX]"}

	for _, tc := range []struct {
		name     string
		options  Options
		id       string
		metadata *ModelMetadata
		inputs   map[string]any
		stream   bool
		ref      llm.Ref
		request  llm.Request
		model    llm.ID
	}{
		{
			name: "one message is the text that a text model continues", id: completions,
			metadata: selfHosted("codegemma", "text-completion-openai", ""), inputs: fim,
			ref: llm.Ref{Provider: "text-completion-openai", Name: "codegemma", API: llm.Text, Server: server},
			request: llm.Request{
				Prompt: "<|fim_prefix|>a<|fim_suffix|>b<|fim_middle|>", MaxTokens: 128, Temperature: ptr(0.95), Candidates: 1,
				Stop: []string{"<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>", "<|file_separator|>"}, Timeout: time.Minute,
			},
			model: llm.ID{Engine: "litellm-chat", Name: "codegemma"},
		},
		{
			name: "two messages are one text for a text model", id: completions,
			metadata: selfHosted("codestral", "text-completion-openai", ""), inputs: fim, stream: true,
			ref: llm.Ref{Provider: "text-completion-openai", Name: "codestral", API: llm.Text, Server: server},
			request: llm.Request{
				Prompt:    system(t, definitions, completions+"/codestral", fim).Content + "\n\n<s>[SUFFIX]b[PREFIX]a",
				MaxTokens: 64, Temperature: ptr(0.32), Candidates: 1, Stop: codestralStop, Timeout: time.Minute, Stream: true,
			},
			model: llm.ID{Engine: "litellm-chat", Name: "codestral"},
		},
		{
			name: "an identifier chooses provider and model, metrics keep the definition's", id: completions,
			metadata: selfHosted("codestral", "text-completion-openai", "my-deployment"), inputs: fim,
			ref: llm.Ref{Provider: "custom_openai", Name: "my-deployment", Server: server},
			request: llm.Request{
				Messages:  []llm.Message{system(t, definitions, completions+"/codestral", fim), {Role: llm.User, Content: "<s>[SUFFIX]b[PREFIX]a"}},
				MaxTokens: 64, Temperature: ptr(0.32), Candidates: 1, Stop: codestralStop, Timeout: time.Minute,
			},
			model: llm.ID{Engine: "litellm-chat", Name: "codestral"},
		},
		{
			name: "a temperature of zero is sent, no stop list is none", id: completions,
			metadata: selfHosted("deepseekcoder", "openai", "custom_openai/org/model"), inputs: fim,
			ref: llm.Ref{Provider: "custom_openai", Name: "org/model", Server: server},
			request: llm.Request{
				Messages:  []llm.Message{{Role: llm.User, Content: "<｜fim▁begin｜>a<｜fim▁hole｜>b<｜fim▁end｜>"}},
				MaxTokens: 128, Temperature: ptr(0.0), Candidates: 1, Timeout: time.Minute,
			},
			model: llm.ID{Engine: "litellm-chat", Name: "deepseekcoder"},
		},
		{
			name: "the class anthropic is asked with a prefill and 60 seconds", id: generations, inputs: instruction, stream: true,
			ref: llm.Ref{Provider: "anthropic-prompt", Name: "claude-3-5-sonnet-20240620"},
			request: llm.Request{
				Messages: []llm.Message{
					system(t, definitions, generations+"/base", instruction),
					{Role: llm.User, Content: "Sort it"},
					{Role: llm.Assistant, Content: "<new_code>"},
				},
				MaxTokens: 2048, Temperature: ptr(0.2), Stop: []string{"</new_code>"}, Timeout: time.Minute, Retries: ptr(1), Stream: true,
			},
			model: llm.ID{Engine: "anthropic-chat", Name: "claude-3-5-sonnet-20240620"},
		},
		{
			name: "a default variant, without streaming", id: generations,
			options: Options{Defaults: map[string]string{generations: "vertex"}, DisableStreaming: true}, inputs: instruction, stream: true,
			ref: llm.Ref{Provider: "vertex_ai", Name: "claude-3-5-sonnet@20240620", Location: "us-east5"},
			request: llm.Request{
				Messages: []llm.Message{
					system(t, definitions, generations+"/base", instruction),
					{Role: llm.User, Content: "Sort it"},
					{Role: llm.Assistant, Content: "<new_code>"},
				},
				MaxTokens: 2048, Temperature: ptr(0.0), Candidates: 1, Stop: []string{"</new_code>"}, Timeout: 10 * time.Minute,
			},
			model: llm.ID{Engine: "litellm-chat", Name: "claude-3-5-sonnet@20240620"},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			provider := &models{engine: "anthropic-chat", answer: []llm.Chunk{{Text: "x"}, {Text: "y", Finish: "stop"}}}
			tc.options.CustomModels = true
			var metered llm.ID
			tc.options.Watch = func(_ *Prompt, h llm.Handle) llm.Handle {
				metered = h.ID
				return h
			}
			p, err := NewRegistry(definitions, provider, tc.options).Get(tc.id, tc.metadata)
			if err != nil {
				t.Fatal(err)
			}
			answer, err := llm.Collect(p.Generate(context.Background(), tc.inputs, tc.stream))
			if err != nil || answer.Text != "xy" {
				t.Errorf("the answer is %v, %v", answer, err)
			}
			if diff := cmp.Diff([]llm.Ref{tc.ref}, provider.refs); diff != "" {
				t.Errorf("ref: %s", diff)
			}
			if diff := cmp.Diff([]llm.Request{tc.request}, provider.requests); diff != "" {
				t.Errorf("request: %s", diff)
			}
			if diff := cmp.Diff(tc.model, metered); diff != "" {
				t.Errorf("model: %s", diff)
			}
		})
	}
}

func TestParametersThatADefinitionLeavesOut(t *testing.T) {
	head := "name: T\nmodel:\n  name: claude-x\n  params:\n    top_p: 0.5\n    top_k: 3\n    model_class_provider: "
	rest := "\nunit_primitives: []\nprompt_template:\n  user: hi\n"
	definitions := load(t, map[string]string{
		"router/base.yml": head + "litellm" + rest, "direct/base.yml": head + "anthropic" + rest + "params:\n  stop: []\n",
	})
	messages := []llm.Message{{Role: llm.User, Content: "hi"}}
	for id, want := range map[string]struct {
		ref     llm.Ref
		request llm.Request
	}{
		"router": {
			llm.Ref{Provider: "anthropic-prompt", Name: "claude-x"},
			llm.Request{Messages: messages, Temperature: ptr(1.0), Candidates: 1, Timeout: 600 * time.Second},
		},
		"direct": {
			llm.Ref{Provider: "anthropic-prompt", Name: "claude-x"},
			llm.Request{Messages: messages, MaxTokens: 1024, TopP: ptr(0.5), TopK: ptr(3), Stop: []string{}, Timeout: 60 * time.Second, Retries: ptr(1)},
		},
	} {
		provider := &models{}
		p, err := NewRegistry(definitions, provider, Options{}).Get(id, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Generate(context.Background(), nil, false); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want.ref, provider.refs[0]); diff != "" {
			t.Errorf("%s: %s", id, diff)
		}
		if diff := cmp.Diff(want.request, provider.requests[0]); diff != "" {
			t.Errorf("%s: %s", id, diff)
		}
	}
}

func TestNothingIsSentWhenInputsAreWrong(t *testing.T) {
	definitions := load(t, map[string]string{
		"a/base.yml": definition("  system: \"{% if name %}{% include 'p' %}{% endif %}\"\n  user: '{{ name }}, {{ age }}, {{ who.id }}'\n"),
		"p":          "{{ optional }}{{ deep.deeper.deepest }}",
	})
	for name, tc := range map[string]struct {
		inputs map[string]any
		want   error
	}{
		"missing variables are named": {
			map[string]any{"who": 1, "name": "x"},
			&MissingVariables{Key: "a/base", Missing: []string{"age"}, Expected: []string{"age", "name", "who"}, Received: []string{"name", "who"}},
		},
		"no inputs at all": {
			nil,
			&MissingVariables{Key: "a/base", Missing: []string{"age", "name", "who"}, Expected: []string{"age", "name", "who"}},
		},
		"a null is there, and an attribute of nothing is not": {map[string]any{"name": nil, "age": nil, "who": nil}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			provider := &models{}
			p, err := NewRegistry(definitions, provider, Options{}).Get("a", nil)
			if err != nil {
				t.Fatal(err)
			}
			_, err = p.Generate(context.Background(), tc.inputs, true)
			if diff := cmp.Diff(tc.want, err); diff != "" {
				t.Error(diff)
			}
			if tc.want != nil && provider.refs != nil {
				t.Errorf("a model was looked for")
			}
		})
	}

	provider := &models{}
	p, _ := NewRegistry(definitions, provider, Options{}).Get("a", nil)
	_, err := p.Generate(context.Background(), map[string]any{"name": "x", "age": 1, "who": 1, "deep": map[string]any{}}, false)
	var wrong *RenderError
	if text := fmt.Sprint(err); !strings.HasPrefix(text, `render system message of prompt "a/base": `) {
		t.Errorf("the error says %s", text)
	}
	if !errors.As(err, &wrong) || wrong.Key != "a/base" || wrong.Role != "system" || provider.requests != nil {
		t.Errorf("the error is %v, the requests %v", err, provider.requests)
	}
}

func TestErrorsOfModelsComeThrough(t *testing.T) {
	definitions := load(t, map[string]string{"a/m.yml": definition("  user: hi\n")})
	refused := &llm.Error{Kind: llm.Refused, Status: 400}
	provider := &models{err: refused}
	registry := NewRegistry(definitions, provider, Options{CustomModels: true})
	for key, want := range map[string]llm.Kind{"openai": llm.Refused, "nonesuch": llm.NotConfigured} {
		p, err := registry.Get("a", &ModelMetadata{Name: "m", Provider: key})
		if err != nil {
			t.Fatal(err)
		}
		_, err = p.Generate(context.Background(), nil, false)
		if e := llm.ErrorOf(err); e == nil || e.Kind != want {
			t.Errorf("%s: the error is %v", key, err)
		}
	}
}

func TestAMockOfAnthropicKeepsItsNameInMetrics(t *testing.T) {
	p, err := NewRegistry(builtIn(t), &models{engine: "fake-provider"}, Options{}).Get("code_suggestions/generations", nil)
	if err != nil {
		t.Fatal(err)
	}
	model, err := p.Model()
	if err != nil || model.ID.Engine != "fake-provider" || model.InputLimit != 7 {
		t.Errorf("the model is %v, %v", model, err)
	}
}

func TestAPromptTellsWhatItsCallerNeeds(t *testing.T) {
	p, err := NewRegistry(builtIn(t), &models{}, Options{}).Get("code_suggestions/generations", nil)
	if err != nil {
		t.Fatal(err)
	}
	if p.Key() != "code_suggestions/generations/base" || p.Name() != "Claude 3 Code Generations Agent" ||
		strings.Join(p.UnitPrimitives(), " ") != "generate_code" {
		t.Errorf("it is %s, %q, %v", p.Key(), p.Name(), p.UnitPrimitives())
	}
}
