package observe

import (
	"context"
	"log/slog"
	"strconv"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
)

// ClientTelemetry is what an editor counted since its last request (spec/observability.md 9.4). A model that it does not name is the one of
// the current request.
type ClientTelemetry struct {
	ModelEngine, ModelName string
	Language               *string
	Experiments            []ClientExperiment // nil when it sent none
	Requests               int64
	Accepts                int64
	Errors                 int64
}

// ClientExperiment is one that ran in an editor.
type ClientExperiment struct {
	Name    string `json:"name"`
	Variant int64  `json:"variant"`
}

// telemetryMetrics are the counters that editors fill.
type telemetryMetrics struct {
	accepts, requests, errors *prometheus.CounterVec
	bound                     *bounded
}

func newTelemetryMetrics() *telemetryMetrics {
	counter := func(name, help string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help},
			[]string{"model_engine", "model_name", "lang", "exp_names", "exp_variants"})
	}
	return &telemetryMetrics{
		accepts:  counter("code_suggestions_accepts_total", "Suggestions that users accepted, as editors count them."),
		requests: counter("code_suggestions_requests_total", "Suggestions that users asked for, as editors count them."),
		errors:   counter("code_suggestions_errors_total", "Suggestions that failed, as editors count them."),
		bound:    newBounded(mostTelemetry),
	}
}

// ClientTelemetry logs and counts what an editor sent.
func (m *Metrics) ClientTelemetry(ctx context.Context, log *slog.Logger, t ClientTelemetry) {
	record := RecordFrom(ctx)
	if t.ModelEngine == "" {
		t.ModelEngine, _ = record.Get("model_engine").(string)
	}
	if t.ModelName == "" {
		t.ModelName, _ = record.Get("model_name").(string)
	}
	language := any(nil)
	if t.Language != nil {
		language = *t.Language
	}
	log.LogAttrs(ctx, slog.LevelInfo, "telemetry",
		slog.String("logger", "telemetry"),
		slog.String("model_engine", t.ModelEngine),
		slog.String("model_name", t.ModelName),
		slog.Any("lang", language),
		slog.Any("experiments", t.Experiments),
		slog.Int64("requests", t.Requests),
		slog.Int64("accepts", t.Accepts),
		slog.Int64("errors", t.Errors),
	)
	m.telemetry.count(t)
}

func (m *telemetryMetrics) count(t ClientTelemetry) {
	language := ""
	if t.Language != nil {
		language = *t.Language
	}
	names, variants := make([]string, len(t.Experiments)), make([]string, len(t.Experiments))
	for i, e := range t.Experiments {
		names[i], variants[i] = e.Name, strconv.FormatInt(e.Variant, 10)
	}
	l, ok := m.bound.admit(labels{t.ModelEngine, t.ModelName, language, strings.Join(names, ","), strings.Join(variants, ",")})
	if !ok {
		l = labels{other, other, other, other, other}
	}
	m.accepts.WithLabelValues(l[:]...).Add(float64(t.Accepts))
	m.requests.WithLabelValues(l[:]...).Add(float64(t.Requests))
	m.errors.WithLabelValues(l[:]...).Add(float64(t.Errors))
}
