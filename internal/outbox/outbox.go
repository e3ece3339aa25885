// Package outbox keeps what is meant for a collector until the collector has taken it.
//
// Putting something in never waits for the collector. Items stand in a bounded queue and go from there, batch by batch, each batch one POST of
// JSON. A collector that is down or slow gets them later, in the order of their arrival; only what does not fit the queue is lost, and counted.
package outbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"
)

// Config says what goes where and how.
type Config[T any] struct {
	Items    string // what the items are called in log entries: "events"
	URL      string // of the collector
	Header   http.Header
	Body     func(batch []T, now time.Time) []byte // the JSON that a batch is sent as, at each attempt
	Size     func(*T) int                          // about how many bytes an item takes, in memory and on the wire
	Refusals []int                                 // statuses of a collector that does not want a batch, so that it is not sent again

	MaxItems, MaxBytes int // of the queue
	MaxItemBytes       int // of one item

	BatchSize     int           // items that make a request
	Senders       int           // requests at a time
	FlushInterval time.Duration // how long items wait for the rest of their batch
	Transport     http.RoundTripper
	Recorder      Recorder
	Log           *slog.Logger
}

// Recorder counts what becomes of items. Its methods must not block.
type Recorder interface {
	Sent(n int)                   // the collector has taken them
	Dropped(n int, reason string) // nobody will ever see them
	Waiting(n int)                // in the queue now, or on their way
}

// Why items are dropped.
const (
	QueueFull = "queue_full" // the collector was down for too long
	TooLarge  = "too_large"  // one item of more than [Config.MaxItemBytes]
	Refused   = "refused"    // the collector does not want them
	Shutdown  = "shutdown"   // the collector did not take them in the time that was left
)

// Reasons are all of them.
var Reasons = []string{QueueFull, TooLarge, Refused, Shutdown}

const (
	requestTimeout = 10 * time.Second       // of one request to a collector
	hurriedDelay   = 100 * time.Millisecond // longest time between two attempts once the outbox closes
	complainEvery  = 10 * time.Second       // how often dropped items are logged
)

// Outbox sends items to one collector. It is safe for concurrent use. [Outbox.Close] it, or what waits is lost.
type Outbox[T any] struct {
	cfg    Config[T]
	client http.Client

	mu      sync.Mutex
	changed *sync.Cond
	queue   queue[T]
	due     bool // what waits is sent even if it is less than a batch
	resting bool // the collector failed and is left alone for a while
	closing bool
	flush   *time.Timer
	delay   time.Duration // before the last attempt that followed a failure

	complained time.Time
	senders    sync.WaitGroup
	life       context.Context // of requests
	end        context.CancelFunc
}

// New returns an outbox at work.
func New[T any](cfg Config[T]) *Outbox[T] {
	o := &Outbox[T]{cfg: cfg, queue: queue[T]{size: cfg.Size, maxItems: cfg.MaxItems, maxBytes: cfg.MaxBytes, maxItemBytes: cfg.MaxItemBytes}}
	o.client = http.Client{
		Transport:     cfg.Transport,
		Timeout:       requestTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // would turn a POST into a GET
	}
	o.changed = sync.NewCond(&o.mu)
	o.life, o.end = context.WithCancel(context.Background())
	o.flush = time.AfterFunc(cfg.FlushInterval, o.flushNow)
	o.flush.Stop()
	for range max(cfg.Senders, 1) {
		o.senders.Go(o.send)
	}
	o.cfg.Log.Info("Sending " + o.cfg.Items + " to " + withoutSecrets(o.cfg.URL))
	return o
}

// withoutSecrets is a URL as it may be logged.
func withoutSecrets(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return "a collector whose URL cannot be read"
	}
	return u.Redacted()
}

// Put puts an item into the queue. It never blocks; an item that finds no room is dropped and counted.
func (o *Outbox[T]) Put(item T) {
	o.mu.Lock()
	defer o.mu.Unlock()
	reason := o.queue.refusal(&item)
	if o.closing {
		reason = Shutdown
	}
	if reason != "" {
		o.drop(1, reason)
		return
	}
	if len(o.queue.waiting) == 0 {
		o.flush.Reset(o.cfg.FlushInterval)
	}
	o.queue.add(item)
	o.report()
	if len(o.queue.waiting) >= o.cfg.BatchSize {
		o.changed.Signal()
	}
}

