package events

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
	"strings"
	"sync"
	"time"
)

// Config says where events go and how.
type Config struct {
	Endpoint      string // of the collector; without a scheme it is http (spec/observability.md 12)
	Namespace     string
	AppID         string
	BatchSize     int           // events that make a request
	Senders       int           // requests at a time
	FlushInterval time.Duration // how long events wait for the rest of their batch
	Transport     http.RoundTripper
	Recorder      Recorder
	Log           *slog.Logger
}

// Recorder counts what becomes of events. Its methods must not block.
type Recorder interface {
	Sent(n int)                   // the collector has taken them
	Dropped(n int, reason string) // nobody will ever see them
	Waiting(n int)                // in the queue now, or on their way
}

// Why events are dropped.
const (
	queueFull = "queue_full" // the collector was down for too long
	tooLarge  = "too_large"  // one event of more than 64 KiB
	refused   = "refused"    // the collector does not want them
	shutdown  = "shutdown"   // the collector did not take them in the time that was left
)

const (
	requestTimeout = 10 * time.Second       // of one request to a collector
	hurriedDelay   = 100 * time.Millisecond // longest time between two attempts once the emitter closes
	complainEvery  = 10 * time.Second       // how often dropped events are logged
)

// Emitter sends events to one collector. It is safe for concurrent use. [Emitter.Close] it, or what waits is lost.
type Emitter struct {
	cfg    Config
	url    string
	client http.Client

	mu      sync.Mutex
	changed *sync.Cond
	queue   queue
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

// NewEmitter returns an emitter at work.
func NewEmitter(cfg Config) *Emitter {
	e := &Emitter{cfg: cfg, url: collectorURL(cfg.Endpoint)}
	e.client = http.Client{
		Transport:     cfg.Transport,
		Timeout:       requestTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // would turn a POST into a GET
	}
	e.changed = sync.NewCond(&e.mu)
	e.life, e.end = context.WithCancel(context.Background())
	e.flush = time.AfterFunc(cfg.FlushInterval, e.flushNow)
	e.flush.Stop()
	for range max(cfg.Senders, 1) {
		e.senders.Go(e.send)
	}
	e.cfg.Log.Info("Sending events to " + withoutSecrets(e.url))
	return e
}

// collectorURL is the URL that events are posted to (spec/observability.md 12).
func collectorURL(endpoint string) string {
	if !strings.HasPrefix(endpoint, "http://") && !strings.HasPrefix(endpoint, "https://") {
		endpoint = "http://" + endpoint
	}
	return strings.TrimRight(endpoint, "/") + "/com.snowplowanalytics.snowplow/tp2"
}

// withoutSecrets is a URL as it may be logged.
func withoutSecrets(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return "a collector whose URL cannot be read"
	}
	return u.Redacted()
}

// Track puts an event into the queue. It never blocks; an event that finds no room is dropped and counted.
func (e *Emitter) Track(event Event) {
	p := newPayload(event, e.cfg.Namespace, e.cfg.AppID, time.Now())
	e.mu.Lock()
	defer e.mu.Unlock()
	reason := e.queue.refusal(&p)
	if e.closing {
		reason = shutdown
	}
	if reason != "" {
		e.drop(1, reason)
		return
	}
	if len(e.queue.waiting) == 0 {
		e.flush.Reset(e.cfg.FlushInterval)
	}
	e.queue.add(p)
	e.report()
	if len(e.queue.waiting) >= e.cfg.BatchSize {
		e.changed.Signal()
	}
}

// Close sends what waits, at once and again when that fails, until nothing is left or ctx ends. The error says how many events were lost.
func (e *Emitter) Close(ctx context.Context) error {
	e.mu.Lock()
	e.closing, e.resting = true, false
	e.changed.Broadcast()
	e.mu.Unlock()

	stop := context.AfterFunc(ctx, func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		e.end()
		e.changed.Broadcast()
	})
	e.senders.Wait()
	stop()
	e.end()
	e.client.CloseIdleConnections()

	e.mu.Lock()
	defer e.mu.Unlock()
	e.flush.Stop()
	lost := len(e.queue.waiting)
	if lost == 0 {
		return nil
	}
	e.drop(lost, shutdown)
	return fmt.Errorf("send events to %s: %d were not taken before the gateway ended", withoutSecrets(e.url), lost)
}

