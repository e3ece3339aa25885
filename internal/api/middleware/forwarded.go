package middleware

import (
	"net/http"
	"strings"
)

// Scheme is the one that the client used: X-Forwarded-Proto of a proxy in front, from any peer, else http (spec/http-api.md 2).
func Scheme(r *http.Request) string {
	switch proto := strings.TrimSpace(r.Header.Get("X-Forwarded-Proto")); proto {
	case "http", "https", "ws", "wss":
		return proto
	}
	if r.TLS != nil {
		return "https"
	}
	return "http"
}
