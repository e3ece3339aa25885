package openai_test

import (
	"io"
	"strings"
	"testing"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/llmtest"
	"github.com/ai-gateway/ai-gateway/internal/llm/openai"
	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
)

func ask(tb testing.TB, http *wire.Client, provider string, stream bool) (llm.Stream, error) {
	tb.Helper()
	p := openai.New(openai.Options{HTTP: http, AllowServer: true})
	return llmtest.Generate(tb.Context(), tb, p, refAt("http://h", provider, "mistral"), llm.Request{Prompt: "q", Stream: stream})
}

// Whatever a server answers is read without a panic, is valid UTF-8, and means the same however the network cuts it.
func FuzzAnswers(f *testing.F) {
	f.Add(role + delta(`"a\ud83d"`) + delta(`"\ude00"`) + finish + counts + done)
	f.Add(piece(`"a"`) + "\r\ndata: {\"error\": {\"code\": 429.0}}\r\r")
	f.Add(wholeChat)
	f.Add(wholeText)
	f.Add(`{"choices":[{"message":null,"delta":null,"text":null}],"usage":null,"error":false}`)
	f.Fuzz(func(t *testing.T, body string) {
		for _, provider := range []string{"litellm", "openai", "text-completion-openai", "azure"} {
			for _, stream := range []bool{false, true} {
				llmtest.CheckAnswer(t, body, func(http *wire.Client) (llm.Stream, error) { return ask(t, http, provider, stream) })
				answering := llmtest.Answering(func() io.Reader { return strings.NewReader(body) })
				_, err := llmtest.Chunks(ask(t, answering, provider, stream))
				if e := llm.ErrorOf(err); err != nil && (e == nil || e.Status < 400 || e.Status > 599) {
					t.Errorf("got %v", err)
				}
			}
		}
	})
}

func BenchmarkChunk(b *testing.B) {
	b.ReportAllocs()
	stream, err := ask(b, llmtest.Answering(func() io.Reader { return llmtest.Endless(delta(`"some"`) + delta(`" text"`)) }), "openai", true)
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
	v := newVendor(b, llmtest.Answer(200, wholeChat))
	b.ReportAllocs()
	h, err := v.provider().Resolve(v.ref("litellm", "mistral"))
	if err != nil {
		b.Fatal(err)
	}
	req := llm.Request{Messages: []llm.Message{{Role: llm.User, Content: strings.Repeat("x = 1\n", 500)}}}
	for b.Loop() {
		if _, err := llm.Collect(h.Generate(b.Context(), req)); err != nil {
			b.Fatal(err)
		}
		v.Forget()
	}
}
