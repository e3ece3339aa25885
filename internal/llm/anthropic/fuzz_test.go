package anthropic_test

import (
	"io"
	"strings"
	"testing"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/anthropic"
	"github.com/ai-gateway/ai-gateway/internal/llm/llmtest"
	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
)

func providers(http *wire.Client) map[string]llm.Provider {
	o := anthropic.Options{HTTP: http, APIKey: "k"}
	return map[string]llm.Provider{
		"direct": anthropic.NewDirect(o), "prompted": anthropic.NewPrompted(o), "routed": anthropic.NewRouted(o.HTTP),
	}
}

// Whatever a vendor answers is read without a panic, is valid UTF-8, and means the same however the network cuts it.
func FuzzAnswers(f *testing.F) {
	f.Add(start + delta("a\\ud83d") + delta("\\ude00") + closing + stop)
	f.Add(completed("a", "null") + overloaded)
	f.Add(wholeMessage)
	f.Add(wholeCompletion)
	f.Add("event: message_delta\r\ndata: {\"usage\": null, \"delta\": null}\r\r")
	f.Fuzz(func(t *testing.T, body string) {
		for _, provider := range []string{"direct", "prompted", "routed"} {
			for _, api := range []llm.API{llm.Chat, llm.Text} {
				for _, stream := range []bool{false, true} {
					llmtest.CheckAnswer(t, body, func(http *wire.Client) (llm.Stream, error) {
						req := llm.Request{Prompt: "q", Stream: stream}
						return llmtest.Generate(t.Context(), t, providers(http)[provider], refAt("http://h", "claude-2.1", api), req)
					})
				}
			}
		}
	})
}

func BenchmarkChunk(b *testing.B) {
	b.ReportAllocs()
	http := llmtest.Answering(func() io.Reader { return llmtest.Endless(delta("some text")) })
	stream, err := llmtest.Generate(b.Context(), b, providers(http)["direct"], llm.Ref{Name: "claude-2.1"}, llm.Request{Prompt: "q", Stream: true})
	if err != nil {
		b.Fatal(err)
	}
	n := 0
	for range stream {
		if n++; n == b.N {
			break
		}
	}
}

func BenchmarkCall(b *testing.B) {
	v := newVendor(b, llmtest.Answer(200, wholeMessage))
	b.ReportAllocs()
	h, err := v.direct().Resolve(v.ref("claude-2.1", llm.Chat))
	if err != nil {
		b.Fatal(err)
	}
	req := llm.Request{Messages: []llm.Message{user(strings.Repeat("x = 1\n", 500))}}
	for b.Loop() {
		if _, err := llm.Collect(h.Generate(b.Context(), req)); err != nil {
			b.Fatal(err)
		}
		v.Forget()
	}
}
