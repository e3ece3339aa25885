package middleware

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestAClientThatStillSendsGetsItsAnswer(t *testing.T) {
	refuse := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) })
	server := httptest.NewServer(DrainBody(8 << 20)(refuse))
	defer server.Close()
	// Larger than what net/http would read on by itself and what sockets hold.
	res, err := server.Client().Post(server.URL, "application/json", bytes.NewReader(make([]byte, 6<<20)))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusUnauthorized {
		t.Errorf("got %d", res.StatusCode)
	}
}

func TestABodyIsReadNoFurtherThanTheLimit(t *testing.T) {
	body := &counted{}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", body)
	r.ContentLength = -1
	DrainBody(1000)(http.HandlerFunc(ok)).ServeHTTP(httptest.NewRecorder(), r)
	if body.read > 1000 {
		t.Errorf("%d bytes were read", body.read)
	}
}

// counted is a body without end.
type counted struct{ read int }

func (c *counted) Read(p []byte) (int, error) {
	c.read += len(p)
	return len(p), nil
}
