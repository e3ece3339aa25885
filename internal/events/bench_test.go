package events

import (
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"
)

type taker struct{}

func (taker) RoundTrip(r *http.Request) (*http.Response, error) {
	_, _ = io.Copy(io.Discard, r.Body)
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader("")), Request: r}, nil
}

// A request pays for its context once, and then little for each event.
func BenchmarkARequestWithTwoEvents(b *testing.B) {
	emitter := NewEmitter(Config{
		Endpoint: "x", BatchSize: 100, FlushInterval: time.Second, Transport: taker{}, Recorder: &counts{}, Log: slog.New(slog.DiscardHandler),
	})
	internal := NewInternal(emitter, "production")
	caller := Caller{Realm: text("saas"), EnabledBy: "1,2,3", CorrelationID: "c"}
	b.ReportAllocs()
	for b.Loop() {
		ctx := internal.WithRequest(b.Context(), caller)
		internal.Track(ctx, "request_duo_chat", ChatAgentV2)
		internal.Track(ctx, "request_include_file_context", ChatAgentV2)
	}
	b.StopTimer()
	if err := emitter.Close(b.Context()); err != nil {
		b.Error(err)
	}
}
