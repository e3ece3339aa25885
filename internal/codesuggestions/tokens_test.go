package codesuggestions_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions"
	"github.com/ai-gateway/ai-gateway/internal/llm"
)

func consumed(input, output, sent, used int) *codesuggestions.TokensConsumption {
	return &codesuggestions.TokensConsumption{InputTokens: &input, OutputTokens: &output, ContextTokensSent: &sent, ContextTokensUsed: &used}
}

// What a completion cost (16). The prefix has 9 tokens, the suffix one.
func TestWhatACompletionCost(t *testing.T) {
	context := []string{"import a", "import b c", "def add(a, b):"} // of 2, 3 and 7 tokens; the last one is in the prefix already
	usage := &llm.Usage{InputTokens: 41, OutputTokens: 9}
	target := func(provider codesuggestions.Provider) codesuggestions.Target {
		return codesuggestions.Target{Provider: provider, Model: "m"}
	}
	for _, tc := range []struct {
		name string
		req  codesuggestions.CompletionRequest
		says []llm.Chunk
		want *codesuggestions.TokensConsumption
	}{
		{"the default model counts itself", codesuggestions.CompletionRequest{}, []llm.Chunk{{Text: "return a", Usage: usage}}, consumed(41, 9, 0, 0)},
		{"else the prompt and the answer are counted", codesuggestions.CompletionRequest{}, []llm.Chunk{{Text: "return a"}}, consumed(10, 2, 0, 0)},
		{
			"context: all that was sent, and what the prompt took of it",
			codesuggestions.CompletionRequest{Context: context, Advanced: true},
			[]llm.Chunk{{Text: "return a"}},
			consumed(10, 2, 12, 5),
		},
		{
			"of the first answer that is one",
			codesuggestions.CompletionRequest{},
			[]llm.Chunk{{Text: "# no"}, {Text: "return a + b", Candidate: 1}, {Text: "return b", Candidate: 2}},
			consumed(10, 4, 0, 0),
		},
		{"no choice, no cost", codesuggestions.CompletionRequest{}, []llm.Chunk{{Text: "# no", Usage: usage}}, nil},
		{"nothing said, no cost", codesuggestions.CompletionRequest{}, nil, nil},
		{
			"a text model counts its answer; of the context the first item is counted as sent",
			codesuggestions.CompletionRequest{Target: target("codestral"), Context: context},
			[]llm.Chunk{{Text: "return a", Usage: usage}},
			consumed(10, 9, 2, 14),
		},
		{"or its answer counts as nothing", codesuggestions.CompletionRequest{Target: target("codestral")}, []llm.Chunk{{Text: "return a"}}, consumed(10, 0, 0, 0)},
		{
			"a registered prompt never counts its answer",
			codesuggestions.CompletionRequest{Target: target("litellm"), PromptVersion: 2, Context: context[:1]},
			[]llm.Chunk{{Text: "return a", Usage: usage}},
			consumed(10, 0, 2, 2),
		},
		{
			"neither does Claude",
			codesuggestions.CompletionRequest{Target: target("anthropic"), PromptVersion: 3, Prompt: messages(says(llm.System, "a b"), says(llm.User, "c"))},
			[]llm.Chunk{{Text: "return a", Usage: usage}},
			consumed(2, 0, 0, 0), // "a bc" is counted as one text
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			e := newEngine(t, nil)
			e.says, tc.req.File = tc.says, python()
			suggestion := run(t, e.completion(t, tc.req))
			if diff := cmp.Diff(tc.want, suggestion.Tokens); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTokenEvents(t *testing.T) {
	prompt, response := "tokens_per_user_request_prompt", "tokens_per_user_request_response"
	failure := errors.New("down")
	event := func(action, label string, tokens int) codesuggestions.TokenEvent {
		return codesuggestions.TokenEvent{Action: action, Label: label, Tokens: &tokens}
	}
	completion := func(t *testing.T, e *engine) *codesuggestions.Pipeline {
		return e.completion(t, codesuggestions.CompletionRequest{File: python()})
	}
	generation := func(t *testing.T, e *engine) *codesuggestions.Pipeline {
		return e.generation(t, codesuggestions.GenerationRequest{File: python()})
	}
	instructed := func(t *testing.T, e *engine) *codesuggestions.Pipeline {
		return e.generation(t, codesuggestions.GenerationRequest{File: python(), PromptID: "p", Prompt: text("sort a list")})
	}
	other := func(provider codesuggestions.Provider, version int) func(*testing.T, *engine) *codesuggestions.Pipeline {
		return func(t *testing.T, e *engine) *codesuggestions.Pipeline {
			return e.completion(t, codesuggestions.CompletionRequest{
				File: python(), Target: codesuggestions.Target{Provider: provider, Model: "m"}, PromptVersion: version, Prompt: map[int]*codesuggestions.RawPrompt{3: text("x")}[version],
			})
		}
	}
	for _, tc := range []struct {
		name   string
		pick   func(*testing.T, *engine) *codesuggestions.Pipeline
		says   []llm.Chunk
		stream bool
		fails  error
		want   []codesuggestions.TokenEvent
	}{
		{
			"a completion, as the model counts", completion,
			[]llm.Chunk{{Text: "return a", Usage: &llm.Usage{InputTokens: 41, OutputTokens: 9}}},
			false, nil,
			[]codesuggestions.TokenEvent{event(prompt, "code_completion", 41), event(response, "code_completion", 9)},
		},
		{
			"a completion, as we count", completion,
			[]llm.Chunk{{Text: "return a"}},
			false, nil,
			[]codesuggestions.TokenEvent{event(prompt, "code_completion", 10), event(response, "code_completion", 2)},
		},
		{
			"a completion that was discarded", completion,
			[]llm.Chunk{candidate(0, "return a", -10)},
			false, nil,
			[]codesuggestions.TokenEvent{event(prompt, "code_completion", 10), event(response, "code_completion", 0)},
		},
		{
			"a completion without any answer", completion, nil, false, nil,
			[]codesuggestions.TokenEvent{event(prompt, "code_completion", 0), event(response, "code_completion", 0)},
		},
		{"a completion that fails", completion, nil, false, failure, nil},
		{
			"a generation: the code without its fence, and all that the model said", generation,
			[]llm.Chunk{{Text: "```\nreturn a\n```"}},
			false, nil,
			[]codesuggestions.TokenEvent{event(prompt, "code_generation", 9), event(response, "code_generation", 8)},
		},
		{
			"a generation from an instruction", instructed,
			[]llm.Chunk{{Text: "x"}},
			false, nil,
			[]codesuggestions.TokenEvent{event(prompt, "code_generation", 3), event(response, "code_generation", 1)},
		},
		{"a generation that fails", generation, nil, false, failure, []codesuggestions.TokenEvent{event(prompt, "code_generation", 9)}},
		{
			"a generation, streamed: the pieces, one by one", instructed,
			[]llm.Chunk{{Text: "ret"}, {Text: ""}, {Text: "urn"}},
			true, nil,
			[]codesuggestions.TokenEvent{event(prompt, "code_generation", 3), event(response, "code_generation", 2)},
		},
		{
			"a stream without pieces", instructed, nil, true, nil,
			[]codesuggestions.TokenEvent{event(prompt, "code_generation", 3), event(response, "code_generation", 0)},
		},
		{"a text model's completion", other("codestral", 1), []llm.Chunk{{Text: "x"}}, false, nil, nil},
		{"the same, streamed", other("codestral", 1), []llm.Chunk{{Text: "x"}}, true, nil, nil},
		{"a registered completion", other("litellm", 2), []llm.Chunk{{Text: "x"}}, false, nil, nil},
		{"Claude's completion", other("anthropic", 3), []llm.Chunk{{Text: "x"}}, false, nil, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			e := newEngine(t, nil)
			e.says, e.fails = tc.says, tc.fails
			pipeline := tc.pick(t, e)
			if tc.stream {
				stream(t, pipeline)
			} else if _, err := pipeline.Run(t.Context()); !errors.Is(err, tc.fails) {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, e.events); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAStreamThatIsLeftReportsWhatCameSoFar(t *testing.T) {
	for name, end := range map[string]func(*engine){
		"by the client": func(*engine) {},
		"by the model":  func(e *engine) { e.says, e.breaks = e.says[:1], errors.New("cut off") },
	} {
		t.Run(name, func(t *testing.T) {
			e := newEngine(t, nil)
			e.says = []llm.Chunk{{Text: "return a"}, {Text: "return b"}}
			end(e)
			pipeline := e.generation(t, codesuggestions.GenerationRequest{File: python(), PromptID: "p", Prompt: text("sort")})
			chunks, err := pipeline.Stream(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			pieces := 0
			for _, err := range chunks {
				if pieces++; pieces == 1 && e.breaks == nil {
					break
				}
				if err != nil && (!errors.Is(err, e.breaks) || pieces != 2) {
					t.Errorf("piece %d: %v", pieces, err)
				}
			}
			if last := e.events[len(e.events)-1]; len(e.events) != 2 || *last.Tokens != 2 {
				t.Errorf("reported: %+v", e.events)
			}
		})
	}
}

func TestNobodyHasToListen(t *testing.T) {
	e := newEngine(t, nil, "return a")
	pipeline := func() *codesuggestions.Pipeline {
		p, err := e.Generation(&codesuggestions.GenerationRequest{File: python(), Caller: codesuggestions.Caller{Can: func(string) bool { return true }}})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	run(t, pipeline())
	stream(t, pipeline())
	if len(e.events) != 0 {
		t.Errorf("%+v", e.events)
	}
}
