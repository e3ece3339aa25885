package wire

import (
	"context"
	"errors"
	"sync"
	"time"
)

// errSilence is why a watch ends a call.
var errSilence = errors.New("the server said nothing for too long")

// watch ends a call when a phase of it takes too long, or when the caller's context does.
//
// net/http knows one deadline for all of a request. A stream may go on for minutes, so a watch runs only while the vendor is
// awaited: it pauses when a piece is there, however long the reader takes over it.
type watch struct {
	ctx     context.Context // of the call to the vendor
	cancel  context.CancelCauseFunc
	detach  func() bool // stops listening to the caller's context; false when that has ended
	vendor  string
	connect time.Duration
	phase   time.Duration

	mu      sync.Mutex
	timer   *time.Timer
	waiting bool
}

type watchKey struct{}

// newWatch returns a watch that waits already.
func newWatch(parent context.Context, call *Call) *watch {
	w := &watch{vendor: call.Vendor, connect: call.Connect, phase: call.Read, waiting: true}
	// The call has a context that does not end with its parent's by itself, so that [Body.Finish] can outlive a request's handler.
	ctx, cancel := context.WithCancelCause(context.WithoutCancel(parent))
	w.ctx, w.cancel = context.WithValue(ctx, watchKey{}, w), cancel
	w.detach = context.AfterFunc(parent, func() { cancel(context.Cause(parent)) })
	w.timer = time.AfterFunc(w.phase, func() { cancel(errSilence) })
	return w
}

// wait begins a phase.
func (w *watch) wait() {
	w.mu.Lock()
	w.waiting = true
	w.timer.Reset(w.phase)
	w.mu.Unlock()
}

// extend begins a phase within one. It does nothing while the watch pauses: net/http may tell us late that a request was written.
func (w *watch) extend() {
	w.mu.Lock()
	if w.waiting {
		w.timer.Reset(w.phase)
	}
	w.mu.Unlock()
}

// pause ends a phase in time.
func (w *watch) pause() {
	w.mu.Lock()
	w.waiting = false
	w.timer.Stop()
	w.mu.Unlock()
}

// end ends the call.
func (w *watch) end() {
	w.detach()
	w.pause()
	w.cancel(context.Canceled)
}

// silent tells whether the call ended because the vendor said nothing.
func (w *watch) silent() bool { return errors.Is(context.Cause(w.ctx), errSilence) }
