package app

import (
	"context"
	"net/http"

	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
	"github.com/ai-gateway/ai-gateway/internal/observe"
)

// modelClient is the client of all model servers. What it sends carries the trace context, and can be logged.
func (a *App) modelClient() *wire.Client {
	traces, log := a.otlp, observe.LogModelRequest(a.log)
	return wire.NewClient(wire.Options{OnSend: func(ctx context.Context, r *http.Request, body []byte) {
		traces.Inject(ctx, r.Header)
		log(ctx, r, body)
	}})
}

// proxyClient is the client of what is passed on to vendors: the same, but nothing is logged (spec/observability.md 6).
func (a *App) proxyClient() *wire.Client {
	traces := a.otlp
	return wire.NewClient(wire.Options{OnSend: func(ctx context.Context, r *http.Request, _ []byte) { traces.Inject(ctx, r.Header) }})
}
