package llmtest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
	"github.com/ai-gateway/ai-gateway/internal/testkit"
)

// Adapter is what a vendor's adapter does in its own way, for the tests that are the same for all of them.
type Adapter struct {
	Provider func(http *wire.Client, base string) llm.Provider // of a vendor at a base URL
	Ref      func(base string) llm.Ref
	Request  llm.Request // its Stream is the tests'

	WholeOnly bool         // it never asks for a stream
	Piece     string       // as the vendor writes it: an event of a stream whose text is "a"
	Garbled   string       // and one that nobody can read
	Failed    []FailedPart // and those that tell of a failure

	Retries    int  // repetitions of what may pass
	Reconnects bool // a broken connection is tried once more, even without Retries

	Refused  map[int]Outcome // what becomes of statuses of the vendor; others stay what they are, with the kind of [llm.KindOfStatus]
	Lenient  []string        // of the documents that cannot be read, those that count as an answer without text
	Strict   bool            // a stream without an event is an answer that cannot be read, not one without text
	NoAnswer Outcome         // what becomes of a broken connection, and of an answer that cannot be read
	Silence  Outcome         // what becomes of a vendor that says nothing
}

// FailedPart is an event of a stream that tells of a failure, and what becomes of it.
type FailedPart struct {
	Event string
	Outcome
}

// Failed is an event of a stream that tells of a failure.
func Failed(event string, becomes Outcome) FailedPart { return FailedPart{event, becomes} }

// Outcome is the kind and the status of an error.
type Outcome struct {
	Kind   llm.Kind
	Status int
}

// As is an outcome.
func As(kind llm.Kind, status int) Outcome { return Outcome{kind, status} }

// CheckAdapter holds an adapter to what every one of them promises: each failure has its kind and its status, streamed or not, nothing that
// was said before is lost, and the call to the vendor ends with its caller.
func CheckAdapter(t *testing.T, a Adapter) {
	t.Helper()
	c := &check{a, testkit.NewFakes(t)}
	t.Run("a status that is no success", c.statuses)
	t.Run("a vendor that cannot be reached", c.unreachable)
	t.Run("a vendor that says nothing", c.silence)
	t.Run("an answer that cannot be read", c.garbled)
	t.Run("a call whose caller leaves", c.callerLeaves)
	if a.WholeOnly {
		return
	}
	t.Run("a stream that fails", c.failingStreams)
	t.Run("a stream without anything in it", c.emptyStream)
	t.Run("a stream whose reader leaves", c.readerLeaves)
}

type check struct {
	Adapter
	vendor *testkit.Fakes
}

// both runs a test for a whole answer and, if there are any, for a stream.
func (c *check) both(t *testing.T, name string, test func(t *testing.T, stream bool)) {
	t.Helper()
	t.Run(name, func(t *testing.T) { test(t, false) })
	if !c.WholeOnly {
		t.Run(name+", streamed", func(t *testing.T) { test(t, true) })
	}
}

func (c *check) ask(ctx context.Context, t *testing.T, stream bool) (llm.Stream, error) {
	t.Helper()
	req := c.Request
	req.Stream = stream
	return Generate(ctx, t, c.Provider(NewClient(t).Client, c.vendor.URL), c.Ref(c.vendor.URL), req)
}

// want checks an error, and how often the vendor was asked; 0 calls are not counted.
func (c *check) want(t *testing.T, err error, want Outcome, calls int) {
	t.Helper()
	if kind, status := KindOf(err); kind != want.Kind || status != want.Status {
		t.Errorf("want %v and status %d, got status %d: %v", want.Kind, want.Status, status, err)
	}
	if got := len(c.vendor.Calls()); calls != 0 && got != calls {
		t.Errorf("want %d calls, got %d", calls, got)
	}
}

func (c *check) statuses(t *testing.T) {
	passing := map[int]bool{408: true, 409: true, 429: true, 500: true, 502: true, 503: true, 504: true, 529: true}
	for _, status := range []int{400, 401, 403, 404, 408, 409, 413, 422, 429, 500, 502, 503, 504, 529} {
		c.both(t, fmt.Sprint(status), func(t *testing.T, stream bool) {
			c.vendor.Reset(testkit.Script{Status: status, Body: "bad", Headers: map[string]string{"Retry-After": "7"}})
			calls := 1
			if passing[status] {
				calls += c.Retries
			}
			want, listed := c.Refused[status]
			if !listed {
				want = Outcome{llm.KindOfStatus(status), status}
			}
			_, err := c.ask(t.Context(), t, stream)
			c.want(t, err, want, calls)
			if e := llm.ErrorOf(err); e != nil && e.RetryAfter != 7*time.Second {
				t.Errorf("Retry-After was lost: %v", e.RetryAfter)
			}
		})
	}
}

