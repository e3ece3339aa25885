package app

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/config"
	"github.com/ai-gateway/ai-gateway/internal/observe"
)

// reloadEvery is how often a source of settings is looked at.
const reloadEvery = time.Second

// Source is where a gateway reads its settings from again.
type Source interface {
	Load() (*config.Settings, error)
	Stamp() string // another one when Load may have something new to say
}

// RunReloading is [App.Run] for development: when the source changes, a new gateway is built from it and takes over
// (spec/settings-and-operations.md 6). Requests that are under way finish in the old one, and no connection is dropped. Metrics begin anew.
// Settings that are wrong change nothing.
func (a *App) RunReloading(ctx context.Context, source Source) error {
	life, stop := context.WithCancel(ctx)
	a.background(life)
	l, stamp := newLive(a, stop), source.Stamp()
	look := time.NewTicker(reloadEvery)
	defer look.Stop()
	watching := make(chan struct{})
	go func() {
		defer close(watching)
		l.watch(ctx, source, stamp, look.C)
	}()
	err := a.serve(ctx, l, l.metricsHandler(), l.drain)
	<-watching
	l.end()
	a.closeLog()
	return err
}

// live serves requests with the gateway of the day.
type live struct {
	mu      sync.RWMutex
	current *generation
	retired sync.WaitGroup
}

// generation is a gateway, and how many requests it has under way.
type generation struct {
	*App
	metricsPage http.Handler
	requests    sync.WaitGroup
	stop        context.CancelFunc // of what it does in the background
	first       bool               // its log is the server's, and goes on
}

// newLive serves with a gateway whose work in the background stop ends.
func newLive(first *App, stop context.CancelFunc) *live {
	return &live{current: &generation{App: first, metricsPage: first.metricsHandler(), stop: stop, first: true}}
}

// ServeHTTP implements [http.Handler] with the API.
func (l *live) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g := l.enter()
	defer g.requests.Done()
	g.api.ServeHTTP(w, r)
}

func (l *live) metricsHandler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		g := l.enter()
		defer g.requests.Done()
		g.metricsPage.ServeHTTP(w, r)
	})
}

// enter begins a request; it ends with Done.
func (l *live) enter() *generation {
	l.mu.RLock()
	defer l.mu.RUnlock()
	l.current.requests.Add(1)
	return l.current
}

func (l *live) drain() {
	l.mu.RLock()
	defer l.mu.RUnlock()
	l.current.ready.Drain()
}

// watch looks at the source, whose settings so far had the stamp, whenever it is time to, until ctx ends.
func (l *live) watch(ctx context.Context, source Source, stamp string, look <-chan time.Time) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-look:
			if now := source.Stamp(); now != stamp {
				stamp = now
				l.reload(ctx, source)
			}
		}
	}
}

// reload builds a gateway from the settings of now and has it take over.
func (l *live) reload(ctx context.Context, source Source) {
	old := l.current // nobody else replaces it
	log := observe.Named(old.log, "main")
	settings, err := source.Load()
	if err != nil {
		log.Error("The changed settings are not used: " + err.Error())
		return
	}
	next, err := New(settings)
	if err != nil {
		log.Error("The changed settings are not used: " + err.Error())
		return
	}
	if restartOnly(settings) != restartOnly(old.settings) {
		log.Warn("Addresses, certificates and time-outs of the listeners change with a restart only")
	}
	life, stop := context.WithCancel(ctx)
	next.reopenLog(life)
	next.background(life)
	g := &generation{App: next, metricsPage: next.metricsHandler(), stop: stop}
	l.mu.Lock()
	l.current = g
	l.mu.Unlock()
	l.retired.Go(func() {
		old.requests.Wait()
		old.end()
	})
	observe.Named(next.log, "main").Info("The changed settings are in use", slog.Any("changed", changed(old.settings, settings)))
}

// restartOnly are the settings that are read when the gateway starts and not again.
func restartOnly(s *config.Settings) config.FastAPI {
	server := s.FastAPI
	server.DocsURL, server.OpenAPIURL, server.ReDocURL, server.MaxBodyBytes, server.ReadBodyTimeout = "", "", "", 0, 0
	return server
}

// end closes what is still open. All requests have ended.
func (l *live) end() {
	l.retired.Wait()
	l.current.end()
}

// end closes a gateway that serves no more.
func (g *generation) end() {
	g.stop()
	g.retire()
	if !g.first {
		g.closeLog()
	}
}

// changed names the settings that differ in what may be shown of them.
func changed(before, after *config.Settings) []string {
	values := map[string]string{}
	for _, e := range before.Effective() {
		values[e.Name] = e.Value
	}
	names := []string{}
	for _, e := range after.Effective() {
		if value, known := values[e.Name]; !known || value != e.Value {
			names = append(names, e.Name)
		}
	}
	return names
}
