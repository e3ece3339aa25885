package vertex_test

import (
	"testing"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/google"
	"github.com/ai-gateway/ai-gateway/internal/llm/llmtest"
	"github.com/ai-gateway/ai-gateway/internal/llm/vertex"
	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
	"github.com/ai-gateway/ai-gateway/internal/testkit"
)

// withToken are settings whose access token is there already: the tests stop the clock.
func withToken(t *testing.T) *google.Tokens {
	t.Helper()
	tokens := options(t, testkit.NewFakes(t)).Tokens
	if _, err := tokens.Token(t.Context()); err != nil {
		t.Fatal(err)
	}
	return tokens
}

// Section 8.
func TestTextAdapter(t *testing.T) {
	tokens := withToken(t)
	for model, lenient := range map[string][]string{"code-gecko@002": {"{}", "null"}, "code-bison@002": nil} {
		t.Run(model, func(t *testing.T) {
			llmtest.CheckAdapter(t, llmtest.Adapter{
				Provider: func(http *wire.Client, base string) llm.Provider {
					return vertex.NewText(vertex.Options{HTTP: http, Tokens: tokens, BaseURL: base, Project: "p", Location: "l"})
				},
				Ref:       func(string) llm.Ref { return llm.Ref{Name: model} },
				Request:   llm.Request{Prompt: "x"},
				WholeOnly: true,
				Lenient:   lenient, // no prediction is an answer
				NoAnswer:  llmtest.As(llm.Unavailable, 0),
				Silence:   llmtest.As(llm.TimedOut, 0),
			})
		})
	}
}

// The row "vertex_ai" of section 9.10.
func TestClaudeAdapter(t *testing.T) {
	tokens := withToken(t)
	llmtest.CheckAdapter(t, llmtest.Adapter{
		Provider: func(http *wire.Client, base string) llm.Provider {
			return vertex.NewClaude(vertex.Options{HTTP: http, Tokens: tokens, BaseURL: base, Project: "p"})
		},
		Ref:     func(string) llm.Ref { return llm.Ref{Name: sonnet} },
		Request: llm.Request{Prompt: "q"},
		Piece:   `data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a"}}` + "\n\n",
		Garbled: "data: {garbled\n\n",
		Failed: []llmtest.FailedPart{llmtest.Failed(
			`data: {"type":"error","error":{"type":"overloaded_error","message":"m"}}`+"\n\n", llmtest.As(llm.Overloaded, 500),
		)},
		Reconnects: true,
		Refused: map[int]llmtest.Outcome{
			403: llmtest.As(llm.Unauthorized, 500),
			409: llmtest.As(llm.Unavailable, 500),
			413: llmtest.As(llm.Unavailable, 500),
			422: llmtest.As(llm.Unavailable, 500),
			502: llmtest.As(llm.Unavailable, 500),
			504: llmtest.As(llm.Unavailable, 500),
			529: llmtest.As(llm.Overloaded, 500),
		},
		NoAnswer: llmtest.As(llm.Unavailable, 500),
		Silence:  llmtest.As(llm.TimedOut, 408),
	})
}
