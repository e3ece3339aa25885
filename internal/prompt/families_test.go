package prompt

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/llm"
)

// The row of spec/clients.md 19 on model families.
func TestFamiliesWithoutTheirOwnDefinitionAreServedAllTheSame(t *testing.T) {
	definitions := builtIn(t)
	for _, tc := range []struct {
		id, family string
		any        bool
		want       string // key, or nothing
	}{
		{"chat/explain_code", "general", false, "chat/explain_code/base"},
		{"chat/explain_code", "gpt", false, "chat/explain_code/gpt"},
		{"chat/build_reader", "gpt", false, "chat/build_reader/base"},
		{"generate_commit_message", "mistral", false, "generate_commit_message/base"},
		{"resolve_vulnerability", "codestral", false, "resolve_vulnerability/base"},
		{"chat/react", "qwen", false, "chat/react/base"},
		{"model_configuration/check", "gemini", false, "model_configuration/check/general"},
		{"code_suggestions/completions", "llama3", false, "code_suggestions/completions/general"},
		{"code_suggestions/completions", "qwen", false, "code_suggestions/completions/qwen"},
		{"code_suggestions/generations", "mistral_nemo", false, "code_suggestions/generations/general"},
		{"chat/explain_code", "qwen2p5-coder-7b", false, ""},
		{"chat/explain_code", "Mistral", false, ""},
		{"chat/explain_code", "", false, ""},
		{"chat/explain_code", "phi4", false, ""},
		{"chat/explain_code", "phi4", true, "chat/explain_code/base"},
		{"nope", "general", true, ""},
	} {
		registry := NewRegistry(definitions, &models{}, Options{CustomModels: true, AnyFamily: tc.any})
		p, err := registry.Get(tc.id, &ModelMetadata{Name: tc.family, Provider: "openai", Endpoint: "http://vllm/v1", APIKey: "k"})
		got := ""
		var unknown *NotFound
		if err == nil {
			got = p.Key()
		} else if !errors.As(err, &unknown) || unknown.ID != tc.id {
			t.Errorf("%s as %s: %v", tc.id, tc.family, err)
		}
		if got != tc.want {
			t.Errorf("%s as %q: got %s, want %s", tc.id, tc.family, got, tc.want)
		}
	}
}

// A definition for Anthropic's own interface that stands in is asked like one for any server.
func TestADefinitionThatStandsInAsksTheModelOfTheRequest(t *testing.T) {
	provider := &models{engine: "litellm", answer: []llm.Chunk{{Text: "ok"}}}
	registry := NewRegistry(builtIn(t), provider, Options{CustomModels: true})
	metadata := &ModelMetadata{Name: "mistral", Provider: "openai", Endpoint: "http://vllm/v1/", APIKey: "k"}
	p, err := registry.Get("summarize_review", metadata)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := llm.Collect(p.Generate(context.Background(), map[string]any{"draft_notes_content": "Comment: x"}, false)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]llm.Ref{{Provider: "openai", Name: "mistral", Server: llm.Server{URL: "http://vllm/v1", Key: "k"}}}, provider.refs); diff != "" {
		t.Error(diff)
	}
	got := provider.requests[0]
	got.Messages = nil
	if diff := cmp.Diff(llm.Request{Temperature: ptr(1.0), Candidates: 1, Timeout: 10 * time.Minute}, got); diff != "" {
		t.Error(diff)
	}
	model, err := p.Model()
	if err != nil || model.ID != (llm.ID{Engine: "litellm-chat", Name: "claude-3-5-sonnet-20240620"}) {
		t.Errorf("metrics know it as %v, %v", model.ID, err)
	}
}

func TestThePromptOfTheAgentIsAskedByTheAgentOnly(t *testing.T) {
	provider := &models{}
	p, err := NewRegistry(builtIn(t), provider, Options{}).Get("chat/react", nil)
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.Generate(context.Background(), nil, true)
	var wrong *NotSupported
	if !errors.As(err, &wrong) || wrong.ID != "chat/react" || !p.IsAgent() || provider.requests != nil {
		t.Errorf("the error is %v, the requests %v", err, provider.requests)
	}
}

func TestDefinitionsCanBeReplacedWhilePromptsAreUsed(t *testing.T) {
	old := load(t, map[string]string{"a/base.yml": definition("  user: old\n")})
	registry := NewRegistry(old, &models{}, Options{})
	before, err := registry.Get("a", nil)
	if err != nil {
		t.Fatal(err)
	}
	registry.Replace(load(t, map[string]string{"a/base.yml": definition("  user: new\n")}))
	after, err := registry.Get("a", nil)
	if err != nil {
		t.Fatal(err)
	}
	for want, p := range map[string]*Prompt{"old": before, "new": after} {
		messages, err := p.Render(nil)
		if err != nil || messages[0].Content != want {
			t.Errorf("got %v, %v, want %s", messages, err, want)
		}
	}
}

