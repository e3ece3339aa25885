package anthropic_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/anthropic"
	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
)

// memory is a vendor within the process: every answer is 200 and has this body.
type memory func() io.Reader

func (m memory) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(m())}, nil
}

func (m memory) providers() map[string]llm.Provider {
	o := anthropic.Options{HTTP: wire.NewClient(wire.Options{Transport: m}), APIKey: "k"}
	return map[string]llm.Provider{
		"direct": anthropic.NewDirect(o), "prompted": anthropic.NewPrompted(o), "routed": anthropic.NewRouted(o.HTTP),
	}
}

func (m memory) ask(tb testing.TB, provider string, api llm.API, stream bool) ([]llm.Chunk, error) {
	ref := llm.Ref{Name: "claude-2.1", API: api, Server: llm.Server{URL: "http://h"}}
	return chunks(generate(tb.Context(), tb, m.providers()[provider], ref, llm.Request{Prompt: "q", Stream: stream}))
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
					whole, err := memory(func() io.Reader { return strings.NewReader(body) }).ask(t, provider, api, stream)
					cut, cutErr := memory(func() io.Reader { return iotest.OneByteReader(strings.NewReader(body)) }).ask(t, provider, api, stream)
					if diff := cmp.Diff(whole, cut); diff != "" || (err == nil) != (cutErr == nil) {
						t.Errorf("errors %v, %v\n%s", err, cutErr, diff)
					}
					for _, c := range whole {
						if !utf8.ValidString(c.Text) {
							t.Errorf("%q is not UTF-8", c.Text)
						}
					}
					if err != nil && llm.ErrorOf(err) == nil {
						t.Errorf("%v is no *llm.Error", err)
					}
				}
			}
		}
	})
}

// endless repeats a text.
type endless struct {
	text string
	at   int
}

func (e *endless) Read(p []byte) (int, error) {
	n := copy(p, e.text[e.at:])
	e.at = (e.at + n) % len(e.text)
	return n, nil
}

func BenchmarkChunk(b *testing.B) {
	b.ReportAllocs()
	m := memory(func() io.Reader { return &endless{text: delta("some text")} })
	ref := llm.Ref{Name: "claude-2.1"}
	stream, err := generate(b.Context(), b, m.providers()["direct"], ref, llm.Request{Prompt: "q", Stream: true})
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
	v := newVendor(b, answer(200, wholeMessage))
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
		v.forget()
	}
}