// send is what a sender does all its life.
func (e *Emitter) send() {
	for {
		batch := e.next()
		if batch == nil {
			return
		}
		e.settle(batch, e.post(batch))
	}
}

// next waits for the next batch; nil means that there will be none.
func (e *Emitter) next() []payload {
	e.mu.Lock()
	defer e.mu.Unlock()
	for !e.ready() {
		if e.life.Err() != nil || (e.closing && e.queue.empty()) {
			return nil
		}
		e.changed.Wait()
	}
	batch := e.queue.take(e.cfg.BatchSize)
	if len(e.queue.waiting) == 0 {
		e.due = false
		e.flush.Stop()
	}
	return batch
}

// ready says whether there is something to send now.
func (e *Emitter) ready() bool {
	n := len(e.queue.waiting)
	return n > 0 && !e.resting && e.life.Err() == nil && (n >= e.cfg.BatchSize || e.due || e.closing)
}

// flushNow ends the wait for a full batch.
func (e *Emitter) flushNow() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.queue.waiting) > 0 {
		e.due = true
		e.changed.Broadcast()
	}
}

// errRefused is the answer of a collector that must not be asked again.
var errRefused = errors.New("the collector refuses the events")

// post sends a batch once.
func (e *Emitter) post(batch []payload) error {
	req, err := http.NewRequestWithContext(e.life, http.MethodPost, e.url, bytes.NewReader(body(batch, time.Now())))
	if err != nil {
		return fmt.Errorf("%w: its URL cannot be read", errRefused) // err would quote it, passwords included
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	res, err := e.client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 4<<10)) // so that the connection can be used again
	switch status := res.StatusCode; {
	case status >= 200 && status <= 299:
		return nil
	case status == 400, status == 401, status == 403, status == 410, status == 422:
		return fmt.Errorf("%w: status %d", errRefused, status)
	default:
		return fmt.Errorf("the collector answers with status %d", status)
	}
}

// settle does what follows from an attempt: forget the batch, or put it back and leave the collector alone for a while.
func (e *Emitter) settle(batch []payload, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	defer e.changed.Broadcast()
	defer e.report()
	switch {
	case err == nil:
		e.queue.done(batch)
		e.delay = 0
		e.cfg.Recorder.Sent(len(batch))
		e.cfg.Log.Info("Sent a batch of events", "events", len(batch))
	case errors.Is(err, errRefused):
		e.queue.done(batch)
		e.delay = 0
		e.cfg.Recorder.Dropped(len(batch), refused)
		e.cfg.Log.Error(err.Error(), "events", len(batch))
	default:
		e.queue.giveBack(batch)
		e.due = true
		e.rest(err)
	}
}

// rest begins a pause after a failure.
func (e *Emitter) rest(err error) {
	e.delay = nextDelay(e.delay, rand.Float64())
	if e.closing {
		e.delay = min(e.delay, hurriedDelay)
	}
	e.resting = true
	time.AfterFunc(e.delay, func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		e.resting = false
		e.changed.Broadcast()
	})
	if e.life.Err() == nil {
		e.cfg.Log.Warn(err.Error(), "waiting", len(e.queue.waiting), "retry_in_s", e.delay.Seconds())
	}
}

// drop counts lost events, and says so now and then.
func (e *Emitter) drop(n int, reason string) {
	e.cfg.Recorder.Dropped(n, reason)
	if now := time.Now(); now.Sub(e.complained) >= complainEvery {
		e.complained = now
		e.cfg.Log.Error("Events are dropped", "events", n, "reason", reason)
	}
}

func (e *Emitter) report() { e.cfg.Recorder.Waiting(len(e.queue.waiting) + e.queue.sending) }
