package observe

import "github.com/prometheus/client_golang/prometheus"

// Events counts what becomes of the events of one tracker: "snowplow", "internal_event" or "langsmith".
type Events struct {
	sent    prometheus.Counter
	waiting prometheus.Gauge
	dropped *prometheus.CounterVec // by reason
}

// eventMetrics are those of all trackers.
type eventMetrics struct {
	sent, dropped *prometheus.CounterVec
	waiting       *prometheus.GaugeVec
}

func newEventMetrics() *eventMetrics {
	tracker := []string{"tracker"}
	return &eventMetrics{
		sent: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "ai_gateway_events_sent_total", Help: "Events that a collector has taken.",
		}, tracker),
		dropped: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "ai_gateway_events_dropped_total", Help: "Events that no collector will ever get.",
		}, []string{"tracker", "reason"}),
		waiting: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "ai_gateway_events_waiting", Help: "Events that wait for their collector.",
		}, tracker),
	}
}

// Events returns the counters of a tracker. Those of the reasons for which it drops events begin at 0: Prometheus takes no notice of the first
// increase of a counter that was not there before.
func (m *Metrics) Events(tracker string, reasons ...string) *Events {
	for _, reason := range reasons {
		m.events.dropped.WithLabelValues(tracker, reason)
	}
	return &Events{
		sent:    m.events.sent.WithLabelValues(tracker),
		waiting: m.events.waiting.WithLabelValues(tracker),
		dropped: m.events.dropped.MustCurryWith(prometheus.Labels{"tracker": tracker}),
	}
}

// Sent counts events that were taken.
func (e *Events) Sent(n int) { e.sent.Add(float64(n)) }

// Dropped counts events that are lost.
func (e *Events) Dropped(n int, reason string) { e.dropped.WithLabelValues(reason).Add(float64(n)) }

// Waiting notes how many events there are.
func (e *Events) Waiting(n int) { e.waiting.Set(float64(n)) }
