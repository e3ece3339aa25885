package middleware

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"

	"github.com/ai-gateway/ai-gateway/internal/observe"
)

// LastResort answers a request whose handler panicked with the contract's plain 500. When the response has started already, the
// connection is cut, so that the client cannot take half an answer for a whole one. Either way the failure is logged.
func LastResort(log *slog.Logger) Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			rw := watch(w)
			defer func() {
				failure := recover()
				if failure == nil {
					return
				}
				if err, ok := failure.(error); ok && errors.Is(err, http.ErrAbortHandler) {
					panic(http.ErrAbortHandler) // a stream that a handler gave up
				}
				observe.LogException(r.Context(), log, fmt.Errorf("panic: %v", failure), nil)
				if rw.status != 0 {
					panic(http.ErrAbortHandler)
				}
				rw.Header().Set("Content-Type", "text/plain; charset=utf-8")
				rw.WriteHeader(http.StatusInternalServerError)
				_, _ = io.WriteString(rw, "Internal Server Error")
			}()
			next.ServeHTTP(rw, r)
		})
	}
}
