package observe

import (
	"fmt"
	"net/http"

	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Page serves the metrics on every path of a listener of their own (spec/observability.md 8, spec/http-api.md 23.3).
func (m *Metrics) Page() http.Handler {
	page := promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{EnableOpenMetrics: true})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == http.MethodOptions:
			w.Header().Set("Allow", "OPTIONS,GET")
		case r.Method != http.MethodGet:
			w.Header().Set("Allow", "OPTIONS,GET")
			w.WriteHeader(http.StatusMethodNotAllowed)
			fmt.Fprintf(w, "# HTTP 405 Method Not Allowed: %s; use OPTIONS or GET\n", r.Method)
		case r.URL.Path == "/favicon.ico":
		default:
			page.ServeHTTP(w, r)
		}
	})
}
