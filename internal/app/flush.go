package app

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/observe"
)

// flushTimeout bounds how long the end of the gateway waits for collectors, once open requests are answered.
const flushTimeout = 5 * time.Second

// flush sends the events, runs, traces and metrics that are left, to all collectors at the same time.
func (a *App) flush() {
	ctx, cancel := context.WithTimeout(context.Background(), flushTimeout)
	defer cancel()
	var flushed sync.WaitGroup
	send := func(log *slog.Logger, end func(context.Context) error) {
		flushed.Go(func() {
			if err := end(ctx); err != nil {
				log.Error(err.Error())
			}
		})
	}
	for _, emitter := range a.emitters {
		send(observe.Named(a.log, "snowplow_tracker.emitters"), emitter.Close)
	}
	send(observe.Named(a.log, "abuse_detection"), a.abuse.Close)
	send(observe.Named(a.log, "opentelemetry"), a.otlp.Close)
	send(observe.Named(a.log, "langsmith"), a.langSmith.Close)
	flushed.Wait()
}
