package app

import "net/http"

// metricsHandler is the metrics listener. When clients of the API need certificates, which probes of container platforms have not, it
// answers their questions, too; otherwise every path there has the metrics.
func (a *App) metricsHandler() http.Handler {
	pages := a.metricsPages()
	if a.settings.FastAPI.TLSClientCAFile == "" {
		return pages
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/monitoring/healthz", "/monitoring/ready":
			a.api.ServeHTTP(w, r)
		default:
			pages.ServeHTTP(w, r)
		}
	})
}
