package openai_test

import (
	"testing"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/llmtest"
	"github.com/ai-gateway/ai-gateway/internal/llm/openai"
	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
)

// Section 9.10.
func TestAdapter(t *testing.T) {
	for _, tc := range []struct {
		provider, piece string
		retries         int
	}{
		{"litellm", delta(`"a"`), 2},
		{"openai", delta(`"a"`), 2},
		{"azure", delta(`"a"`), 2},
		{"groq", delta(`"a"`), 0},
		{"text-completion-openai", piece(`"a"`), 2},
	} {
		t.Run(tc.provider, func(t *testing.T) {
			llmtest.CheckAdapter(t, llmtest.Adapter{
				Provider: func(http *wire.Client, _ string) llm.Provider {
					return openai.New(openai.Options{HTTP: http, AllowServer: true})
				},
				Ref:     func(base string) llm.Ref { return refAt(base, tc.provider, "mistral") },
				Request: llm.Request{Prompt: "q"},
				Piece:   tc.piece,
				Garbled: "data: {garbled\n\n",
				Failed: []llmtest.FailedPart{
					llmtest.Failed("data: {\"error\": {\"message\": \"m\", \"code\": 503}}\n\n", llmtest.As(llm.Unavailable, 503)),
					llmtest.Failed("data: {\"error\": {\"message\": \"m\", \"code\": 429}}\n\n", llmtest.As(llm.Overloaded, 429)),
					llmtest.Failed("data: {\"error\": \"m\"}\n\n", llmtest.As(llm.Refused, 400)),
				},
				Retries:  tc.retries,
				Refused:  map[int]llmtest.Outcome{422: llmtest.As(llm.Refused, 400), 504: llmtest.As(llm.TimedOut, 408)},
				NoAnswer: llmtest.As(llm.Unavailable, 500),
				Silence:  llmtest.As(llm.TimedOut, 408),
			})
		})
	}
}
