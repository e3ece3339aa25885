package middleware

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/events"
	"github.com/ai-gateway/ai-gateway/internal/observe"
)

// nobody takes events and keeps none.
type nobody struct{}

func (nobody) RoundTrip(*http.Request) (*http.Response, error) { return nil, http.ErrHandlerTimeout }

func TestTheAccessLogNamesTheInternalEvents(t *testing.T) {
	emitter := events.NewEmitter(events.Config{
		Endpoint: "collector", BatchSize: 1000, FlushInterval: time.Hour, Transport: nobody{},
		Recorder: observe.NewMetrics().Events("internal_event"), Log: slog.New(slog.DiscardHandler),
	})
	tracker := events.NewInternal(emitter, "test")
	for name, tc := range map[string]struct {
		path    string
		handler http.HandlerFunc
		want    any
	}{
		"one":  {"/a", func(_ http.ResponseWriter, r *http.Request) { tracker.Track(r.Context(), "request_a", "c") }, []any{"request_a"}},
		"none": {"/a", ok, []any{}},
		"of a stream that was cut": {"/a", func(_ http.ResponseWriter, r *http.Request) {
			tracker.Track(r.Context(), "request_a", "c")
			panic(http.ErrAbortHandler)
		}, []any{"request_a"}},
		"nothing when the handler broke down": {"/a", func(http.ResponseWriter, *http.Request) { panic("boom") }, nil},
		"nothing for probes":                  {"/monitoring/healthz", ok, nil},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			log := observe.NewLogger(&out, observe.LogOptions{JSON: true})
			func() {
				defer func() { _ = recover() }()
				ask(t, request(t, "POST", tc.path), tc.handler, CorrelationID, AccessLog(log), InternalEvents(tracker)) //nolint:bodyclose // a recorder's
			}()
			var entry map[string]any
			for line := range bytes.Lines(out.Bytes()) {
				if err := json.Unmarshal(line, &entry); err != nil {
					t.Fatal(err)
				}
			}
			if entry["logger"] != "api.access" {
				t.Fatalf("got %v", entry)
			}
			if diff := cmp.Diff(tc.want, entry["tracked_internal_events"]); diff != "" {
				t.Error(diff)
			}
		})
	}
}
