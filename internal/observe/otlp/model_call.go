package otlp

import (
	"context"
	"strconv"
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/metric"
	semconv "go.opentelemetry.io/otel/semconv/v1.41.0"
	"go.opentelemetry.io/otel/trace"

	"github.com/ai-gateway/ai-gateway/internal/llm"
)

// ModelCall is a call to a model under way. A nil ModelCall measures nothing.
type ModelCall struct {
	exporter *Exporter
	ctx      context.Context
	span     trace.Span
	model    []attribute.KeyValue // for metrics
	started  time.Time
}

// ModelCall starts the span of a call to the model id. label is the same id as it may be used in metrics. The call is to be made with the
// context that is returned.
func (e *Exporter) ModelCall(ctx context.Context, id, label llm.ID, req llm.Request) (context.Context, *ModelCall) {
	if e == nil {
		return ctx, nil
	}
	operation := semconv.GenAIOperationNameChat
	if req.Prompt != "" && len(req.Messages) == 0 {
		operation = semconv.GenAIOperationNameTextCompletion
	}
	provider := semconv.GenAIProviderNameKey.String(providerName(id))
	ctx, span := e.tracer.Start(ctx, operation.Value.AsString()+" "+id.Name, trace.WithSpanKind(trace.SpanKindClient),
		trace.WithAttributes(operation, provider, semconv.GenAIRequestModel(id.Name), semconv.GenAIRequestStream(req.Stream)))
	if req.MaxTokens > 0 {
		span.SetAttributes(semconv.GenAIRequestMaxTokens(req.MaxTokens))
	}
	if req.Temperature != nil {
		span.SetAttributes(semconv.GenAIRequestTemperature(*req.Temperature))
	}
	model := []attribute.KeyValue{operation, provider, semconv.GenAIRequestModel(label.Name)}
	return ctx, &ModelCall{exporter: e, ctx: ctx, span: span, model: model, started: time.Now()}
}

// Outcome is how a call ended.
type Outcome struct {
	FirstChunk time.Duration // of a stream: from the start of the call until its first text; 0 when there was none
	Finish     string        // why the model stopped, in its vendor's words; "" when it did not say
	Usage      *llm.Usage    // nil when the vendor did not count
	Err        error         // of a call that failed
}

// End ends the span of a call.
func (c *ModelCall) End(o Outcome) {
	if c == nil {
		return
	}
	defer c.span.End()
	took := time.Since(c.started)
	measured, in := c.model[:len(c.model):len(c.model)], c.exporter.instruments
	if o.Finish != "" {
		c.span.SetAttributes(semconv.GenAIResponseFinishReasons(o.Finish))
	}
	if o.Usage != nil {
		c.span.SetAttributes(semconv.GenAIUsageInputTokens(o.Usage.InputTokens), semconv.GenAIUsageOutputTokens(o.Usage.OutputTokens))
		in.tokens.Record(c.ctx, int64(o.Usage.InputTokens), metric.WithAttributes(append(measured, semconv.GenAITokenTypeInput)...))
		in.tokens.Record(c.ctx, int64(o.Usage.OutputTokens), metric.WithAttributes(append(measured, semconv.GenAITokenTypeOutput)...))
	}
	if o.FirstChunk > 0 {
		c.span.SetAttributes(semconv.GenAIResponseTimeToFirstChunk(o.FirstChunk.Seconds()))
		in.firstChunk.Record(c.ctx, o.FirstChunk.Seconds(), metric.WithAttributes(measured...))
	}
	if o.Err != nil {
		kind := semconv.ErrorTypeKey.String(errorType(o.Err))
		c.span.SetAttributes(kind)
		c.span.SetStatus(codes.Error, "") // the text may quote the vendor, and the vendor the user
		measured = append(measured, kind)
	}
	in.calls.Record(c.ctx, took.Seconds(), metric.WithAttributes(measured...))
}

// errorType is the vendor's status, or our word for what happened.
func errorType(err error) string {
	failure := llm.ErrorOf(err)
	switch {
	case failure == nil:
		return "_OTHER"
	case failure.Status != 0:
		return strconv.Itoa(failure.Status)
	default:
		return strings.ReplaceAll(failure.Kind.String(), " ", "_")
	}
}

// providerName is what the conventions call the vendor of a model. Servers that speak OpenAI's language count as OpenAI.
func providerName(id llm.ID) string {
	engine := strings.TrimSuffix(id.Engine, "-chat")
	if engine == "litellm" {
		vendor, _, _ := strings.Cut(strings.TrimPrefix(id.Name, "text-completion-"), "/")
		switch vendor {
		case "anthropic":
			return vendor
		case "bedrock":
			return "aws.bedrock"
		case "azure":
			return "azure.ai.openai"
		case "vertex_ai":
			return "gcp.vertex_ai"
		default:
			return "openai"
		}
	}
	switch engine {
	case "vertex-ai":
		return "gcp.vertex_ai"
	case "codestral":
		return "mistral_ai"
	default:
		return engine
	}
}
