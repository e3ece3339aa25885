package observe

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/ai-gateway/ai-gateway/internal/llm"
)

// scripted is a model that opens with an error, or yields its chunks and then an error.
type scripted struct {
	refuse, fail error
	chunks       []llm.Chunk
}

func (s scripted) Generate(context.Context, llm.Request) (llm.Stream, error) {
	if s.refuse != nil {
		return nil, s.refuse
	}
	return func(yield func(llm.Chunk, error) bool) {
		for _, c := range s.chunks {
			if !yield(c, nil) {
				return
			}
		}
		if s.fail != nil {
			yield(llm.Chunk{}, s.fail)
		}
	}, nil
}

func TestACallIsCountedOnce(t *testing.T) {
	broken := errors.New("broken")
	two := []llm.Chunk{{Text: "a"}, {Text: "b"}}
	for _, tc := range []struct {
		name   string
		model  scripted
		leave  bool // after the first chunk
		failed string
	}{
		{"when it ends", scripted{chunks: two}, false, "no"},
		{"when it is refused", scripted{refuse: broken}, false, "yes"},
		{"when it breaks half-way", scripted{chunks: two, fail: broken}, false, "yes"},
		{"when the client leaves the stream", scripted{chunks: two, fail: broken}, true, "no"},
		{"when the client leaves before", scripted{refuse: context.Canceled}, false, "no"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			metrics := NewMetrics()
			models := metrics.Models(Limits{"e": {"n": 7}}, slog.New(slog.NewTextHandler(io.Discard, nil)))
			handle := models.Meter(llm.Handle{Model: tc.model, ID: llm.ID{Engine: "e", Name: "n"}})
			record := &Record{}
			record.Set(FeatureCategory, "duo_chat")

			stream, err := handle.Generate(WithRecord(context.Background(), record), llm.Request{Stream: true})
			if err == nil {
				for _, err := range stream {
					if err != nil || tc.leave {
						break
					}
				}
			}
			got := testutil.ToFloat64(metrics.inferences.WithLabelValues("e", "n", tc.failed, "yes", "duo_chat"))
			if all := testutil.CollectAndCount(metrics.inferences); got != 1 || all != 1 {
				t.Errorf("want one call with error=%s, got %v of %d series", tc.failed, got, all)
			}
			if got := testutil.ToFloat64(metrics.inFlight.WithLabelValues("e", "n")); got != 0 {
				t.Errorf("in flight: want 0, got %v", got)
			}
			if got := testutil.ToFloat64(metrics.maxConcurrent.WithLabelValues("e", "n")); got != 7 {
				t.Errorf("limit: want 7, got %v", got)
			}
		})
	}
}

func TestACallThatIsNoModelsIsCountedTheSameWay(t *testing.T) {
	metrics := NewMetrics()
	models := metrics.Models(Limits{"anthropic": {"claude-2.1": 60}}, slog.New(slog.NewTextHandler(io.Discard, nil)))
	record := &Record{}
	ctx := WithRecord(context.Background(), record)

	ctx, end := models.Begin(ctx, llm.ID{Engine: "anthropic", Name: "claude-2.1"}, true)
	record.Set(FeatureCategory, "duo_chat")
	if n := testutil.ToFloat64(metrics.inFlight.WithLabelValues("anthropic", "claude-2.1")); n != 1 {
		t.Errorf("want one call in flight, got %v", n)
	}
	if n := testutil.ToFloat64(metrics.maxConcurrent.WithLabelValues("anthropic", "claude-2.1")); n != 60 {
		t.Errorf("want the configured limit, got %v", n)
	}
	end(ctx, nil)
	if n := testutil.ToFloat64(metrics.inFlight.WithLabelValues("anthropic", "claude-2.1")); n != 0 {
		t.Errorf("want no call in flight, got %v", n)
	}
	if n := testutil.ToFloat64(metrics.inferences.WithLabelValues("anthropic", "claude-2.1", "no", "yes", "duo_chat")); n != 1 {
		t.Errorf("want one call counted, got %v", n)
	}
}

func TestCallsThatAreHeldBackAreCounted(t *testing.T) {
	metrics := NewMetrics()
	models := metrics.Models(nil, slog.New(slog.NewTextHandler(io.Discard, nil)))
	id := llm.ID{Engine: "e", Name: "n"}
	check := func(waiting, rejected float64) {
		t.Helper()
		if got := testutil.ToFloat64(metrics.held.WithLabelValues("e", "n")); got != waiting {
			t.Errorf("want %v calls waiting, got %v", waiting, got)
		}
		if got := testutil.ToFloat64(metrics.rejected.WithLabelValues("e", "n", "timed_out")); got != rejected {
			t.Errorf("want %v calls rejected, got %v", rejected, got)
		}
	}
	models.Limited(id, []string{"queue_full", "timed_out"})
	if n := testutil.CollectAndCount(metrics.rejected); n != 2 {
		t.Errorf("want a series for each reason, got %d", n)
	}
	check(0, 0)
	models.Waiting(id, 1)
	check(1, 0)
	models.Waiting(id, -1)
	models.Rejected(id, "timed_out")
	check(0, 1)
}

type panicking struct{}

func (panicking) Generate(context.Context, llm.Request) (llm.Stream, error) { panic("broken") }

func TestACallWhoseAdapterPanicsIsNotUnderWayForEver(t *testing.T) {
	metrics := NewMetrics()
	models := metrics.Models(nil, slog.New(slog.NewTextHandler(io.Discard, nil)))
	handle := models.Meter(llm.Handle{Model: panicking{}, ID: llm.ID{Engine: "e", Name: "n"}})
	func() {
		defer func() { _ = recover() }()
		_, _ = handle.Generate(context.Background(), llm.Request{})
	}()
	if got := testutil.ToFloat64(metrics.inFlight.WithLabelValues("e", "n")); got != 0 {
		t.Errorf("%v calls are under way", got)
	}
}
