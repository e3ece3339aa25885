package events

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/outbox"
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
	Recorder      outbox.Recorder
	Log           *slog.Logger
}

// Limits of what waits for a collector.
const (
	queueEvents = 10_000
	queueBytes  = 32 << 20
	eventBytes  = 64 << 10 // of one event; a longer one comes from a client that plays with its headers
)

// Emitter sends events to one collector. It is safe for concurrent use. [Emitter.Close] it, or what waits is lost.
type Emitter struct {
	namespace, appID string
	outbox           *outbox.Outbox[payload]
}

// NewEmitter returns an emitter at work.
func NewEmitter(cfg Config) *Emitter {
	return &Emitter{cfg.Namespace, cfg.AppID, outbox.New(outbox.Config[payload]{
		Items: "events", URL: collectorURL(cfg.Endpoint), Body: body, Size: (*payload).size,
		Refusals: []int{400, 401, 403, 410, 422},
		MaxItems: queueEvents, MaxBytes: queueBytes, MaxItemBytes: eventBytes,
		BatchSize: cfg.BatchSize, Senders: cfg.Senders, FlushInterval: cfg.FlushInterval,
		Transport: cfg.Transport, Recorder: cfg.Recorder, Log: cfg.Log,
	})}
}

// collectorURL is the URL that events are posted to (spec/observability.md 12).
func collectorURL(endpoint string) string {
	if !strings.HasPrefix(endpoint, "http://") && !strings.HasPrefix(endpoint, "https://") {
		endpoint = "http://" + endpoint
	}
	return strings.TrimRight(endpoint, "/") + "/com.snowplowanalytics.snowplow/tp2"
}

// Track puts an event into the queue. It never blocks; an event that finds no room is dropped and counted.
func (e *Emitter) Track(event Event) {
	e.outbox.Put(newPayload(event, e.namespace, e.appID, time.Now()))
}

// Close sends what waits, at once and again when that fails, until nothing is left or ctx ends. The error says how many events were lost.
func (e *Emitter) Close(ctx context.Context) error { return e.outbox.Close(ctx) }
