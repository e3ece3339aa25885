// Package middleware holds the layers that every request passes on its way to a handler, one layer a file, in the order of
// spec/auth.md 3: last resort, metrics, correlation id, trace, access log, CORS, LangSmith, authentication, feature flags, internal events.
//
// A layer is a function from handler to handler; package api stacks them.
package middleware

import "net/http"

// Middleware wraps a handler with one layer.
type Middleware func(http.Handler) http.Handler

// Chain stacks layers around h, the first outermost.
func Chain(h http.Handler, layers ...Middleware) http.Handler {
	for i := len(layers) - 1; i >= 0; i-- {
		h = layers[i](h)
	}
	return h
}

// unauthenticated are the paths that need no credentials, matched exactly (spec/auth.md 3.1).
func unauthenticated(path string) bool {
	return path == "/monitoring/healthz" || path == "/monitoring/ready" || path == "/metrics"
}
