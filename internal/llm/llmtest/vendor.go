package llmtest

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
)

// Vendor is a model server that answers call after call, the last answer repeating, and keeps what it was asked: for tests that look at
// every byte on the wire. Where a script will do, take [testkit.Fakes].
type Vendor struct {
	*Client
	URL string

	mu    sync.Mutex
	calls []Sent
}

// Sent is a request as the vendor saw it.
type Sent struct {
	Path string
	Head map[string]string // of the headers that say something about the call
	Body any
}

// NewVendor starts a vendor that ends with the test. Of the requests' headers it keeps those of the given names.
func NewVendor(t testing.TB, headers []string, answers ...http.HandlerFunc) *Vendor {
	t.Helper()
	v := &Vendor{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s := Sent{Path: r.Method + " " + r.URL.RequestURI(), Head: Head(r.Header, headers...)}
		if err := json.NewDecoder(r.Body).Decode(&s.Body); err != nil {
			t.Errorf("the request is no JSON: %v", err)
		}
		v.mu.Lock()
		v.calls = append(v.calls, s)
		answer := answers[min(len(v.calls), len(answers))-1]
		v.mu.Unlock()
		answer(w, r)
	}))
	t.Cleanup(server.Close)
	v.URL, v.Client = server.URL, NewClient(t) // whose connections end before the server waits for them
	return v
}

// Asked are the calls so far.
func (v *Vendor) Asked() []Sent {
	v.mu.Lock() // a call that was given up may still be with its handler
	defer v.mu.Unlock()
	return v.calls
}

// Forget forgets them.
func (v *Vendor) Forget() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.calls = nil
}

// Answer answers with a status, a body and headers, names and values by turns.
func Answer(status int, body string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}

// Events streams, a piece a write.
func Events(pieces ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		for _, p := range pieces {
			io.WriteString(w, p)
			w.(http.Flusher).Flush()
		}
	}
}

// Cut streams and breaks the connection.
func Cut(pieces ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		Events(pieces...)(w, r)
		Reset(w, r)
	}
}

// Reset breaks the connection.
func Reset(w http.ResponseWriter, _ *http.Request) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	conn.(*net.TCPConn).SetLinger(0)
	conn.Close()
}
