package langsmith

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/outbox"
)

// server is a transport that ends at a LangSmith with the given statuses, then with 202.
type server struct {
	mu       sync.Mutex
	statuses []int
	runs     []run
	keys     []string
	urls     []string
}

func (s *server) RoundTrip(r *http.Request) (*http.Response, error) {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	var batch struct{ Post []run }
	if err := json.Unmarshal(raw, &batch); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	status := http.StatusAccepted
	if len(s.statuses) > 0 {
		status, s.statuses = s.statuses[0], s.statuses[1:]
	}
	if status == http.StatusAccepted {
		s.runs = append(s.runs, batch.Post...)
	}
	s.keys, s.urls = append(s.keys, r.Header.Get("X-Api-Key")), append(s.urls, r.URL.String())
	return &http.Response{StatusCode: status, Body: io.NopCloser(strings.NewReader("{}")), Request: r}, nil
}

// counts is a Recorder.
type counts struct {
	mu            sync.Mutex
	sent, dropped int
	reason        string
}

func (c *counts) Sent(n int)  { c.mu.Lock(); defer c.mu.Unlock(); c.sent += n }
func (c *counts) Waiting(int) {}
func (c *counts) Dropped(n int, reason string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.dropped, c.reason = c.dropped+n, reason
}

// fake is a model with a given answer.
type fake struct {
	chunks []llm.Chunk
	refuse error // instead of an answer
	fail   error // after it
	asked  func()
}

func (f fake) Generate(context.Context, llm.Request) (llm.Stream, error) {
	if f.asked != nil {
		f.asked()
	}
	if f.refuse != nil {
		return nil, f.refuse
	}
	return func(yield func(llm.Chunk, error) bool) {
		for _, chunk := range f.chunks {
			if !yield(chunk, nil) {
				return
			}
		}
		if f.fail != nil {
			yield(llm.Chunk{}, f.fail)
		}
	}, nil
}

func options(s *server) Options {
	return Options{
		Endpoint: "https://smith.example/api/", APIKey: "key", Project: "p", All: true,
		CorrelationID: func(context.Context) string { return "c-1" },
		Transport:     s, Recorder: &counts{}, Log: slog.New(slog.DiscardHandler),
	}
}

var (
	about    = Prompt{ID: "chat/react", Name: "Duo Chat", Version: "1.2.0"}
	question = llm.Request{Messages: []llm.Message{{Role: llm.System, Content: "be <brief>"}, {Role: llm.User, Content: "why?"}}, MaxTokens: 7, Stop: []string{"x"}}
	answer   = []llm.Chunk{{Text: "be"}, {Text: "cause"}, {Finish: "stop", Usage: &llm.Usage{InputTokens: 3, OutputTokens: 2}}}
)

// record has one call recorded, and returns its run.
func record(t *testing.T, ctx context.Context, o Options, s *server, model fake) run {
	t.Helper()
	r := New(o)
	h := r.Trace(about, llm.Handle{Model: model, ID: llm.ID{Engine: "anthropic-chat", Name: "claude"}})
	_, _ = llm.Collect(h.Generate(ctx, question))
	if err := r.Close(context.WithoutCancel(ctx)); err != nil {
		t.Error(err)
	}
	if len(s.runs) != 1 {
		t.Fatalf("want one run, got %+v", s.runs)
	}
	return s.runs[0]
}