// Close sends what waits, at once and again when that fails, until nothing is left or ctx ends. The error says how many items were lost.
func (o *Outbox[T]) Close(ctx context.Context) error {
	o.mu.Lock()
	o.closing, o.resting = true, false
	o.changed.Broadcast()
	o.mu.Unlock()

	stop := context.AfterFunc(ctx, func() {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.end()
		o.changed.Broadcast()
	})
	o.senders.Wait()
	stop()
	o.end()
	o.client.CloseIdleConnections()

	o.mu.Lock()
	defer o.mu.Unlock()
	o.flush.Stop()
	lost := len(o.queue.waiting)
	if lost == 0 {
		return nil
	}
	o.drop(lost, Shutdown)
	return fmt.Errorf("send %s to %s: %d were not taken before the gateway ended", o.cfg.Items, withoutSecrets(o.cfg.URL), lost)
}

// send is what a sender does all its life.
func (o *Outbox[T]) send() {
	for {
		batch := o.next()
		if batch == nil {
			return
		}
		o.settle(batch, o.post(batch))
	}
}

// next waits for the next batch; nil means that there will be none.
func (o *Outbox[T]) next() []T {
	o.mu.Lock()
	defer o.mu.Unlock()
	for !o.ready() {
		if o.life.Err() != nil || (o.closing && o.queue.empty()) {
			return nil
		}
		o.changed.Wait()
	}
	batch := o.queue.take(o.cfg.BatchSize)
	if len(o.queue.waiting) == 0 {
		o.due = false
		o.flush.Stop()
	}
	return batch
}

// ready says whether there is something to send now.
func (o *Outbox[T]) ready() bool {
	n := len(o.queue.waiting)
	return n > 0 && !o.resting && o.life.Err() == nil && (n >= o.cfg.BatchSize || o.due || o.closing)
}

// flushNow ends the wait for a full batch.
func (o *Outbox[T]) flushNow() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.queue.waiting) > 0 {
		o.due = true
		o.changed.Broadcast()
	}
}

// errRefused is the answer of a collector that must not be asked again.
var errRefused = errors.New("the collector refuses what it is sent")

// post sends a batch once.
func (o *Outbox[T]) post(batch []T) error {
	req, err := http.NewRequestWithContext(o.life, http.MethodPost, o.cfg.URL, bytes.NewReader(o.cfg.Body(batch, time.Now())))
	if err != nil {
		return fmt.Errorf("%w: its URL cannot be read", errRefused) // err would quote it, passwords included
	}
	for name, values := range o.cfg.Header {
		req.Header[name] = values
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	res, err := o.client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 4<<10)) // so that the connection can be used again
	switch status := res.StatusCode; {
	case status >= 200 && status <= 299:
		return nil
	case slices.Contains(o.cfg.Refusals, status):
		return fmt.Errorf("%w: status %d", errRefused, status)
	default:
		return fmt.Errorf("the collector answers with status %d", status)
	}
}

// settle does what follows from an attempt: forget the batch, or put it back and leave the collector alone for a while.
func (o *Outbox[T]) settle(batch []T, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	defer o.changed.Broadcast()
	defer o.report()
	switch {
	case err == nil:
		o.queue.done(batch)
		o.delay = 0
		o.cfg.Recorder.Sent(len(batch))
		o.cfg.Log.Info("Sent a batch of "+o.cfg.Items, o.cfg.Items, len(batch))
	case errors.Is(err, errRefused):
		o.queue.done(batch)
		o.delay = 0
		o.cfg.Recorder.Dropped(len(batch), Refused)
		o.cfg.Log.Error(err.Error(), o.cfg.Items, len(batch))
	default:
		o.queue.giveBack(batch)
		o.due = true
		o.rest(err)
	}
}

// rest begins a pause after a failure.
func (o *Outbox[T]) rest(err error) {
	o.delay = nextDelay(o.delay, rand.Float64())
	if o.closing {
		o.delay = min(o.delay, hurriedDelay)
	}
	o.resting = true
	time.AfterFunc(o.delay, func() {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.resting = false
		o.changed.Broadcast()
	})
	if o.life.Err() == nil {
		o.cfg.Log.Warn(err.Error(), "waiting", len(o.queue.waiting), "retry_in_s", o.delay.Seconds())
	}
}

// drop counts lost items, and says so now and then.
func (o *Outbox[T]) drop(n int, reason string) {
	o.cfg.Recorder.Dropped(n, reason)
	if now := time.Now(); now.Sub(o.complained) >= complainEvery {
		o.complained = now
		o.cfg.Log.Error("Dropped "+o.cfg.Items, o.cfg.Items, n, "reason", reason)
	}
}

func (o *Outbox[T]) report() { o.cfg.Recorder.Waiting(len(o.queue.waiting) + o.queue.sending) }
