package bedrock_test

import (
	"testing"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/llmtest"
)

// The row "bedrock" of section 9.10. A bare 403 stays one (docs/compatibility.md).
func TestAdapter(t *testing.T) {
	llmtest.CheckAdapter(t, llmtest.Adapter{
		Provider: provider,
		Ref:      func(string) llm.Ref { return ref(sonnet) },
		Request:  llm.Request{Prompt: "q"},
		Piece:    delta(`"a"`),
		Garbled:  event("contentBlockDelta", "{"),
		Failed: []llmtest.FailedPart{
			llmtest.Failed(exception("throttlingException", `{"message":"slow down"}`), llmtest.As(llm.Overloaded, 429)),
			llmtest.Failed(exception("modelTimeoutException", `{"message":"late"}`), llmtest.As(llm.TimedOut, 408)),
			llmtest.Failed(exception("internalServerException", `{"message":"oh"}`), llmtest.As(llm.Unavailable, 503)),
		},
		Reconnects: true,
		Refused: map[int]llmtest.Outcome{
			409: llmtest.As(llm.Unavailable, 500),
			413: llmtest.As(llm.Unavailable, 500),
			422: llmtest.As(llm.Refused, 400),
			500: llmtest.As(llm.Unavailable, 503),
			502: llmtest.As(llm.Unavailable, 500),
			504: llmtest.As(llm.TimedOut, 408),
			529: llmtest.As(llm.Overloaded, 500),
		},
		NoAnswer: llmtest.As(llm.Unavailable, 500),
		Silence:  llmtest.As(llm.TimedOut, 408),
	})
}
