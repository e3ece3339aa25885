package auth

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const (
	freshFor     = time.Hour        // a set older than this is fetched anew, while it still serves
	usableFor    = 24 * time.Hour   // a set older than this serves no more: its provider has been silent for too long
	fetchTimeout = 10 * time.Second // discovery and keys together
	renewEvery   = 10 * time.Second // how often unknown key IDs may cause a fetch
	firstRetry   = time.Second      // after a failed fetch; doubles with each further failure
	lastRetry    = 30 * time.Second
)

// provider is an OIDC provider: it says under a well-known address which keys sign its tokens (spec/auth.md 8).
//
// Nothing is fetched before a token needs it. From then on requests use the set that is there; one fetch at a time replaces it, and only a
// request that finds no set at all waits for it. A failed fetch changes nothing but the time of the next one.
type provider struct {
	label     string   // as in the log: "Gitlab" or "CustomersDot"
	issuers   []string // the names that the setting gives it
	discovery []string // addresses of the discovery document, tried in turn
	client    *http.Client

	now     func() time.Time
	fetched func(*keySet) // told of each new set
	failed  func(error)   // told of each failed fetch

	current atomic.Pointer[keySet]

	mu       sync.Mutex
	life     context.Context //nolint:containedctx // fetches belong to the provider, not to the request that happens to start them
	closed   bool
	fetches  sync.WaitGroup
	running  *fetch
	began    time.Time // of the latest fetch
	failures int       // in a row
	retryAt  time.Time // no fetch before
	failure  error     // of the latest fetch
}

// fetch is one attempt to get a key set. Any number of requests may wait for it.
type fetch struct{ done chan struct{} }

func (f *fetch) wait(ctx context.Context) error {
	select {
	case <-f.done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func newProvider(life context.Context, label, base string, client *http.Client) (*provider, error) {
	u, err := url.Parse(base)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return nil, fmt.Errorf("the base URL of OIDC provider %s is not an http or https URL", label)
	}
	u.User, u.RawQuery, u.Fragment = nil, "", ""
	name := strings.TrimRight(u.String(), "/")
	return &provider{
		label:     label,
		issuers:   []string{name, name + "/"},
		discovery: discoveryURLs(u),
		client:    client,
		life:      life,
	}, nil
}

func (p *provider) isConfiguredAs(issuer string) bool { return slices.Contains(p.issuers, issuer) }

// usable is the set in force, without waiting; nil if there is none. An old set is given all the same, and a fetch begins.
func (p *provider) usable() *keySet {
	set := p.current.Load()
	if set == nil {
		return nil
	}
	age := p.now().Sub(set.asOf)
	if age >= freshFor || len(set.keys) == 0 {
		p.start()
	}
	if age >= usableFor {
		return nil
	}
	return set
}

// keys is the set in force. If there is none it waits for one, but not while the provider is known to be down.
func (p *provider) keys(ctx context.Context) (*keySet, error) {
	if set := p.usable(); set != nil {
		return set, nil
	}
	if f := p.start(); f != nil {
		if err := f.wait(ctx); err != nil {
			return nil, fmt.Errorf("wait for the keys of OIDC provider %s: %w", p.label, err)
		}
	}
	if set := p.usable(); set != nil {
		return set, nil
	}
	return nil, p.silence()
}

// known is the set in force, or nil. It waits for the very first fetch only: afterwards a provider that is down holds nobody up who has no
// token of it.
func (p *provider) known(ctx context.Context) *keySet {
	if set := p.usable(); set != nil {
		return set
	}
	if f := p.start(); f != nil && !p.hasFailed() {
		_ = f.wait(ctx)
	}
	return p.usable()
}

// renew is a set that was fetched after old, if one can be had now; otherwise old.
func (p *provider) renew(ctx context.Context, old *keySet) *keySet {
	if p.current.Load() == old {
		if f := p.startRenewal(); f != nil {
			_ = f.wait(ctx)
		}
	}
	return p.current.Load()
}

// start begins a fetch, or joins the running one. It is nil while a failed fetch is not yet to be repeated.
func (p *provider) start() *fetch {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.running == nil && p.now().Before(p.retryAt) {
		return nil
	}
	return p.begin()
}

// startRenewal is start for the sake of an unknown key ID, which any client can make up: it happens seldom.
func (p *provider) startRenewal() *fetch {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.running == nil && p.now().Sub(p.began) < renewEvery {
		return nil
	}
	return p.begin()
}

func (p *provider) begin() *fetch {
	if p.running != nil || p.closed {
		return p.running
	}
	f, began := &fetch{done: make(chan struct{})}, p.now()
	p.running, p.began = f, began
	p.fetches.Go(func() { p.run(f, began) })
	return f
}

func (p *provider) run(f *fetch, began time.Time) {
	defer close(f.done)
	ctx, cancel := context.WithTimeout(p.life, fetchTimeout)
	defer cancel()
	set, err := p.fetchKeys(ctx)
	if err == nil {
		set.asOf = began
		if len(set.keys) == 0 {
			err = fmt.Errorf("OIDC provider %s publishes no usable key", p.label)
		}
	}
	p.settle(set, err)
	if set != nil {
		p.fetched(set)
	}
	if err != nil && p.life.Err() == nil {
		p.failed(err)
	}
}

// settle ends a fetch. A set without keys is a set: whatever was trusted before no longer is. But the next fetch is soon.
func (p *provider) settle(set *keySet, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if set != nil {
		p.current.Store(set)
	}
	p.running, p.failure = nil, err
	if err == nil {
		p.failures, p.retryAt = 0, time.Time{}
		return
	}
	p.retryAt = p.now().Add(min(firstRetry<<min(p.failures, 5), lastRetry))
	p.failures++
}

// silence is why there is no set in force.
func (p *provider) silence() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.failure == nil {
		return fmt.Errorf("the keys of OIDC provider %s have not been fetched", p.label)
	}
	return p.failure
}

func (p *provider) hasFailed() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.failures > 0
}

// close waits for the running fetch, which the end of the provider's life cuts short. None follows.
func (p *provider) close() {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	p.fetches.Wait()
}