func TestACallIsARun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &server{}
		began := time.Now().UTC()
		got := record(t, t.Context(), options(s), s, fake{chunks: answer, asked: func() { time.Sleep(2 * time.Second) }})
		want := run{
			Project: "p", Name: "Duo Chat", Type: "llm", Start: began, End: began.Add(2 * time.Second),
			Inputs:  content{Messages: []message{{llm.System, "be <brief>"}, {llm.User, "why?"}}},
			Outputs: content{Messages: []message{{llm.Assistant, "because"}}},
			Events:  []event{{"new_token", began.Add(2 * time.Second)}},
			Extra: extra{metadata{
				Provider: "anthropic", Model: "claude", ModelType: "chat", MaxTokens: 7, Stop: []string{"x"}, Usage: &usage{3, 2, 5},
				PromptID: "chat/react", PromptVersion: "1.2.0", CorrelationID: "c-1",
			}},
		}
		if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(run{}, "ID", "Trace", "Order")); diff != "" {
			t.Error(diff)
		}
		if got.ID == uuid.Nil || got.Trace != got.ID || got.Order != "20000101T000000000000Z"+got.ID.String() {
			t.Errorf("a run of its own has id %s, trace %s, order %s", got.ID, got.Trace, got.Order)
		}
		if s.keys[0] != "key" || s.urls[0] != "https://smith.example/api/runs/batch" {
			t.Errorf("posted to %s with key %s", s.urls, s.keys)
		}
	})
}

func TestARunBelongsToTheClientsRun(t *testing.T) {
	for name, began := range map[string]string{"that began before": root, "whose clock is ahead": "29990101T000000000000Z" + root[len(root)-36:]} {
		synctest.Test(t, func(t *testing.T) {
			parent, ok := ParseParent(began + "." + strings.Replace(child, "2024", began[:4], 1))
			if !ok {
				t.Fatal("no parent")
			}
			time.Sleep(time.Until(time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)))
			s := &server{}
			o := options(s)
			o.All = false
			got := record(t, WithParent(t.Context(), parent), o, s, fake{chunks: answer})
			if got.Parent == nil || *got.Parent != parent.run || got.Trace != parent.trace {
				t.Errorf("%s: parent %v, trace %s", name, got.Parent, got.Trace)
			}
			own, found := strings.CutPrefix(got.Order, parent.order+".")
			if itself, ok := ParseParent(own); !found || !ok || itself.run != got.ID || itself.start.Before(parent.start) || got.End.Before(got.Start) {
				t.Errorf("%s: order %s, from %s to %s", name, got.Order, got.Start, got.End)
			}
		})
	}
}

func TestWithoutAParentNothingIsRecordedUnlessEverythingIs(t *testing.T) {
	s := &server{}
	o := options(s)
	o.All = false
	r := New(o)
	h := r.Trace(about, llm.Handle{Model: fake{chunks: answer}})
	if got, err := llm.Collect(h.Generate(t.Context(), question)); err != nil || got.Text != "because" {
		t.Errorf("the answer is %v, %v", got, err)
	}
	if err := r.Close(t.Context()); err != nil || len(s.urls) > 0 {
		t.Errorf("%v, posted to %s", err, s.urls)
	}
}