func (c *check) unreachable(t *testing.T) {
	c.both(t, "that hangs up before it answers", func(t *testing.T, stream bool) {
		c.vendor.Reset(testkit.Script{CutHead: true})
		calls := 1 + c.Retries
		if c.Reconnects && calls == 1 {
			calls = 2
		}
		_, err := c.ask(t.Context(), t, stream)
		c.want(t, err, c.NoAnswer, calls)
	})
}

func (c *check) silence(t *testing.T) {
	c.both(t, "for too long", func(t *testing.T, stream bool) {
		synctest.Test(t, func(t *testing.T) {
			req := c.Request
			req.Stream = stream
			_, err := Generate(t.Context(), t, c.Provider(Silence(), "http://h"), c.Ref("http://h"), req)
			c.want(t, err, c.Silence, 0)
		})
	})
}

func (c *check) garbled(t *testing.T) {
	for name, script := range map[string]testkit.Script{
		"<html>":              {Body: "<html>"},
		"half a document":     {Body: `{"content":[{"text":"a`},
		"null":                {Body: "null"},
		"[]":                  {Body: "[]"},
		"{}":                  {Body: "{}"},
		"nothing":             {Events: []string{}, ContentType: "application/json"},
		"less than announced": {Body: `{"a":`, Headers: map[string]string{"Content-Length": "100"}},
	} {
		t.Run(name, func(t *testing.T) {
			c.vendor.Reset(script)
			got, err := Chunks(c.ask(t.Context(), t, false))
			if slices.Contains(c.Lenient, name) {
				c.wantNothing(t, got, err)
				return
			}
			c.want(t, err, c.NoAnswer, 0)
		})
	}
}

func (c *check) wantNothing(t *testing.T, got []llm.Chunk, err error) {
	t.Helper()
	if err != nil || textOf(got) != "" {
		t.Errorf("want an answer without text, got %v, %v", got, err)
	}
}

func (c *check) failingStreams(t *testing.T) {
	fails := func(name string, script testkit.Script, want Outcome) {
		t.Run(name, func(t *testing.T) {
			c.vendor.Reset(script)
			got, err := Chunks(c.ask(t.Context(), t, true))
			c.want(t, err, want, 1)
			if text := textOf(got); text != "a" {
				t.Errorf("want the text before it, got %q", text)
			}
		})
	}
	fails("for its connection breaks", testkit.Script{Events: []string{c.Piece, c.Piece}, CutAt: 1}, c.NoAnswer)
	fails("for nobody can read an event", testkit.Script{Events: []string{c.Piece, c.Garbled}}, c.NoAnswer)
	for i, failed := range c.Failed {
		fails(fmt.Sprintf("for the vendor says so (%d)", i+1), testkit.Script{Events: []string{c.Piece, failed.Event}}, failed.Outcome)
	}
}

func textOf(chunks []llm.Chunk) (text string) {
	for _, c := range chunks {
		text += c.Text
	}
	return text
}

func (c *check) emptyStream(t *testing.T) {
	c.vendor.Reset(testkit.Script{Events: []string{}})
	got, err := Chunks(c.ask(t.Context(), t, true))
	if c.Strict {
		c.want(t, err, c.NoAnswer, 1)
		return
	}
	c.wantNothing(t, got, err)
}

func (c *check) callerLeaves(t *testing.T) {
	c.both(t, "before there is an answer", func(t *testing.T, stream bool) {
		c.vendor.Reset(testkit.Script{Hold: make(chan struct{})})
		ctx, leave := context.WithCancel(t.Context())
		defer leave()
		go func() {
			c.vendor.WaitCalls(t, 1)
			leave()
		}()
		if _, err := c.ask(ctx, t, stream); !errors.Is(err, context.Canceled) || llm.ErrorOf(err) != nil {
			t.Errorf("want the context's error, got %v", err)
		}
		c.vendor.WaitAborted(t, 0)
	})
}

func (c *check) readerLeaves(t *testing.T) {
	for name, use := range map[string]func(t *testing.T, stream llm.Stream, leave func()){
		"by leaving the range loop": func(_ *testing.T, stream llm.Stream, _ func()) { Leave(stream) },
		"by its context": func(t *testing.T, stream llm.Stream, leave func()) {
			for chunk, err := range stream {
				if leave(); err != nil && (!errors.Is(err, context.Canceled) || llm.ErrorOf(err) != nil) {
					t.Errorf("want the context's error, got %v", err)
				}
				if err == nil && chunk.Text != "a" {
					t.Errorf("got %v", chunk)
				}
			}
		},
		"before it has read anything": func(_ *testing.T, _ llm.Stream, leave func()) { leave() },
	} {
		t.Run(name, func(t *testing.T) {
			step := make(chan struct{}, 1)
			step <- struct{}{}
			c.vendor.Reset(testkit.Script{Events: []string{c.Piece, c.Piece}, Step: step})
			ctx, leave := context.WithCancel(t.Context())
			defer leave()
			stream, err := c.ask(ctx, t, true)
			if err != nil {
				t.Fatal(err)
			}
			use(t, stream, leave)
			c.vendor.WaitAborted(t, 0)
		})
	}
}
