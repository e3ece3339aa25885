package observe

import (
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/observe/otlp"
)

// latencyBuckets are the bounds, in seconds, of every latency histogram that the contract names (B7 in spec/observability.md 9).
var latencyBuckets = []float64{0.5, 1, 2.5, 5, 10, 30, 60}

// firstChunkBuckets are the bounds, in seconds, that OpenTelemetry's conventions recommend for the time to the first chunk.
var firstChunkBuckets = []float64{.001, .005, .01, .02, .04, .06, .08, .1, .25, .5, .75, 1, 2.5, 5, 7.5, 10}

// How many combinations of values there may be of labels that clients choose.
const (
	mostModels    = 200 // engine and model
	mostLanguages = 500 // language, extension and the editor's language
	mostTelemetry = 500 // all labels of client telemetry
	mostUsers     = 500 // instance, user and unit primitive of abuse scores
)

// Metrics are all that the gateway counts. Names, labels and buckets are those of spec/observability.md 9. However many values clients
// think up for a label, the number of time series has a bound: see docs/observability.md.
type Metrics struct {
	registry *prometheus.Registry

	httpDuration *prometheus.HistogramVec

	models            *bounded
	inFlight          *prometheus.GaugeVec
	maxConcurrent     *prometheus.GaugeVec
	held              *prometheus.GaugeVec
	rejected          *prometheus.CounterVec
	inferences        *prometheus.CounterVec
	inferenceDuration *prometheus.HistogramVec
	tokens            *prometheus.CounterVec
	firstChunk        *prometheus.HistogramVec

	connections     *prometheus.GaugeVec
	connectionsUsed *prometheus.CounterVec

	threads   *prometheus.GaugeVec
	telemetry *telemetryMetrics
	events    *eventMetrics

	otlp *otlp.Exporter // nil: off
}

// NewMetrics registers every metric, the process's and the Go runtime's among them, in a registry of its own.
func NewMetrics() *Metrics {
	model := []string{"model_engine", "model_name"}
	feature := append(slices.Clone(model), "feature_category")
	call := append(slices.Clone(model), "error", "streaming", "feature_category")
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		httpDuration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "http_request_duration_seconds", Buckets: latencyBuckets,
			Help: "Seconds from the arrival of a request until its status and headers were sent.",
		}, []string{"handler", "method", "status"}),
		models: newBounded(mostModels),
		inFlight: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "model_inferences_in_flight", Help: "Model calls under way.",
		}, model),
		maxConcurrent: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "model_inferences_max_concurrent", Help: "Configured limit of concurrent model calls.",
		}, model),
		held: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "model_inferences_waiting", Help: "Model calls that wait because as many as the limit allows are under way.",
		}, model),
		rejected: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "model_inferences_rejected_total", Help: "Model calls that the limit did not let through, by reason.",
		}, append(slices.Clone(model), "reason")),
		inferences: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "model_inferences_total", Help: "Model calls that have ended.",
		}, call),
		inferenceDuration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "inference_request_duration_seconds", Buckets: latencyBuckets,
			Help: "Seconds from the start of a model call to its end; of a stream, until it was consumed.",
		}, call),
		tokens: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "gen_ai_client_token_usage_total", Help: "Tokens as the model servers counted them.",
		}, append(slices.Clone(feature), "token_type")),
		firstChunk: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "gen_ai_client_operation_time_to_first_chunk_seconds", Buckets: firstChunkBuckets,
			Help: "Seconds from the start of a streamed model call until its first text.",
		}, feature),
		connections: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "ai_gateway_model_connections", Help: "Open connections to model servers, idle ones included.",
		}, []string{"vendor"}),
		connectionsUsed: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "ai_gateway_model_connections_used_total", Help: "Requests to model servers, by whether their connection was there already.",
		}, []string{"vendor", "reused"}),
		threads: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "ai_gateway_threads_count", Help: "Goroutines at the last look of the thread monitor.",
		}, []string{"pid"}),
		telemetry: newTelemetryMetrics(),
		events:    newEventMetrics(),
	}
	m.registry.MustRegister(m.httpDuration, m.inFlight, m.maxConcurrent, m.held, m.rejected, m.inferences, m.inferenceDuration, m.tokens, m.firstChunk, m.connections, m.connectionsUsed, m.threads,
		m.telemetry.accepts, m.telemetry.requests, m.telemetry.errors, m.events.sent, m.events.dropped, m.events.waiting,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// ExportTo has requests and model calls that come from now on traced and measured by e, too.
func (m *Metrics) ExportTo(e *otlp.Exporter) { m.otlp = e }

// Request counts a request that was answered: handler is the template of its route, took the time until its head was sent.
func (m *Metrics) Request(handler, method string, status int, took time.Duration) {
	class := [...]string{"1xx", "2xx", "3xx", "4xx", "5xx"}[min(max(status/100, 1), 5)-1]
	m.httpDuration.WithLabelValues(handler, knownMethod(method), class).Observe(took.Seconds())
}

// knownMethod is a method as a label: clients may send any word.
func knownMethod(method string) string {
	switch method {
	case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE":
		return method
	default:
		return other
	}
}

// model is a model's name as labels: requests may bring models that nobody has heard of.
func (m *Metrics) model(id llm.ID) llm.ID {
	admitted, ok := m.models.admit(labels{id.Engine, id.Name})
	if !ok {
		return llm.ID{Engine: id.Engine, Name: other}
	}
	return llm.ID{Engine: admitted[0], Name: admitted[1]}
}
