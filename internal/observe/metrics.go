package observe

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

// latencyBuckets are the bounds, in seconds, of every latency histogram that the contract names (B7 in spec/observability.md 9).
var latencyBuckets = []float64{0.5, 1, 2.5, 5, 10, 30, 60}

// Metrics are all that the gateway counts. Names, labels and buckets are those of spec/observability.md 9.
type Metrics struct {
	registry *prometheus.Registry

	httpDuration *prometheus.HistogramVec

	inFlight          *prometheus.GaugeVec
	maxConcurrent     *prometheus.GaugeVec
	inferences        *prometheus.CounterVec
	inferenceDuration *prometheus.HistogramVec

	events *eventMetrics
}

// NewMetrics registers every metric, the process's and the Go runtime's among them, in a registry of its own.
func NewMetrics() *Metrics {
	model := []string{"model_engine", "model_name"}
	call := append(append([]string{}, model...), "error", "streaming", "feature_category")
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		httpDuration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "http_request_duration_seconds", Buckets: latencyBuckets,
			Help: "Seconds from the arrival of a request until its status and headers were sent.",
		}, []string{"handler", "method", "status"}),
		inFlight: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "model_inferences_in_flight", Help: "Model calls under way.",
		}, model),
		maxConcurrent: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "model_inferences_max_concurrent", Help: "Configured limit of concurrent model calls.",
		}, model),
		inferences: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "model_inferences_total", Help: "Model calls that have ended.",
		}, call),
		inferenceDuration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "inference_request_duration_seconds", Buckets: latencyBuckets,
			Help: "Seconds from the start of a model call to its end; of a stream, until it was consumed.",
		}, call),
		events: newEventMetrics(),
	}
	m.registry.MustRegister(m.events.sent, m.events.dropped, m.events.waiting)
	m.registry.MustRegister(m.httpDuration, m.inFlight, m.maxConcurrent, m.inferences, m.inferenceDuration,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Request counts a request that was answered: handler is the template of its route, took the time until its head was sent.
func (m *Metrics) Request(handler, method string, status int, took time.Duration) {
	class := [...]string{"1xx", "2xx", "3xx", "4xx", "5xx"}[min(max(status/100, 1), 5)-1]
	m.httpDuration.WithLabelValues(handler, method, class).Observe(took.Seconds())
}
