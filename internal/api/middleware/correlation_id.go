package middleware

import (
	"encoding/hex"
	"net/http"

	"github.com/google/uuid"

	"github.com/ai-gateway/ai-gateway/internal/observe"
)

// CorrelationID gives every request its [observe.Record] and its id: the client's X-Request-ID as it is, else a random one
// (spec/observability.md 2). The id goes back in the response and into every log entry of the request.
func CorrelationID(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get("X-Request-ID")
		if id == "" {
			random := uuid.New()
			id = hex.EncodeToString(random[:])
		}
		w.Header().Set("X-Request-ID", id)
		record := &observe.Record{CorrelationID: id}
		next.ServeHTTP(w, r.WithContext(observe.WithRecord(r.Context(), record)))
	})
}