func TestWhatIsHiddenIsNotSent(t *testing.T) {
	failure := &llm.Error{Kind: llm.Refused, Vendor: "v", Err: errors.New(`too long: "why?"`)}
	for name, tc := range map[string]struct {
		inputs, outputs bool
		want            run
	}{
		"nothing": {false, false, run{
			Inputs: content{Messages: []message{{llm.System, "be <brief>"}, {llm.User, "why?"}}}, Outputs: content{Messages: []message{{llm.Assistant, "because"}}},
			Error: failure.Error(),
		}},
		"inputs":  {true, false, run{Outputs: content{Messages: []message{{llm.Assistant, "because"}}}, Error: "refused"}},
		"outputs": {false, true, run{Inputs: content{Messages: []message{{llm.System, "be <brief>"}, {llm.User, "why?"}}}, Error: "refused"}},
	} {
		s := &server{}
		o := options(s)
		o.HideInputs, o.HideOutputs = tc.inputs, tc.outputs
		got := record(t, t.Context(), o, s, fake{chunks: answer, fail: failure})
		if diff := cmp.Diff(tc.want, run{Inputs: got.Inputs, Outputs: got.Outputs, Error: got.Error}); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestACallThatFailsOrIsLeftIsARunWithAnError(t *testing.T) {
	t.Run("refused", func(t *testing.T) {
		s := &server{}
		got := record(t, t.Context(), options(s), s, fake{refuse: &llm.Error{Kind: llm.Overloaded, Vendor: "v", Status: 529}})
		if got.Error != "v: overloaded (status 529)" {
			t.Errorf("the error is %q", got.Error)
		}
	})
	t.Run("left while it streams", func(t *testing.T) {
		s := &server{}
		ctx, leave := context.WithCancel(t.Context())
		defer leave()
		r := New(options(s))
		h := r.Trace(about, llm.Handle{Model: fake{chunks: answer}})
		stream, err := h.Generate(ctx, question)
		if err != nil {
			t.Fatal(err)
		}
		for range stream {
			leave()
			break
		}
		closeRecorder(t, r)
		if got := s.runs[0]; got.Error != "the client left" || got.Outputs.Messages[0].Content != "be" {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("left before it is read", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s := &server{}
			ctx, leave := context.WithCancel(t.Context())
			r := New(options(s))
			if _, err := r.Trace(about, llm.Handle{Model: fake{chunks: answer}}).Generate(ctx, question); err != nil {
				t.Fatal(err)
			}
			leave()
			synctest.Wait()
			closeRecorder(t, r)
			if got := s.runs[0]; got.Error != "the client left" || len(got.Outputs.Messages) > 0 {
				t.Errorf("got %+v", got)
			}
		})
	})
}

func closeRecorder(t *testing.T, r *Recorder) {
	t.Helper()
	if err := r.Close(context.Background()); err != nil {
		t.Error(err)
	}
}

func TestATextToContinueIsRecordedAsSuch(t *testing.T) {
	s := &server{}
	r := New(options(s))
	behind := "}"
	h := r.Trace(about, llm.Handle{Model: fake{chunks: answer}, ID: llm.ID{Engine: "litellm-chat", Name: "m"}})
	_, _ = llm.Collect(h.Generate(t.Context(), llm.Request{Prompt: "f(", Suffix: &behind}))
	closeRecorder(t, r)
	if got := s.runs[0]; got.Inputs.Prompt != "f(" || got.Inputs.Suffix != "}" || got.Extra.Metadata.ModelType != "llm" || got.Extra.Metadata.Provider != "litellm" {
		t.Errorf("got %+v", got)
	}
}

// Statuses that will not get better cost the batch, all others are tried again.
func TestRunsOutliveAnOutage(t *testing.T) {
	for status, sent := range map[int]int{http.StatusServiceUnavailable: 1, http.StatusTooManyRequests: 1, http.StatusUnauthorized: 0, http.StatusConflict: 0, http.StatusRequestEntityTooLarge: 0} {
		synctest.Test(t, func(t *testing.T) {
			s, counted := &server{statuses: []int{status}}, &counts{}
			o := options(s)
			o.Recorder = counted
			r := New(o)
			_, _ = llm.Collect(r.Trace(about, llm.Handle{Model: fake{chunks: answer}}).Generate(t.Context(), question))
			time.Sleep(time.Minute)
			closeRecorder(t, r)
			if counted.sent != sent || counted.dropped != 1-sent {
				t.Errorf("%d: %d sent, %d dropped", status, counted.sent, counted.dropped)
			}
		})
	}
}

func TestAHugeRunIsDroppedAndCounted(t *testing.T) {
	counted := &counts{}
	o := options(&server{})
	o.Recorder = counted
	r := New(o)
	_, _ = llm.Collect(r.Trace(about, llm.Handle{Model: fake{}}).Generate(t.Context(), llm.Request{Prompt: strings.Repeat("x", runBytes)}))
	closeRecorder(t, r)
	if counted.dropped != 1 || counted.reason != outbox.TooLarge {
		t.Errorf("%d dropped: %s", counted.dropped, counted.reason)
	}
}

func TestARecorderThatIsOffDoesNothing(t *testing.T) {
	var r *Recorder
	h := llm.Handle{Model: fake{}, ID: llm.ID{Name: "m"}}
	if got := r.Trace(about, h); got.ID != h.ID || got.Model == nil {
		t.Errorf("got %+v", got)
	}
	if _, traced := r.Trace(about, h).Model.(tracedModel); traced {
		t.Error("its models are wrapped")
	}
	closeRecorder(t, r)
}
