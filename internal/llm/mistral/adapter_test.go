package mistral_test

import (
	"testing"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/llmtest"
	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
)

// Section 9.10: whatever goes wrong has status 500; what the operator must do is the kind.
func TestAdapter(t *testing.T) {
	refused := map[int]llmtest.Outcome{}
	for _, status := range []int{400, 404, 408, 409, 413, 422, 500, 502, 503, 504} {
		refused[status] = llmtest.As(llm.Unavailable, 500)
	}
	for status, kind := range map[int]llm.Kind{401: llm.Unauthorized, 403: llm.Unauthorized, 429: llm.Overloaded, 529: llm.Overloaded} {
		refused[status] = llmtest.As(kind, 500)
	}
	for name, provider := range map[string]func(*wire.Client) llm.Provider{"hosted": hosted, "routed": routed} {
		t.Run(name, func(t *testing.T) {
			llmtest.CheckAdapter(t, llmtest.Adapter{
				Provider:   func(http *wire.Client, _ string) llm.Provider { return provider(http) },
				Ref:        func(base string) llm.Ref { return at(base, "codestral") },
				Request:    llm.Request{Prompt: "x"},
				Piece:      delta(`"a"`),
				Garbled:    "data: {garbled\n\n",
				Failed:     []llmtest.FailedPart{llmtest.Failed("data: {\"error\": {\"message\": \"overloaded\"}}\n\n", llmtest.As(llm.Unavailable, 500))},
				Reconnects: true,
				Refused:    refused,
				NoAnswer:   llmtest.As(llm.Unavailable, 500),
				Silence:    llmtest.As(llm.Unavailable, 500),
			})
		})
	}
}
