package bulkhead_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/bulkhead"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var claude = llm.ID{Engine: "anthropic", Name: "claude-2.1"}

func limitOf(limit int, w *watcher) *bulkhead.Bulkheads {
	return bulkhead.New(map[string]map[string]int{claude.Engine: {claude.Name: limit}}, w)
}

// watcher counts what it hears of.
type watcher struct {
	mu       sync.Mutex
	waiting  int
	rejected []string
}

func (w *watcher) Limited(llm.ID, []string) {}

func (w *watcher) Waiting(_ llm.ID, change int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.waiting += change
}

func (w *watcher) Rejected(_ llm.ID, reason string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.rejected = append(w.rejected, reason)
}

// check wants nobody to wait, and calls to have been rejected for these reasons.
func (w *watcher) check(t *testing.T, rejected ...string) {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.waiting != 0 || !slices.Equal(w.rejected, rejected) {
		t.Errorf("want nobody waiting and rejections %v, got %d and %v", rejected, w.waiting, w.rejected)
	}
}

// try takes a slot if there is a free one, and does not wait.
func try(b *bulkhead.Bulkheads) (release func(), err error) {
	gone, leave := context.WithCancel(context.Background())
	leave()
	return b.Acquire(gone, claude)
}

// acquire takes a slot that must be free.
func acquire(t *testing.T, b *bulkhead.Bulkheads) (release func()) {
	t.Helper()
	release, err := try(b)
	if err != nil {
		t.Fatalf("want a free slot, got %v", err)
	}
	return release
}

// checkSlots wants exactly so many slots to be free.
func checkSlots(t *testing.T, b *bulkhead.Bulkheads, free int) {
	t.Helper()
	for range free {
		defer acquire(t, b)()
	}
	if release, err := try(b); err == nil {
		release()
		t.Errorf("there are more than %d free slots", free)
	}
}

func TestCallsWaitTheirTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &watcher{}
		b := limitOf(3, w)
		held := []func(){acquire(t, b), acquire(t, b), acquire(t, b)}
		var served []int
		var mu sync.Mutex
		for i := range 3 {
			go func() {
				release, err := b.Acquire(t.Context(), claude)
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				served = append(served, i)
				mu.Unlock()
				release()
			}()
			synctest.Wait()
		}
		if w.waiting != 3 {
			t.Errorf("want 3 calls waiting, got %d", w.waiting)
		}
		held[0]()
		synctest.Wait()
		if !slices.Equal(served, []int{0, 1, 2}) {
			t.Errorf("want those first who came first, got %v", served)
		}
		held[1]()
		held[2]()
		w.check(t)
		checkSlots(t, b, 3)
	})
}

func TestACallThatCannotBeServedSoonIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &watcher{}
		b := limitOf(2, w)
		held := []func(){acquire(t, b), acquire(t, b)}
		refused := make(chan error, 2)
		for range 2 {
			go func() {
				_, err := b.Acquire(t.Context(), claude)
				refused <- err
			}()
		}
		synctest.Wait()

		began := time.Now()
		_, err := b.Acquire(t.Context(), claude)
		checkHeldBack(t, err)
		if waited := time.Since(began); waited != 0 {
			t.Errorf("a call behind a full queue waited for %v", waited)
		}
		checkHeldBack(t, <-refused)
		checkHeldBack(t, <-refused)
		if waited := time.Since(began); waited != time.Second {
			t.Errorf("calls waited for %v", waited)
		}
		for _, release := range held {
			release()
			release() // once too often
		}
		w.check(t, bulkhead.QueueFull, bulkhead.TimedOut, bulkhead.TimedOut)
		checkSlots(t, b, 2)
	})
}

func checkHeldBack(t *testing.T, err error) {
	t.Helper()
	e := llm.ErrorOf(err)
	if e == nil || !errors.Is(err, llm.ErrHeldBack) || e.Kind != llm.Overloaded || e.RetryAfter != time.Second || e.Vendor != "anthropic" {
		t.Errorf("want a call that was held back, got %#v", err)
	}
}

func TestAClientThatLeavesLeavesTheQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &watcher{}
		b := limitOf(1, w)
		release := acquire(t, b)
		ctx, leave := context.WithCancel(t.Context())
		left, served := make(chan error, 1), make(chan error, 1)
		go func() {
			_, err := b.Acquire(ctx, claude)
			left <- err
		}()
		synctest.Wait()
		began := time.Now()
		leave()
		if err := <-left; !errors.Is(err, context.Canceled) || time.Since(began) != 0 {
			t.Errorf("want the context's error at once, got %v after %v", err, time.Since(began))
		}
		go func() { // its place is free
			next, err := b.Acquire(t.Context(), claude)
			if err == nil {
				next()
			}
			served <- err
		}()
		synctest.Wait()
		release()
		if err := <-served; err != nil {
			t.Error(err)
		}
		w.check(t)
	})
}

// model is a model that does as it is told.
type model func(ctx context.Context) (llm.Stream, error)

func (m model) Generate(ctx context.Context, _ llm.Request) (llm.Stream, error) { return m(ctx) }

