// Package bulkhead keeps the calls to a model within a number that are under way at a time, so that one slow model server cannot take all
// that the gateway has, and is not asked for more than it can take.
//
// A call above the limit waits its turn, but not for long and not in a long queue: whoever cannot be served soon learns it at once.
package bulkhead

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/semaphore"

	"github.com/ai-gateway/ai-gateway/internal/llm"
)

// patience is how long a call waits for a slot at most, and how long clients whose call got none are asked to stay away.
const patience = time.Second

// Reasons are why a call gets no slot, as an [Observer] hears of them.
var Reasons = []string{QueueFull, TimedOut}

// The reasons.
const (
	QueueFull = "queue_full" // as many calls wait already as may be under way
	TimedOut  = "timed_out"  // it waited for a second
)

// Observer hears of calls above a limit. It is told from many goroutines at once.
type Observer interface {
	Limited(model llm.ID, reasons []string) // it has a limit: told once, in the beginning
	Waiting(model llm.ID, change int)       // 1 when a call begins to wait, -1 when it no longer does
	Rejected(model llm.ID, reason string)   // it got no slot: [QueueFull] or [TimedOut]
}

// Bulkheads are the limits of all models. A nil *Bulkheads limits nothing.
type Bulkheads struct {
	models map[llm.ID]*bulkhead
}

// New limits the calls to each model, named by engine and model name, to a number of at least 1. Models that limits does not name are
// not limited.
func New(limits map[string]map[string]int, observer Observer) *Bulkheads {
	b := &Bulkheads{models: map[llm.ID]*bulkhead{}}
	for engine, models := range limits {
		for name, limit := range models {
			id := llm.ID{Engine: engine, Name: name}
			observer.Limited(id, Reasons)
			b.models[id] = &bulkhead{id: id, limit: int64(limit), slots: semaphore.NewWeighted(int64(limit)), observer: observer}
		}
	}
	return b
}

// Acquire takes a slot for a call to a model. A call that finds none waits for one behind those that wait already, as many as may be under
// way and for a second at most. release gives the slot back, once, however often it is called.
//
// The error is an [*llm.Error] of kind [llm.Overloaded] with [llm.ErrHeldBack] in its chain, or that of ctx, which ends the wait at once.
func (b *Bulkheads) Acquire(ctx context.Context, model llm.ID) (release func(), err error) {
	limited := b.of(model)
	if limited == nil {
		return func() {}, nil
	}
	return limited.acquire(ctx)
}

// Guard returns h within the limit of its ID. A stream has its slot until it was read to its end, left, or ctx ended before anybody read it.
func (b *Bulkheads) Guard(h llm.Handle) llm.Handle {
	if limited := b.of(h.ID); limited != nil {
		h.Model = guarded{h.Model, limited}
	}
	return h
}

// GuardAll returns a provider that resolves like p and whose models are within their limits.
func (b *Bulkheads) GuardAll(p llm.Provider) llm.Provider { return guardedProvider{p, b} }

func (b *Bulkheads) of(model llm.ID) *bulkhead {
	if b == nil {
		return nil
	}
	return b.models[model]
}

// bulkhead is the limit of one model.
type bulkhead struct {
	id       llm.ID
	limit    int64
	slots    *semaphore.Weighted // first come, first served
	waiting  atomic.Int64
	observer Observer
}

func (b *bulkhead) acquire(ctx context.Context) (release func(), err error) {
	if !b.slots.TryAcquire(1) {
		if err := b.wait(ctx); err != nil {
			return nil, err
		}
	}
	return sync.OnceFunc(func() { b.slots.Release(1) }), nil
}

func (b *bulkhead) wait(ctx context.Context) error {
	defer b.waiting.Add(-1)
	if b.waiting.Add(1) > b.limit {
		return b.reject(QueueFull)
	}
	b.observer.Waiting(b.id, 1)
	defer b.observer.Waiting(b.id, -1)
	turn, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	switch {
	case b.slots.Acquire(turn, 1) == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	default:
		return b.reject(TimedOut)
	}
}

// reject says what happened. Its text names the error as Anthropic does, because GitLab Rails repeats the step of a chat that failed so.
func (b *bulkhead) reject(reason string) error {
	b.observer.Rejected(b.id, reason)
	return &llm.Error{
		Kind: llm.Overloaded, Vendor: b.id.Engine, RetryAfter: patience,
		Err: fmt.Errorf("overloaded_error: %w: %d calls to %s are under way", llm.ErrHeldBack, b.limit, b.id.Name),
	}
}

type guardedProvider struct {
	llm.Provider
	bulkheads *Bulkheads
}

func (p guardedProvider) Resolve(ref llm.Ref) (llm.Handle, error) {
	handle, err := p.Provider.Resolve(ref)
	if err != nil {
		return llm.Handle{}, err
	}
	return p.bulkheads.Guard(handle), nil
}

type guarded struct {
	llm.Model
	limit *bulkhead
}

func (g guarded) Generate(ctx context.Context, req llm.Request) (stream llm.Stream, err error) {
	release, err := g.limit.acquire(ctx)
	if err != nil {
		return nil, err
	}
	defer func() {
		if stream == nil { // refused, or a panic
			release()
		}
	}()
	answer, err := g.Model.Generate(ctx, req)
	if err != nil {
		return nil, err
	}
	unread := context.AfterFunc(ctx, release) // of somebody who never reads the stream
	return func(yield func(llm.Chunk, error) bool) {
		defer release()
		unread()
		answer(yield)
	}, nil
}
