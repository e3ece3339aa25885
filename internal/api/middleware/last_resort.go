package middleware

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"runtime/debug"

	"github.com/ai-gateway/ai-gateway/internal/observe"
)

// LastResort answers a request whose handler panicked with the contract's plain 500. When the response has started already, the
// connection is cut, so that the client cannot take half an answer for a whole one. [AccessLog] has logged the failure with what it knows of
// the request; here it is only said that the server survived it.
func LastResort(log *slog.Logger) Middleware {
	log = observe.Named(log, "uvicorn.error")
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			rw := watch(w)
			defer func() {
				failure := recover()
				if failure == nil {
					return
				}
				if !isDefect(failure) {
					panic(http.ErrAbortHandler) // a stream that a handler gave up
				}
				log.ErrorContext(r.Context(), "Exception in ASGI application\n", "exception", fmt.Sprintf("%v\n%s", failure, debug.Stack()))
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
