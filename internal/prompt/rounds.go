package prompt

import (
	"context"
	"errors"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/llm"
)

// rounds is how often a call is made in all (spec/prompts.md 1.10). Class litellm counts rounds, each with all the attempts that the
// provider makes by itself; class anthropic leaves its repetitions to the provider.
func (p *Prompt) rounds() int {
	if p.class == Anthropic {
		return 1
	}
	const clientDefault = 6
	return max(1, deref(p.definition.Params.MaxRetries, clientDefault))
}

// worthAnotherRound reports whether a call may go better later. One that the gateway itself held back has waited already.
func worthAnotherRound(err error) bool {
	failure := llm.ErrorOf(err)
	if failure == nil || errors.Is(err, llm.ErrHeldBack) {
		return false
	}
	return failure.Kind == llm.Unavailable || failure.Kind == llm.TimedOut || failure.Kind == llm.Overloaded
}

// roundPause is the time between a round and the next: twice as long each time, between 4 and 10 seconds.
func roundPause(round int) time.Duration {
	return min(max(4*time.Second, time.Second<<min(round, 5)), 10*time.Second)
}

// wait waits, unless the client leaves before.
func (o Options) wait(ctx context.Context, d time.Duration) error {
	if o.Wait != nil {
		return o.Wait(ctx, d)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
