package app

import (
	"context"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/bulkhead"
	"github.com/ai-gateway/ai-gateway/internal/observe"
)

// modelCalls counts the calls to models and keeps them to their limits: those of use cases, of registered prompts and of the proxies.
// A call that waits for its turn, or is refused one, is counted as well.
type modelCalls struct {
	meter  *observe.Models
	limits *bulkhead.Bulkheads // nil: limits are shown, not kept
}

func (a *App) newModelCalls() *modelCalls {
	s := a.settings
	calls := &modelCalls{meter: a.metrics.Models(s.ModelEngineConcurrencyLimits, a.log)}
	if s.ModelEngineConcurrencyLimitsEnforce {
		calls.limits = bulkhead.New(s.ModelEngineConcurrencyLimits, calls.meter)
	}
	return calls
}

func (c *modelCalls) of(h llm.Handle) llm.Handle { return c.meter.Meter(c.limits.Guard(h)) }

func (c *modelCalls) ofAll(p llm.Provider) llm.Provider {
	return c.meter.MeterAll(c.limits.GuardAll(p))
}

// Begin implements [proxy.Calls].
func (c *modelCalls) Begin(ctx context.Context, model llm.ID, streaming bool) (context.Context, func(context.Context, error), error) {
	ctx, end := c.meter.Begin(ctx, model, streaming)
	release, err := c.limits.Acquire(ctx, model)
	if err != nil {
		end(ctx, err)
		return ctx, nil, err
	}
	return ctx, func(ctx context.Context, err error) {
		release()
		end(ctx, err)
	}, nil
}
