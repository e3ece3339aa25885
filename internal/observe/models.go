package observe

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/llm"
)

// Limits are the configured numbers of concurrent calls by engine and model name (AIGW_MODEL_ENGINE_CONCURRENCY_LIMITS).
type Limits map[string]map[string]int

// Models counts model calls (spec/observability.md 9.2). Each call ends exactly once, also when its stream is left early. A call that
// fails is logged.
type Models struct {
	metrics *Metrics
	limits  Limits
	log     *slog.Logger
}

// Models returns a counter of model calls.
func (m *Metrics) Models(limits Limits, log *slog.Logger) *Models { return &Models{m, limits, log} }

// Meter returns h with its calls counted under its ID.
func (m *Models) Meter(h llm.Handle) llm.Handle {
	h.Model = meteredModel{h.Model, h.ID, m}
	return h
}

// MeterAll returns a provider that resolves like p and whose models are counted.
func (m *Models) MeterAll(p llm.Provider) llm.Provider { return meteredProvider{p, m} }

type meteredProvider struct {
	llm.Provider
	models *Models
}

func (p meteredProvider) Resolve(ref llm.Ref) (llm.Handle, error) {
	handle, err := p.Provider.Resolve(ref)
	if err != nil {
		return llm.Handle{}, err
	}
	return p.models.Meter(handle), nil
}

type meteredModel struct {
	llm.Model
	id llm.ID
	*Models
}

func (m meteredModel) Generate(ctx context.Context, req llm.Request) (llm.Stream, error) {
	call := m.start(m.id, req.Stream)
	stream, err := m.Model.Generate(ctx, req)
	if err != nil {
		call.end(ctx, err)
		return nil, err
	}
	return func(yield func(llm.Chunk, error) bool) {
		var failure error
		defer func() { call.end(ctx, failure) }()
		for chunk, err := range stream {
			failure = err
			if !yield(chunk, err) {
				return
			}
		}
	}, nil
}

// Begin counts a call that is no [llm.Model]'s, such as a request that is passed on to a vendor as it is. What it returns is called once, when
// the call has ended, with its failure or nil.
func (m *Models) Begin(id llm.ID, streaming bool) (end func(context.Context, error)) {
	return m.start(id, streaming).end
}

// call is a model call under way.
type call struct {
	*Models
	id        llm.ID
	started   time.Time
	streaming string
}

func (m *Models) start(id llm.ID, streaming bool) *call {
	if limit, ok := m.limits[id.Engine][id.Name]; ok {
		m.metrics.maxConcurrent.WithLabelValues(id.Engine, id.Name).Set(float64(limit))
	}
	m.metrics.inFlight.WithLabelValues(id.Engine, id.Name).Inc()
	return &call{m, id, time.Now(), yesNo(streaming)}
}

// end counts the call. A client that went away is no failure of the model.
func (c *call) end(ctx context.Context, err error) {
	failed := err != nil && !errors.Is(err, context.Canceled)
	category, _ := RecordFrom(ctx).Get(FeatureCategory).(string)
	if category == "" {
		category = "unknown"
	}
	labels := []string{c.id.Engine, c.id.Name, yesNo(failed), c.streaming, category}
	c.metrics.inFlight.WithLabelValues(c.id.Engine, c.id.Name).Dec()
	c.metrics.inferences.WithLabelValues(labels...).Inc()
	c.metrics.inferenceDuration.WithLabelValues(labels...).Observe(time.Since(c.started).Seconds())
	if failed {
		LogException(ctx, c.log, err, map[string]any{"model_engine": c.id.Engine, "model_name": c.id.Name})
	}
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
