package events

import (
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/outbox"
)

// collector is a transport that ends at a collector with the given statuses, then with 200.
type collector struct {
	mu       sync.Mutex
	statuses []int
	bodies   []string
}

func (c *collector) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.bodies = append(c.bodies, string(body))
	status := http.StatusOK
	if len(c.statuses) > 0 {
		status, c.statuses = c.statuses[0], c.statuses[1:]
	}
	return &http.Response{StatusCode: status, Body: io.NopCloser(strings.NewReader("")), Request: r}, nil
}

// counts is a Recorder.
type counts struct {
	mu            sync.Mutex
	sent, dropped int
	reason        string
}

func (c *counts) Sent(n int)    { c.mu.Lock(); defer c.mu.Unlock(); c.sent += n }
func (c *counts) Waiting(n int) {}
func (c *counts) Dropped(n int, reason string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.dropped, c.reason = c.dropped+n, reason
}

func newTestEmitter(c *collector, batch int) (*Emitter, *counts) {
	recorder := &counts{}
	return NewEmitter(Config{
		Endpoint: "https://snow.example/", Namespace: "gl", AppID: "app", BatchSize: batch, Senders: 1, FlushInterval: 5 * time.Second,
		Transport: c, Recorder: recorder, Log: slog.New(slog.DiscardHandler),
	}), recorder
}

func closed(t *testing.T, e *Emitter) {
	t.Helper()
	if err := e.Close(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestWhatACollectorRefusesIsLostAndAllElseIsSentAgain(t *testing.T) {
	for status, lost := range map[int]bool{
		400: true, 401: true, 403: true, 410: true, 422: true, 302: false, 404: false, 413: false, 429: false, 500: false, 503: false,
	} {
		synctest.Test(t, func(t *testing.T) {
			c := &collector{statuses: []int{status, status}}
			e, recorder := newTestEmitter(c, 1)
			e.Track(Event{Category: "c", Action: "a"})
			time.Sleep(time.Hour)
			closed(t, e)
			want := counts{sent: 1}
			if lost {
				want = counts{dropped: 1, reason: outbox.Refused}
			}
			if recorder.sent != want.sent || recorder.dropped != want.dropped || recorder.reason != want.reason {
				t.Errorf("%d: %d sent, %d dropped as %s", status, recorder.sent, recorder.dropped, recorder.reason)
			}
		})
	}
}

func TestTheQueueHoldsTenThousandEventsAndNoHugeOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, recorder := newTestEmitter(&collector{}, queueEvents+1)
		for range queueEvents + 1 {
			e.Track(Event{Category: "c", Action: "a"})
		}
		e.Track(Event{Category: "c", Action: strings.Repeat("x", eventBytes)})
		if recorder.dropped != 2 || recorder.reason != outbox.TooLarge {
			t.Errorf("%d dropped, at last as %s", recorder.dropped, recorder.reason)
		}
		closed(t, e)
		if recorder.sent != queueEvents {
			t.Errorf("%d sent", recorder.sent)
		}
	})
}

func TestCollectorURL(t *testing.T) {
	const path = "/com.snowplowanalytics.snowplow/tp2"
	for endpoint, want := range map[string]string{
		"https://x/y/":      "https://x/y" + path,
		"http://x":          "http://x" + path,
		"snow.example:9090": "http://snow.example:9090" + path,
		"https://x//":       "https://x" + path,
	} {
		if got := collectorURL(endpoint); got != want {
			t.Errorf("%s: want %s, got %s", endpoint, want, got)
		}
	}
}
