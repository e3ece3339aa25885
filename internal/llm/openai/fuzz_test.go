package openai_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/openai"
	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
)

// memory is a vendor within the process: every answer is 200 and has this body.
type memory func() io.Reader

func (m memory) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(m())}, nil
}

func (m memory) generate(tb testing.TB, provider string, stream bool) (llm.Stream, error) {
	p := openai.New(openai.Options{HTTP: wire.NewClient(wire.Options{Transport: m}), AllowServer: true})
	ref := llm.Ref{Provider: provider, Name: "mistral", Server: llm.Server{URL: "http://h"}}
	return generate(tb.Context(), tb, p, ref, llm.Request{Prompt: "q", Stream: stream})
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
				whole, err := chunks(memory(func() io.Reader { return strings.NewReader(body) }).generate(t, provider, stream))
				cut, cutErr := chunks(memory(func() io.Reader { return iotest.OneByteReader(strings.NewReader(body)) }).generate(t, provider, stream))
				if diff := cmp.Diff(whole, cut); diff != "" || (err == nil) != (cutErr == nil) {
					t.Errorf("errors %v, %v\n%s", err, cutErr, diff)
				}
				for _, c := range whole {
					if !utf8.ValidString(c.Text) {
						t.Errorf("%q is not UTF-8", c.Text)
					}
				}
				if e := llm.ErrorOf(err); err != nil && (e == nil || e.Status < 400 || e.Status > 599) {
					t.Errorf("got %v", err)
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
	stream, err := memory(func() io.Reader { return &endless{text: delta(`"some"`) + delta(`" text"`)} }).generate(b, "openai", true)
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
	v := newVendor(b, answer(200, wholeChat))
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
		v.forget()
	}
}
