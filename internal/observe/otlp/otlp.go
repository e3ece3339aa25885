// Package otlp sends traces and metrics to a collector of OpenTelemetry, by OTLP over HTTP.
//
// There is one span a request and, below it, one a model call; names and attributes are those of OpenTelemetry's semantic conventions for HTTP
// and for generative AI. A request that brings a W3C trace context continues that trace, and model servers are told of it in turn. What users
// write and models answer is in none of it.
//
// Where it all goes is said by the variables that OpenTelemetry defines for every program, OTEL_EXPORTER_OTLP_ENDPOINT and so on. A nil
// [Exporter], that of a gateway with the feature switched off, does nothing and costs nothing.
package otlp

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"

	"go.opentelemetry.io/contrib/propagators/autoprop"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/exporters/otlp/otlpmetric/otlpmetrichttp"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/metric"
	noopmetric "go.opentelemetry.io/otel/metric/noop"
	"go.opentelemetry.io/otel/propagation"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	semconv "go.opentelemetry.io/otel/semconv/v1.41.0"
	"go.opentelemetry.io/otel/trace"
	nooptrace "go.opentelemetry.io/otel/trace/noop"
)

// longestAttribute is how many characters of a client's text a span has, unless OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT says otherwise.
const longestAttribute = 1000

// scope names the code that makes spans and measurements.
const scope = "github.com/ai-gateway/ai-gateway"

// Options say what is sent.
type Options struct {
	Traces, Metrics bool
	Log             *slog.Logger // of what goes wrong with sending
}

// Exporter sends traces and metrics. It is safe for concurrent use. [Exporter.Close] it, or what is not sent yet is lost.
type Exporter struct {
	tracer      trace.Tracer
	propagator  propagation.TextMapPropagator
	instruments *instruments
	stop        []func(context.Context) error
}

// Start returns an exporter at work. It reaches out to nobody yet. The error names a variable whose value does not do.
func Start(ctx context.Context, o Options) (*Exporter, error) {
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { o.Log.Warn(err.Error()) }))
	about, err := resource.New(ctx, resource.WithAttributes(semconv.ServiceName("ai-gateway")), resource.WithTelemetrySDK(), resource.WithFromEnv())
	if err != nil {
		return nil, fmt.Errorf("OTEL_RESOURCE_ATTRIBUTES: %w", err)
	}
	// Baggage is not passed on: what clients put into it is no business of model vendors.
	e := &Exporter{tracer: nooptrace.NewTracerProvider().Tracer(scope), propagator: autoprop.NewTextMapPropagator(propagation.TraceContext{})}
	if o.Traces {
		if err := e.startTraces(ctx, about); err != nil {
			return nil, fmt.Errorf("export traces: %w", err)
		}
	}
	meter := metric.Meter(noopmetric.Meter{})
	if o.Metrics {
		if meter, err = e.startMetrics(ctx, about); err != nil {
			return nil, fmt.Errorf("export metrics: %w", err)
		}
	}
	if e.instruments, err = newInstruments(meter); err != nil {
		return nil, fmt.Errorf("export metrics: %w", err)
	}
	return e, nil
}

func (e *Exporter) startTraces(ctx context.Context, about *resource.Resource) error {
	exporter, err := otlptracehttp.New(ctx)
	if err != nil {
		return err
	}
	limits := sdktrace.NewSpanLimits()
	if limits.AttributeValueLengthLimit < 0 {
		limits.AttributeValueLengthLimit = longestAttribute
	}
	provider := sdktrace.NewTracerProvider(sdktrace.WithBatcher(exporter), sdktrace.WithResource(about), sdktrace.WithRawSpanLimits(limits))
	e.tracer = provider.Tracer(scope)
	e.stop = append(e.stop, provider.Shutdown)
	return nil
}

func (e *Exporter) startMetrics(ctx context.Context, about *resource.Resource) (metric.Meter, error) {
	exporter, err := otlpmetrichttp.New(ctx)
	if err != nil {
		return nil, err
	}
	provider := sdkmetric.NewMeterProvider(sdkmetric.WithReader(sdkmetric.NewPeriodicReader(exporter)), sdkmetric.WithResource(about))
	e.stop = append(e.stop, provider.Shutdown)
	return provider.Meter(scope), nil
}

// Close sends what is left, until ctx ends.
func (e *Exporter) Close(ctx context.Context) error {
	if e == nil {
		return nil
	}
	var failed []error
	for _, stop := range e.stop {
		if err := stop(ctx); err != nil {
			failed = append(failed, fmt.Errorf("send the last traces and metrics: %w", err))
		}
	}
	return errors.Join(failed...)
}

// Inject tells the receiver of a request with header h which span it belongs to.
func (e *Exporter) Inject(ctx context.Context, h http.Header) {
	if e != nil {
		e.propagator.Inject(ctx, propagation.HeaderCarrier(h))
	}
}

// TraceID is the id of the trace that ctx belongs to, in hex, or "".
func TraceID(ctx context.Context) string {
	span := trace.SpanContextFromContext(ctx)
	if !span.HasTraceID() {
		return ""
	}
	return span.TraceID().String()
}
