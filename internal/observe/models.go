package observe

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/observe/otlp"
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
	id     llm.ID
	models *Models
}

// errBrokeDown is the failure of a call whose adapter panicked.
var errBrokeDown = errors.New("the model's adapter broke down")

func (m meteredModel) Generate(ctx context.Context, req llm.Request) (llm.Stream, error) {
	call := m.models.start(m.id, req.Stream)
	ctx, call.traced = m.models.metrics.otlp.ModelCall(ctx, m.id, call.label, req)
	failure := errBrokeDown
	defer func() {
		if failure != nil {
			call.end(ctx, failure)
		}
	}()
	var stream llm.Stream
	if stream, failure = m.Model.Generate(ctx, req); failure != nil {
		return nil, failure
	}
	unread := context.AfterFunc(ctx, func() { call.end(ctx, nil) }) // of somebody who never reads the stream
	return func(yield func(llm.Chunk, error) bool) {
		counting := unread() // false: the client has left already
		var failure error
		defer func() { call.end(ctx, failure) }()
		for chunk, err := range stream {
			if counting {
				call.take(chunk)
			}
			failure = err
			if !yield(chunk, err) {
				return
			}
		}
	}, nil
}

// Begin counts a call that is no [llm.Model]'s, such as a request that is passed on to a vendor as it is. The call is to be made with the
// context that it returns; end is called when the call has ended, with its failure or nil.
func (m *Models) Begin(ctx context.Context, id llm.ID, streaming bool) (_ context.Context, end func(context.Context, error)) {
	call := m.start(id, streaming)
	ctx, call.traced = m.metrics.otlp.ModelCall(ctx, id, call.label, llm.Request{Stream: streaming})
	return ctx, call.end
}

// Limited lets the counts of a model begin at zero whose calls may be held back, for these reasons: a count that begins with its first
// event hides that from queries.
func (m *Models) Limited(model llm.ID, reasons []string) {
	label := m.metrics.model(model)
	m.metrics.held.WithLabelValues(label.Engine, label.Name)
	for _, reason := range reasons {
		m.metrics.rejected.WithLabelValues(label.Engine, label.Name, reason)
	}
}

// Waiting counts calls that wait because their model has as many as it may have. change is 1 when one begins to, -1 when it no longer does.
func (m *Models) Waiting(model llm.ID, change int) {
	label := m.metrics.model(model)
	m.metrics.held.WithLabelValues(label.Engine, label.Name).Add(float64(change))
}

// Rejected counts a call that its model's limit did not let through.
func (m *Models) Rejected(model llm.ID, reason string) {
	label := m.metrics.model(model)
	m.metrics.rejected.WithLabelValues(label.Engine, label.Name, reason).Inc()
}

// call is a model call under way.
type call struct {
	models    *Models
	id        llm.ID
	label     llm.ID // the same, bounded
	streaming bool
	started   time.Time
	first     time.Duration // until the first text; 0 before it
	usage     *llm.Usage
	finish    string
	traced    *otlp.ModelCall
	ended     sync.Once
}

func (m *Models) start(id llm.ID, streaming bool) *call {
	label := m.metrics.model(id)
	if limit, ok := m.limits[id.Engine][id.Name]; ok {
		m.metrics.maxConcurrent.WithLabelValues(label.Engine, label.Name).Set(float64(limit))
	}
	m.metrics.inFlight.WithLabelValues(label.Engine, label.Name).Inc()
	return &call{models: m, id: id, label: label, streaming: streaming, started: time.Now()}
}

// take notes what a piece of the answer says about the call.
func (c *call) take(chunk llm.Chunk) {
	if c.first == 0 && (chunk.Text != "" || chunk.Hidden != "") {
		c.first = time.Since(c.started)
	}
	if chunk.Usage != nil {
		c.usage = chunk.Usage
	}
	if chunk.Finish != "" {
		c.finish = chunk.Finish
	}
}

// end counts the call, the first time it is called. A client that went away is no failure of the model.
func (c *call) end(ctx context.Context, err error) {
	c.ended.Do(func() {
		failed := err != nil && !errors.Is(err, context.Canceled)
		c.count(ctx, failed)
		c.trace(err, failed)
		if failed {
			LogException(ctx, c.models.log, err, map[string]any{"model_engine": c.id.Engine, "model_name": c.id.Name})
		}
	})
}

func (c *call) count(ctx context.Context, failed bool) {
	category, _ := RecordFrom(ctx).Get(FeatureCategory).(string)
	if category == "" {
		category = "unknown"
	}
	m, engine, name := c.models.metrics, c.label.Engine, c.label.Name
	m.inFlight.WithLabelValues(engine, name).Dec()
	m.inferences.WithLabelValues(engine, name, yesNo(failed), yesNo(c.streaming), category).Inc()
	m.inferenceDuration.WithLabelValues(engine, name, yesNo(failed), yesNo(c.streaming), category).Observe(time.Since(c.started).Seconds())
	if c.usage != nil {
		m.tokens.WithLabelValues(engine, name, category, "input").Add(float64(max(c.usage.InputTokens, 0)))
		m.tokens.WithLabelValues(engine, name, category, "output").Add(float64(max(c.usage.OutputTokens, 0)))
	}
	if c.streaming && c.first > 0 {
		m.firstChunk.WithLabelValues(engine, name, category).Observe(c.first.Seconds())
	}
}

func (c *call) trace(err error, failed bool) {
	outcome := otlp.Outcome{Finish: c.finish, Usage: c.usage}
	if c.streaming {
		outcome.FirstChunk = c.first
	}
	if failed {
		outcome.Err = err
	}
	c.traced.End(outcome)
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
