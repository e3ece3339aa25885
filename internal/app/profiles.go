package app

import (
	"context"
	"net/http"
	"net/http/pprof"
	"strings"
)

// metricsPages are what the metrics listener serves: metrics and, if that is switched on, Go's profiles.
func (a *App) metricsPages() http.Handler {
	page := a.metrics.Page()
	if !a.settings.Instrumentator.PprofEnabled {
		return page
	}
	profiles := http.NewServeMux()
	profiles.HandleFunc("/debug/pprof/", pprof.Index)
	profiles.HandleFunc("/debug/pprof/profile", pprof.Profile)
	profiles.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	profiles.HandleFunc("/debug/pprof/trace", pprof.Trace)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/debug/pprof/") {
			profiles.ServeHTTP(w, r)
			return
		}
		page.ServeHTTP(w, r)
	})
}

// monitorThreads starts the thread monitor, if it is switched on (spec/observability.md 16). It ends with ctx.
func (a *App) monitorThreads(ctx context.Context) {
	if s := a.settings.Instrumentator; s.ThreadMonitoringEnabled {
		go a.metrics.MonitorThreads(ctx, a.log, s.ThreadMonitoringInterval)
	}
}
