package testkit

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"testing"
)

// Request is what a test asks the gateway.
type Request struct {
	Method  string // default POST
	Path    string
	Header  map[string]string // "" removes one that would be sent by itself
	JSON    any               // body, with Content-Type: application/json
	Body    string            // body as it is, used when JSON is nil
	Metrics bool              // ask the metrics listener
}

// build makes an HTTP request of it; the test ends when this is impossible.
func (r Request) build(ctx context.Context, t testing.TB, p *Process) *http.Request {
	t.Helper()
	base, method, body := p.URL, r.Method, []byte(r.Body)
	if r.Metrics {
		base = p.MetricsURL
	}
	if method == "" {
		method = http.MethodPost
	}
	if r.JSON != nil {
		var err error
		if body, err = json.Marshal(r.JSON); err != nil {
			t.Fatalf("body of %s %s: %v", method, r.Path, err)
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, base+r.Path, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if r.JSON != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	for name, value := range r.Header {
		if req.Header.Set(name, value); value == "" {
			req.Header.Del(name)
		}
	}
	return req
}
