package chat

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/llm"
)

// asked is a provider that notes the call and says nothing.
type asked struct {
	ref llm.Ref
	req llm.Request
}

func (a *asked) Resolve(ref llm.Ref) (llm.Handle, error) {
	a.ref = ref
	return llm.Handle{Model: a}, nil
}

func (a *asked) Generate(_ context.Context, req llm.Request) (llm.Stream, error) {
	a.req = req
	return llm.Of(llm.Chunk{Text: "fine"}), nil
}

func TestAQuestionReachesItsModel(t *testing.T) {
	conversation := []llm.Message{{Role: llm.System, Content: "Be terse."}, {Role: llm.User, Content: "Hi"}}
	server := llm.Server{URL: "http://models/v1", Key: "key"}
	params := &Params{StopSequences: []string{"X"}, Temperature: 0.7, MaxTokens: 8192}
	temperature := 0.7
	for _, tc := range []struct {
		name     string
		question Question
		ref      llm.Ref
		req      llm.Request
	}{
		{
			"a text is a text for Anthropic, with the client's parameters",
			Question{Provider: "anthropic", Model: "claude-2.1", Text: "Human: Hi", Params: params},
			llm.Ref{Provider: "anthropic", Name: "claude-2.1", API: llm.Text},
			llm.Request{Prompt: "Human: Hi", Stop: []string{"X"}, Temperature: &temperature, MaxTokens: 8192, Echo: []llm.Arg{
				{Name: "stop_sequences", Value: []string{"X"}}, {Name: "temperature", Value: 0.7}, {Name: "max_tokens_to_sample", Value: 8192},
			}},
		},
		{
			"messages may ask for 4096 tokens, and a temperature of 0 is none",
			Question{Provider: "anthropic", Model: "claude-3-haiku-20240307", Messages: conversation, Params: &Params{StopSequences: []string{"X"}, MaxTokens: 8192}},
			llm.Ref{Provider: "anthropic", Name: "claude-3-haiku-20240307"},
			llm.Request{Messages: conversation, Stop: []string{"X"}, MaxTokens: 4096, Echo: []llm.Arg{
				{Name: "stop_sequences", Value: []string{"X"}}, {Name: "temperature", Value: 0.0}, {Name: "max_tokens", Value: 4096},
			}},
		},
		{
			"without parameters the model layer chooses",
			Question{Provider: "anthropic", Model: "claude-2.0", Text: "Hi"},
			llm.Ref{Provider: "anthropic", Name: "claude-2.0", API: llm.Text},
			llm.Request{Prompt: "Hi"},
		},
		{
			"a self-hosted model is asked a text as a message, without parameters",
			Question{Provider: "litellm", Model: "mistral", Text: "Hi", Server: server, Identifier: "openai/x", Params: params},
			llm.Ref{Provider: "litellm", Name: "mistral", Server: server, Identifier: "openai/x"},
			llm.Request{Messages: []llm.Message{{Role: llm.User, Content: "Hi"}}, Prompt: "Hi", Timeout: 30 * time.Second},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			models := &asked{}
			answer, err := llm.Collect(NewSingleTurn(models, false).Ask(t.Context(), &tc.question, false))
			if err != nil || answer.Text != "fine" {
				t.Errorf("answer: %q, %v", answer.Text, err)
			}
			if diff := cmp.Diff(tc.ref, models.ref); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(tc.req, models.req); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSelfHostedModelsMayBeKeptFromStreaming(t *testing.T) {
	for _, tc := range []struct {
		provider        string
		disabled, wants bool
	}{{"anthropic", true, true}, {"litellm", true, false}, {"litellm", false, true}} {
		if got := NewSingleTurn(&asked{}, tc.disabled).Streams(&Question{Provider: tc.provider}); got != tc.wants {
			t.Errorf("%s, disabled %v: got %v", tc.provider, tc.disabled, got)
		}
	}
}
