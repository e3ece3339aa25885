package middleware

import (
	"log/slog"
	"net/http"

	"github.com/ai-gateway/ai-gateway/internal/observe"
	"github.com/ai-gateway/ai-gateway/internal/observe/langsmith"
)

// LangSmith notes the run of LangSmith that a request names as its parent (spec/auth.md 17.3). It does nothing where that is not honoured. A
// header that cannot be read is ignored: it is there to find faults, not to make them.
func LangSmith(honoured bool, log *slog.Logger) Middleware {
	log = observe.Named(log, "langsmith")
	return func(next http.Handler) http.Handler {
		if !honoured {
			return next
		}
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			named := r.Header.Get("Langsmith-Trace")
			if named == "" || unauthenticated(r.URL.Path) {
				next.ServeHTTP(w, r)
				return
			}
			parent, ok := langsmith.ParseParent(named)
			if !ok {
				log.WarnContext(r.Context(), "Invalid langsmith-trace header passed.")
				next.ServeHTTP(w, r)
				return
			}
			next.ServeHTTP(w, r.WithContext(langsmith.WithParent(r.Context(), parent)))
		})
	}
}
