package fireworks_test

import (
	"testing"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/llmtest"
)

// The first table of section 9.10.
func TestAdapter(t *testing.T) {
	llmtest.CheckAdapter(t, llmtest.Adapter{
		Provider: provider,
		Ref:      func(string) llm.Ref { return ref(qwen) },
		Request:  llm.Request{Prompt: "x"},
		Piece:    piece(`"a"`, ""),
		Garbled:  "data: {garbled\n\n",
		Failed:   []llmtest.FailedPart{llmtest.Failed("data: {\"error\": {\"code\": 503}}\n\n", llmtest.As(llm.Unavailable, 503))},
		Retries:  2,
		Refused:  map[int]llmtest.Outcome{422: llmtest.As(llm.Refused, 400), 504: llmtest.As(llm.TimedOut, 408)},
		NoAnswer: llmtest.As(llm.Unavailable, 500),
		Silence:  llmtest.As(llm.TimedOut, 408),
	})
}
