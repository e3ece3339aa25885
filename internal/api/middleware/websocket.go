package middleware

import (
	"net/http"
	"strings"
)

// RefuseWebSocket answers upgrade requests with an empty 403, with or without credentials (spec/http-api.md 2).
func RefuseWebSocket(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.EqualFold(r.Header.Get("Upgrade"), "websocket") {
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/plain")
		w.Header().Set("Connection", "close")
		w.WriteHeader(http.StatusForbidden)
	})
}