// flaky fails so many times before it answers.
type flaky struct {
	models
	failures int
	kind     llm.Kind
}

func (f *flaky) Resolve(ref llm.Ref) (llm.Handle, error) { return llm.Handle{Model: f}, nil }

func (f *flaky) Generate(ctx context.Context, req llm.Request) (llm.Stream, error) {
	if f.failures--; f.failures >= 0 {
		f.requests = append(f.requests, req)
		return nil, &llm.Error{Kind: f.kind}
	}
	return f.models.Generate(ctx, req)
}

// A call that waited for its turn in vain has waited enough.
func TestACallThatTheGatewayHeldBackIsNotRepeated(t *testing.T) {
	for err, again := range map[error]bool{
		&llm.Error{Kind: llm.Overloaded, Err: llm.ErrHeldBack}: false,
		&llm.Error{Kind: llm.Overloaded, Status: 529}:          true,
	} {
		if worthAnotherRound(err) != again {
			t.Errorf("%v: another round is %v", err, !again)
		}
	}
}

// The rows on max_retries of spec/prompts.md 1.10.
func TestMaxRetriesCountsRoundsOfTheRouterAndRepetitionsOfAnthropic(t *testing.T) {
	yml := func(class, extra string) string {
		return "name: T\nmodel:\n  name: m\n  params:\n    model_class_provider: " + class + "\n" + extra +
			"unit_primitives: []\nprompt_template:\n  user: hi\n"
	}
	second := time.Second
	for name, tc := range map[string]struct {
		yaml     string
		failures int
		kind     llm.Kind
		rounds   int
		pauses   []time.Duration
		retries  *int
		headers  map[string]string
	}{
		"one round is the default":             {yml("litellm", ""), 9, llm.Unavailable, 1, nil, nil, nil},
		"three rounds, with growing pauses":    {yml("litellm", "    max_retries: 3\n"), 9, llm.Overloaded, 3, []time.Duration{4 * second, 4 * second}, nil, nil},
		"null is the client's own":             {yml("litellm", "    max_retries: null\n"), 9, llm.TimedOut, 6, []time.Duration{4 * second, 4 * second, 8 * second, 10 * second, 10 * second}, nil, nil},
		"success ends the rounds":              {yml("litellm", "    max_retries: 3\n"), 1, llm.Unavailable, 2, []time.Duration{4 * second}, nil, nil},
		"a refusal is not repeated":            {yml("litellm", "    max_retries: 3\n"), 9, llm.Refused, 1, nil, nil, nil},
		"Anthropic repeats by itself":          {yml("anthropic", "    max_retries: 3\n"), 9, llm.Unavailable, 1, nil, ptr(3), nil},
		"Anthropic's own number":               {yml("anthropic", "    max_retries: null\n"), 9, llm.Unavailable, 1, nil, nil, nil},
		"headers of the definition go with it": {yml("anthropic", "    default_headers: { anthropic-version: \"2024-01-01\" }\n"), 9, llm.Refused, 1, nil, ptr(1), map[string]string{"anthropic-version": "2024-01-01"}},
	} {
		t.Run(name, func(t *testing.T) {
			model := &flaky{failures: tc.failures, kind: tc.kind}
			var pauses []time.Duration
			registry := NewRegistry(load(t, map[string]string{"a/base.yml": tc.yaml}), model, Options{
				Wait: func(_ context.Context, d time.Duration) error {
					pauses = append(pauses, d)
					return nil
				},
			})
			p, err := registry.Get("a", nil)
			if err != nil {
				t.Fatal(err)
			}
			_, _ = p.Generate(context.Background(), nil, false)
			if len(model.requests) != tc.rounds {
				t.Errorf("there were %d rounds, want %d", len(model.requests), tc.rounds)
			}
			if diff := cmp.Diff(tc.pauses, pauses); diff != "" {
				t.Errorf("pauses: %s", diff)
			}
			if diff := cmp.Diff(tc.retries, model.requests[0].Retries); diff != "" {
				t.Errorf("retries: %s", diff)
			}
			if diff := cmp.Diff(tc.headers, model.requests[0].Headers); diff != "" {
				t.Errorf("headers: %s", diff)
			}
		})
	}
}

func TestAClientThatLeavesEndsTheRounds(t *testing.T) {
	model := &flaky{failures: 9}
	ctx, leave := context.WithCancel(context.Background())
	leave()
	yml := "name: T\nmodel:\n  name: m\n  params:\n    model_class_provider: litellm\n    max_retries: 5\nunit_primitives: []\nprompt_template:\n  user: hi\n"
	p, err := NewRegistry(load(t, map[string]string{"a/base.yml": yml}), model, Options{}).Get("a", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Generate(ctx, nil, false); !errors.Is(err, context.Canceled) || len(model.requests) != 1 {
		t.Errorf("the error is %v after %d rounds", err, len(model.requests))
	}
}
