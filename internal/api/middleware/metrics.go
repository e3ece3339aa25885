package middleware

import (
	"net/http"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/observe"
)

// Metrics measures requests until their head is sent (spec/observability.md 9.1). handlerOf gives the template of the route that a request
// is meant for, or "" for one that isn't counted.
func Metrics(metrics *observe.Metrics, handlerOf func(*http.Request) string) Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			handler := handlerOf(r)
			if handler == "" {
				next.ServeHTTP(w, r)
				return
			}
			started := time.Now()
			rw := watch(w)
			defer func() {
				took := time.Duration(0) // of a request that was not answered
				if rw.status != 0 {
					took = rw.headAt.Sub(started)
				}
				metrics.Request(handler, r.Method, rw.answered(r), took)
			}()
			next.ServeHTTP(rw, r)
		})
	}
}
