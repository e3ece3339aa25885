package testkit

import (
	"encoding/json"
	"net/http"
	"testing"
)

// Call is one request that a fake received.
type Call struct {
	Method  string
	Path    string // with the query, as it was sent
	Header  http.Header
	Body    []byte
	Aborted bool // the caller went away while the fake held the answer or a piece of it back
}

// JSON decodes the body into v, a pointer, and fails the test when it is no JSON.
func (c Call) JSON(t testing.TB, v any) {
	t.Helper()
	if err := json.Unmarshal(c.Body, v); err != nil {
		t.Fatalf("body of %s %s: %v: %s", c.Method, c.Path, err, c.Body)
	}
}
