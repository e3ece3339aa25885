package otlp

import (
	"context"
	"net/http"
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/propagation"
	semconv "go.opentelemetry.io/otel/semconv/v1.41.0"
	"go.opentelemetry.io/otel/trace"
)

// Request is a request that is being served. A nil Request measures nothing.
type Request struct {
	exporter *Exporter
	ctx      context.Context
	span     trace.Span
	route    []attribute.KeyValue
	started  time.Time
}

// Request starts the span of a request, below the client's if it brings one. route is the template of the path, or "" when there is none:
// other parts of a path never get into names. The request is to be served with the context that is returned.
func (e *Exporter) Request(r *http.Request, route, correlationID string) (context.Context, *Request) {
	if e == nil {
		return r.Context(), nil
	}
	method := knownMethod(r.Method)
	attributes := []attribute.KeyValue{method}
	name := method.Value.AsString()
	if route != "" {
		attributes = append(attributes, semconv.HTTPRoute(route))
		name += " " + route
	}
	parent := e.propagator.Extract(r.Context(), propagation.HeaderCarrier(r.Header))
	ctx, span := e.tracer.Start(parent, name, trace.WithSpanKind(trace.SpanKindServer),
		trace.WithAttributes(attributes...), trace.WithAttributes(attribute.String("gitlab.correlation_id", strings.ToValidUTF8(correlationID, "\uFFFD"))))
	return ctx, &Request{exporter: e, ctx: ctx, span: span, route: attributes, started: time.Now()}
}

// End ends the span of a request that was answered with a status.
func (r *Request) End(status int) {
	if r == nil {
		return
	}
	code := semconv.HTTPResponseStatusCode(status)
	r.span.SetAttributes(code)
	if status >= 500 {
		r.span.SetStatus(codes.Error, "")
	}
	r.span.End()
	r.exporter.instruments.requests.Record(r.ctx, time.Since(r.started).Seconds(),
		metric.WithAttributes(append(r.route[:len(r.route):len(r.route)], code)...))
}

// knownMethod is a method as an attribute: clients may send any word.
func knownMethod(method string) attribute.KeyValue {
	switch method {
	case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE":
		return semconv.HTTPRequestMethodKey.String(method)
	default:
		return semconv.HTTPRequestMethodOther
	}
}
