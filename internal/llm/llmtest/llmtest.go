// Package llmtest is what the tests of adapters have in common.
package llmtest

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
)

// Client is a client that notes how long it should wait between attempts, and does not wait.
type Client struct {
	*wire.Client
	transport *http.Transport

	mu    sync.Mutex
	waits []time.Duration
}

// NewClient returns a client whose connections end with the test.
func NewClient(t testing.TB) *Client {
	t.Helper()
	transport := wire.NewTransport()
	t.Cleanup(transport.CloseIdleConnections)
	c := &Client{transport: transport}
	c.Client = wire.NewClient(wire.Options{Transport: transport, Sleep: c.note, Random: func() float64 { return 0 }})
	return c
}

func (c *Client) note(_ context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.waits = append(c.waits, d)
	return nil
}

// HTTP is a plain client on the same connections, for a vendor's own library.
func (c *Client) HTTP() *http.Client { return &http.Client{Transport: c.transport} }

// Waits are the waits so far.
func (c *Client) Waits() []time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.waits
}

// Generate asks the model that ref names. The test ends when there is none.
func Generate(ctx context.Context, t testing.TB, p llm.Provider, ref llm.Ref, req llm.Request) (llm.Stream, error) {
	t.Helper()
	h, err := p.Resolve(ref)
	if err != nil {
		t.Fatal(err)
	}
	return h.Generate(ctx, req)
}

// Chunks reads a stream to its end or its error.
func Chunks(stream llm.Stream, err error) ([]llm.Chunk, error) {
	if err != nil {
		return nil, err
	}
	var all []llm.Chunk
	for c, err := range stream {
		if err != nil {
			return all, err
		}
		all = append(all, c)
	}
	return all, nil
}

// Leave takes a chunk of a stream and leaves the range loop.
func Leave(stream llm.Stream) {
	for _, err := range stream {
		_ = err
		break
	}
}

// None is the kind of no error, or of that of a context.
const None llm.Kind = -1

// KindOf is the kind and the status of an error.
func KindOf(err error) (llm.Kind, int) {
	if e := llm.ErrorOf(err); e != nil {
		return e.Kind, e.Status
	}
	return None, 0
}

// CheckChunks compares the pieces of an answer, and the error it ended with, with those that are wanted; kind is [None] where there is none.
func CheckChunks(t testing.TB, want []llm.Chunk, kind llm.Kind, status int, got []llm.Chunk, err error) {
	t.Helper()
	gotKind, gotStatus := KindOf(err)
	if diff := cmp.Diff(want, got); diff != "" || gotKind != kind || gotStatus != status {
		t.Errorf("error %v, status %d\n%s", err, gotStatus, diff)
	}
}

// JSON is what a document holds.
func JSON(t testing.TB, document string) any {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(document), &v); err != nil {
		t.Fatalf("%s: %v", document, err)
	}
	return v
}

// Head picks headers, without the missing ones.
func Head(h http.Header, names ...string) map[string]string {
	head := map[string]string{}
	for _, name := range names {
		if value := h.Get(name); value != "" {
			head[name] = value
		}
	}
	return head
}

// silence is a server that never answers.
type silence struct{}

func (silence) RoundTrip(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

// Silence returns a client of a server that never answers, for tests whose clock is their own.
func Silence() *wire.Client {
	return wire.NewClient(wire.Options{Transport: silence{}, Random: func() float64 { return 0 }})
}

// memory is a server within the process: every answer is 200 and has this body.
type memory func() io.Reader

func (m memory) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(m())}, nil
}

// Answering returns a client of a server within the process: every answer is 200 and has this body.
func Answering(body func() io.Reader) *wire.Client {
	return wire.NewClient(wire.Options{Transport: memory(body)})
}

// Endless repeats a text.
func Endless(text string) io.Reader { return &endless{text: text} }

type endless struct {
	text string
	at   int
}

func (e *endless) Read(p []byte) (int, error) {
	n := copy(p, e.text[e.at:])
	e.at = (e.at + n) % len(e.text)
	return n, nil
}

// Odd cuts a text every seven bytes.
func Odd(s string) (all []string) {
	for len(s) > 7 {
		all, s = append(all, s[:7]), s[7:]
	}
	return append(all, s)
}

// CheckAnswer has a server answer with any bytes: they must be read without a panic, as valid UTF-8, and as the same chunks and errors
// however the network cuts them.
func CheckAnswer(t testing.TB, body string, ask func(*wire.Client) (llm.Stream, error)) {
	t.Helper()
	answer := func(m memory) ([]llm.Chunk, error) { return Chunks(ask(Answering(m))) }
	whole, err := answer(func() io.Reader { return strings.NewReader(body) })
	cut, cutErr := answer(func() io.Reader { return iotest.OneByteReader(strings.NewReader(body)) })
	if diff := cmp.Diff(whole, cut); diff != "" || (err == nil) != (cutErr == nil) {
		t.Errorf("errors %v, %v\n%s", err, cutErr, diff)
	}
	for _, c := range whole {
		if !utf8.ValidString(c.Text) {
			t.Errorf("%q is not UTF-8", c.Text)
		}
	}
	if err != nil && llm.ErrorOf(err) == nil {
		t.Errorf("the error has no kind: %v", err)
	}
}
