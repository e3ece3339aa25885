// Package langsmith records the model calls of registered prompts in LangSmith (spec/observability.md 17).
//
// A call is one run of type "llm": the messages that were sent, the answer, tokens and times, posted when the call has ended. So a run holds what
// users write and models answer. A request can bring a [Parent], a run of its client's; its calls become children of that one.
//
// Runs wait for LangSmith in a bounded queue of their own ([outbox]); a request never waits for it. A nil [Recorder], that of a gateway with
// the feature switched off, does nothing and costs nothing.
package langsmith

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/outbox"
)

// Options say where runs go and what is in them.
type Options struct {
	Endpoint string // of LangSmith's API
	APIKey   string // secret; "": none is sent
	Project  string

	All         bool // record every call; else only those of requests that bring a parent
	HideInputs  bool // leave out what is sent to models
	HideOutputs bool // leave out what models answer

	CorrelationID func(context.Context) string // of the request that a call is made for
	Transport     http.RoundTripper
	Recorder      outbox.Recorder
	Log           *slog.Logger
}

// Limits of what waits for LangSmith, and of a request to it.
const (
	queueRuns     = 10_000
	queueBytes    = 32 << 20
	runBytes      = 4 << 20
	batchSize     = 20
	senders       = 2
	flushInterval = 2 * time.Second
)

// refusals are answers of LangSmith that will not get better: a wrong key, a run that it does not understand, has already, or finds too large.
var refusals = []int{http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusConflict, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity}

// Recorder records model calls. It is safe for concurrent use. [Recorder.Close] it, or what is not sent yet is lost.
type Recorder struct {
	options Options
	outbox  *outbox.Outbox[*run]
}

// New returns a recorder at work. It reaches out to nobody before there is a run.
func New(o Options) *Recorder {
	header := http.Header{}
	if o.APIKey != "" {
		header.Set("X-Api-Key", o.APIKey)
	}
	return &Recorder{o, outbox.New(outbox.Config[*run]{
		Items: "runs", URL: strings.TrimRight(o.Endpoint, "/") + "/runs/batch", Header: header, Body: body, Size: func(r **run) int { return (*r).size() },
		Refusals: refusals, MaxItems: queueRuns, MaxBytes: queueBytes, MaxItemBytes: runBytes,
		BatchSize: batchSize, Senders: senders, FlushInterval: flushInterval,
		Transport: o.Transport, Recorder: o.Recorder, Log: o.Log,
	})}
}

// body is what a batch is posted as. The texts come from requests and answers, so whatever they hold has to fit in.
func body(batch []*run, _ time.Time) []byte {
	encoded, _ := json.Marshal(struct { // runs are structs of texts, numbers and times, which have no way to fail
		Post []*run `json:"post"`
	}{batch})
	return encoded
}

// Close sends what waits, until nothing is left or ctx ends. The error says how many runs were lost.
func (r *Recorder) Close(ctx context.Context) error {
	if r == nil {
		return nil
	}
	return r.outbox.Close(ctx)
}

// Prompt says on whose behalf a model is asked.
type Prompt struct {
	ID      string // "chat/react"
	Name    string // for people; the run has it, too
	Version string
}

// Trace returns h with its calls recorded as runs of a prompt.
func (r *Recorder) Trace(p Prompt, h llm.Handle) llm.Handle {
	if r != nil {
		h.Model = tracedModel{h.Model, h.ID, p, r}
	}
	return h
}

type tracedModel struct {
	llm.Model
	id       llm.ID
	prompt   Prompt
	recorder *Recorder
}

// Generate implements [llm.Model].
func (m tracedModel) Generate(ctx context.Context, req llm.Request) (llm.Stream, error) {
	parent, has := parentFrom(ctx)
	if !has && !m.recorder.options.All {
		return m.Model.Generate(ctx, req)
	}
	call := m.recorder.begin(ctx, m, req, parent)
	stream, err := m.Model.Generate(ctx, req)
	if err != nil {
		call.end(err)
		return nil, err
	}
	unread := context.AfterFunc(ctx, func() { call.end(context.Cause(ctx)) }) // of somebody who never reads the stream
	return func(yield func(llm.Chunk, error) bool) {
		reading := unread() // false: the client has left already
		var failure error
		defer func() {
			if failure == nil {
				failure = ctx.Err()
			}
			call.end(failure)
		}()
		for chunk, err := range stream {
			if reading {
				call.take(chunk)
			}
			failure = err
			if !yield(chunk, err) {
				return
			}
		}
	}, nil
}
