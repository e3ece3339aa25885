// Package health answers whether the gateway can do its work (spec/settings-and-operations.md 8).
package health

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
)

// Check asks one model something small.
type Check struct {
	Name string // of the provider
	Ask  func(context.Context) error
}

// Readiness runs checks in order until each has succeeded once; a provider that was reached is not asked again.
type Readiness struct {
	checks  []Check
	reached []atomic.Bool
	missing error

	draining atomic.Bool
}

// NewReadiness returns a Readiness over the providers that are configured.
func NewReadiness(checks ...Check) *Readiness {
	return &Readiness{checks: checks, reached: make([]atomic.Bool, len(checks))}
}

// NeverReady returns a Readiness that always fails, saying what has to be done first.
func NeverReady(what string) *Readiness {
	return &Readiness{missing: errors.New(what)}
}

// ErrNotReady is in the chain of what [Readiness.Ready] returns when no model provider is configured; the error's text says which
// settings are missing and is meant for the operator who asks.
var ErrNotReady = errors.New("not ready")

// Drain makes the gateway not ready for good: it is about to end, and load balancers shall send their requests elsewhere.
func (r *Readiness) Drain() { r.draining.Store(true) }

// errDraining is told to whoever asks during the drain.
var errDraining = errors.New("the gateway is shutting down")

// Ready returns nil when every provider has answered at some time. Else the error is that of the first one that does not.
func (r *Readiness) Ready(ctx context.Context) error {
	if r.draining.Load() {
		return fmt.Errorf("%w: %w", ErrNotReady, errDraining)
	}
	if r.missing != nil {
		return fmt.Errorf("%w: %w", ErrNotReady, r.missing)
	}
	for i, check := range r.checks {
		if r.reached[i].Load() {
			continue
		}
		if err := check.Ask(ctx); err != nil {
			return fmt.Errorf("ask %s: %w", check.Name, err)
		}
		r.reached[i].Store(true)
	}
	return nil
}
