package anthropic_test

import (
	"testing"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/anthropic"
	"github.com/ai-gateway/ai-gateway/internal/llm/llmtest"
	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
)

func account(http *wire.Client, base string) anthropic.Options {
	return anthropic.Options{HTTP: http, BaseURL: base, APIKey: "sk-ant-test"}
}

// Sections 6.3 and 9.10.
func TestAdapter(t *testing.T) {
	chat := func(base string) llm.Ref { return refAt(base, "claude-2.1", llm.Chat) }
	text := func(base string) llm.Ref { return refAt(base, "claude-2.1", llm.Text) }
	direct := llmtest.Adapter{
		Provider: func(http *wire.Client, base string) llm.Provider { return anthropic.NewDirect(account(http, base)) },
		Ref:      chat, Request: llm.Request{Prompt: "q"},
		Piece:   delta("a"),
		Garbled: "event: content_block_delta\ndata: {garbled\n\n",
		Failed: []llmtest.FailedPart{
			llmtest.Failed(overloaded, llmtest.As(llm.Overloaded, 529)),
			llmtest.Failed("event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"m\"}}\n\n", llmtest.As(llm.Unavailable, 500)),
		},
		Retries:  1,
		NoAnswer: llmtest.As(llm.Unavailable, 0),
		Silence:  llmtest.As(llm.TimedOut, 0),
	}
	completions := direct
	completions.Ref, completions.Piece, completions.Garbled = text, completed("a", "null"), "event: completion\ndata: {garbled\n\n"
	prompted := direct
	prompted.Provider = func(http *wire.Client, base string) llm.Provider { return anthropic.NewPrompted(account(http, base)) }
	prompted.Strict = true
	routed := direct
	routed.Provider = func(http *wire.Client, _ string) llm.Provider { return anthropic.NewRouted(http) }
	routed.Retries, routed.Reconnects = 0, true
	routed.Refused = map[int]llmtest.Outcome{
		403: llmtest.As(llm.Unauthorized, 500),
		409: llmtest.As(llm.Unavailable, 500),
		413: llmtest.As(llm.Refused, 400),
		422: llmtest.As(llm.Unavailable, 500),
		502: llmtest.As(llm.Unavailable, 500),
		504: llmtest.As(llm.Unavailable, 500),
		529: llmtest.As(llm.Overloaded, 500),
	}
	routed.NoAnswer, routed.Silence = llmtest.As(llm.Unavailable, 500), llmtest.As(llm.TimedOut, 408)
	routed.Failed = []llmtest.FailedPart{llmtest.Failed(overloaded, llmtest.As(llm.Overloaded, 500))}

	t.Run("direct messages", func(t *testing.T) { llmtest.CheckAdapter(t, direct) })
	t.Run("direct text completions", func(t *testing.T) { llmtest.CheckAdapter(t, completions) })
	t.Run("prompted", func(t *testing.T) { llmtest.CheckAdapter(t, prompted) })
	t.Run("routed", func(t *testing.T) { llmtest.CheckAdapter(t, routed) })
}