func TestASlotIsHeldForAsLongAsItsCall(t *testing.T) {
	broken := errors.New("broken")
	two := func(context.Context) (llm.Stream, error) {
		return llm.Of(llm.Chunk{Text: "a"}, llm.Chunk{Text: "b"}), nil
	}
	breaks := func(context.Context) (llm.Stream, error) {
		return func(yield func(llm.Chunk, error) bool) {
			_ = yield(llm.Chunk{Text: "a"}, nil) && yield(llm.Chunk{}, broken)
		}, nil
	}
	for _, tc := range []struct {
		name  string
		model model
		read  func(t *testing.T, stream llm.Stream, checkHeld func(), leave func())
	}{
		{"a stream that is read to its end", two, func(_ *testing.T, stream llm.Stream, checkHeld, _ func()) {
			for range stream {
				checkHeld()
			}
		}},
		{"a stream that breaks", breaks, func(_ *testing.T, stream llm.Stream, checkHeld, _ func()) {
			for range stream {
				checkHeld()
			}
		}},
		{"a stream that is left", two, func(_ *testing.T, stream llm.Stream, checkHeld, _ func()) {
			for range stream {
				checkHeld()
				break
			}
		}},
		{"a stream whose client leaves", two, func(_ *testing.T, stream llm.Stream, checkHeld, leave func()) {
			for range stream {
				leave()
				checkHeld()
			}
		}},
		{"a stream that nobody reads", two, func(_ *testing.T, _ llm.Stream, checkHeld, leave func()) {
			checkHeld()
			leave()
			synctest.Wait()
		}},
		{"a stream that is read when its client has left", two, func(_ *testing.T, stream llm.Stream, _, leave func()) {
			leave()
			synctest.Wait()
			for range stream {
				break
			}
		}},
		{"a stream whose reader panics", two, func(t *testing.T, stream llm.Stream, checkHeld, _ func()) {
			defer func() {
				if recover() == nil {
					t.Error("the panic is gone")
				}
			}()
			for range stream {
				checkHeld()
				panic("reader")
			}
		}},
		{"a call that is refused", func(context.Context) (llm.Stream, error) { return nil, broken }, nil},
		{"a call that panics", func(context.Context) (llm.Stream, error) { panic("model") }, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := limitOf(2, &watcher{})
				ctx, leave := context.WithCancel(t.Context())
				defer leave()
				stream := generate(ctx, b.Guard(llm.Handle{Model: tc.model, ID: claude}))
				if tc.read != nil {
					tc.read(t, stream, func() { checkSlots(t, b, 1) }, leave)
				}
				checkSlots(t, b, 2)
			})
		})
	}
}

// generate asks a model that may fail or panic.
func generate(ctx context.Context, h llm.Handle) llm.Stream {
	defer func() { _ = recover() }()
	stream, _ := h.Generate(ctx, llm.Request{Stream: true})
	return stream
}

func TestNeverMoreCallsThanTheLimit(t *testing.T) {
	const limit = 4
	w := &watcher{}
	b := limitOf(limit, w)
	var flying, most atomic.Int64
	h := b.Guard(llm.Handle{ID: claude, Model: model(func(context.Context) (llm.Stream, error) {
		return func(yield func(llm.Chunk, error) bool) {
			n := flying.Add(1)
			defer flying.Add(-1)
			for seen := most.Load(); n > seen && !most.CompareAndSwap(seen, n); seen = most.Load() {
			}
			yield(llm.Chunk{}, nil)
		}, nil
	})})
	var served, refused atomic.Int64
	var all sync.WaitGroup
	for i := range 200 {
		all.Go(func() {
			ctx, leave := context.WithCancel(t.Context())
			defer leave()
			if i%5 == 0 {
				leave()
			}
			if _, err := llm.Collect(h.Generate(ctx, llm.Request{})); err != nil {
				refused.Add(1)
			} else {
				served.Add(1)
			}
		})
	}
	all.Wait()
	if most.Load() > limit || served.Load() == 0 || served.Load()+refused.Load() != 200 {
		t.Errorf("%d at a time, %d served, %d refused", most.Load(), served.Load(), refused.Load())
	}
	if w.waiting != 0 {
		t.Errorf("%d calls still wait", w.waiting)
	}
	checkSlots(t, b, limit)
}

func TestOtherModelsAreNotLimited(t *testing.T) {
	var none *bulkhead.Bulkheads
	for _, b := range []*bulkhead.Bulkheads{none, limitOf(1, &watcher{})} {
		for range 3 {
			if _, err := b.Acquire(t.Context(), llm.ID{Engine: "litellm", Name: claude.Name}); err != nil {
				t.Error(err)
			}
		}
	}
}

// provider is a provider of one model.
type provider struct{ llm.Handle }

func (p provider) Resolve(ref llm.Ref) (llm.Handle, error) {
	if ref.Name != p.ID.Name {
		return llm.Handle{}, llm.ErrUnknownProvider
	}
	return p.Handle, nil
}

func TestAllModelsOfAProviderAreLimited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := limitOf(1, &watcher{})
		p := b.GuardAll(provider{llm.Handle{ID: claude, Model: model(func(context.Context) (llm.Stream, error) { return llm.Of(), nil })}})
		if _, err := p.Resolve(llm.Ref{Name: "other"}); !errors.Is(err, llm.ErrUnknownProvider) {
			t.Errorf("got %v", err)
		}
		h, err := p.Resolve(llm.Ref{Name: claude.Name})
		if err != nil {
			t.Fatal(err)
		}
		defer acquire(t, b)()
		_, err = h.Generate(t.Context(), llm.Request{})
		checkHeldBack(t, err)
	})
}
