package middleware

import (
	"net/http"

	"github.com/ai-gateway/ai-gateway/internal/observe"
	"github.com/ai-gateway/ai-gateway/internal/observe/otlp"
)

// Trace makes a span of each request but those of probes, and tells the access log its trace. handlerOf gives the template of the route that a
// request is meant for, or "". It does nothing when exporter is nil.
func Trace(exporter *otlp.Exporter, handlerOf func(*http.Request) string) Middleware {
	return func(next http.Handler) http.Handler {
		if exporter == nil {
			return next
		}
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if unauthenticated(r.URL.Path) {
				next.ServeHTTP(w, r)
				return
			}
			record, rw := observe.RecordFrom(r.Context()), watch(w)
			ctx, traced := exporter.Request(r, handlerOf(r), record.CorrelationID)
			record.Set("trace_id", otlp.TraceID(ctx))
			defer func() { traced.End(rw.answered(r)) }()
			next.ServeHTTP(rw, r.WithContext(ctx))
		})
	}
}
