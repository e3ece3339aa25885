package app

import (
	"cmp"
	"context"
	"fmt"
	"net/http"

	"github.com/ai-gateway/ai-gateway/internal/config"
	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
	"github.com/ai-gateway/ai-gateway/internal/observe"
)

// modelClient is the client of all model servers. What it sends carries the trace context, and can be logged.
func (a *App) modelClient() *wire.Client {
	traces, log := a.otlp, observe.LogModelRequest(a.log)
	return a.client(func(ctx context.Context, r *http.Request, body []byte) {
		traces.Inject(ctx, r.Header)
		log(ctx, r, body)
	})
}

// proxyClient is the client of what is passed on to vendors: the same, but nothing is logged (spec/observability.md 6).
func (a *App) proxyClient() *wire.Client {
	traces := a.otlp
	return a.client(func(ctx context.Context, r *http.Request, _ []byte) { traces.Inject(ctx, r.Header) })
}

// client is a client with connections of its own.
func (a *App) client(onSend func(context.Context, *http.Request, []byte)) *wire.Client {
	s := &a.settings.ModelRequests
	return wire.NewClient(wire.Options{
		Transport: wire.NewPool(a.pool), Connect: s.ConnectTimeout, Read: s.ReadTimeout, OnConn: a.metrics.ModelConnectionUsed, OnSend: onSend,
	})
}

// poolOptions say how many connections to model servers there may be, and what certain hosts get besides. It reads the client certificates.
func (a *App) poolOptions() (wire.PoolOptions, error) {
	s := &a.settings.ModelRequests
	o := wire.PoolOptions{
		MaxConns: s.MaxConnectionsPerHost, MaxIdle: cmp.Or(s.MaxIdleConnectionsPerHost, -1), IdleTimeout: s.IdleTimeout,
		OnOpen: a.metrics.ModelConnectionOpened,
	}
	for origin, headers := range s.Headers {
		header := http.Header{}
		for name, value := range headers {
			header.Set(name, value.Reveal())
		}
		o.Headers = append(o.Headers, wire.ForHost[http.Header]{Origin: originOf(origin), Gets: header})
	}
	for origin, pair := range s.ClientCertificates {
		certificate, err := newClientCertificate(pair, observe.Named(a.log, "main"))
		if err != nil {
			return o, fmt.Errorf("AIGW_MODEL_REQUESTS__CLIENT_CERTIFICATES: %w", err)
		}
		o.Certificates = append(o.Certificates, wire.ForHost[wire.Certificate]{Origin: originOf(origin), Gets: certificate.show})
	}
	return o, nil
}

// originOf is an origin that package config has found to be one.
func originOf(text string) wire.Origin {
	origin, _ := config.ParseOrigin(text)
	return wire.Origin(origin)
}
