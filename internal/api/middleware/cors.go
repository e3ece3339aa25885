package middleware

import (
	"io"
	"net/http"
)

// CORS lets browsers of any origin POST, without credentials (spec/http-api.md 5.4). Preflights are answered here: they need no
// authentication and leave no entry in the access log.
func CORS(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		origin := r.Header.Get("Origin")
		if origin == "" {
			next.ServeHTTP(w, r)
			return
		}
		if r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != "" {
			preflight(w, r)
			return
		}
		if r.Header.Get("Cookie") == "" {
			w.Header().Set("Access-Control-Allow-Origin", "*")
		} else {
			w.Header().Set("Access-Control-Allow-Origin", origin)
			w.Header().Add("Vary", "Origin")
		}
		next.ServeHTTP(w, r)
	})
}

func preflight(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Allow-Methods", http.MethodPost)
	h.Set("Access-Control-Max-Age", "600")
	if asked := r.Header.Get("Access-Control-Request-Headers"); asked != "" {
		h.Set("Access-Control-Allow-Headers", asked)
	}
	h.Set("Content-Type", "text/plain; charset=utf-8")
	status, text := http.StatusOK, "OK"
	if r.Header.Get("Access-Control-Request-Method") != http.MethodPost {
		status, text = http.StatusBadRequest, "Disallowed CORS method"
	}
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text)
}
