package anthropic_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/anthropic"
	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// vendor is a model server that answers call after call, the last answer repeating, and keeps what it was asked.
type vendor struct {
	URL   string
	HTTP  *wire.Client
	mu    sync.Mutex
	calls []sent
	waits []time.Duration
}

// sent is a request as the vendor saw it.
type sent struct {
	Path string
	Head map[string]string // of the headers that say something about the call
	Body any
}

func newVendor(t testing.TB, answers ...http.HandlerFunc) *vendor {
	t.Helper()
	v := &vendor{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s := sent{Path: r.Method + " " + r.URL.RequestURI(), Head: map[string]string{}}
		for _, name := range []string{"Accept", "Anthropic-Version", "Authorization", "Content-Type", "X-Api-Key", "X-Stainless-Retry-Count"} {
			if value := r.Header.Get(name); value != "" {
				s.Head[name] = value
			}
		}
		if err := json.NewDecoder(r.Body).Decode(&s.Body); err != nil {
			t.Errorf("the request is no JSON: %v", err)
		}
		v.mu.Lock()
		v.calls = append(v.calls, s)
		answer := answers[min(len(v.calls), len(answers))-1]
		v.mu.Unlock()
		answer(w, r)
	}))
	transport := wire.NewTransport()
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		server.Close()
	})
	v.URL = server.URL
	v.HTTP = wire.NewClient(wire.Options{
		Transport: transport,
		Sleep:     func(_ context.Context, d time.Duration) error { v.waits = append(v.waits, d); return nil },
		Random:    func() float64 { return 0 },
	})
	return v
}

// asked are the calls so far.
func (v *vendor) asked() []sent {
	v.mu.Lock() // a call that was given up may still be with its handler
	defer v.mu.Unlock()
	return v.calls
}

func (v *vendor) forget() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.calls = nil
}

func (v *vendor) direct() llm.Provider {
	return anthropic.NewDirect(anthropic.Options{HTTP: v.HTTP, BaseURL: v.URL, APIKey: "sk-ant-test"})
}

func (v *vendor) prompted() llm.Provider {
	return anthropic.NewPrompted(anthropic.Options{HTTP: v.HTTP, BaseURL: v.URL, APIKey: "sk-ant-test"})
}

func (v *vendor) routed() llm.Provider { return anthropic.NewRouted(v.HTTP) }

// ref names a model; for a routed one it brings the vendor along.
func (v *vendor) ref(name string, api llm.API) llm.Ref {
	return llm.Ref{Provider: "anthropic", Name: name, API: api, Server: llm.Server{URL: v.URL, Key: "sk-local-1"}}
}

func generate(ctx context.Context, t testing.TB, p llm.Provider, ref llm.Ref, req llm.Request) (llm.Stream, error) {
	t.Helper()
	h, err := p.Resolve(ref)
	if err != nil {
		t.Fatal(err)
	}
	return h.Generate(ctx, req)
}

// chunks reads a stream to its end or its error.
func chunks(stream llm.Stream, err error) ([]llm.Chunk, error) {
	if err != nil {
		return nil, err
	}
	var all []llm.Chunk
	for c, err := range stream {
		if err != nil {
			return all, err
		}
		all = append(all, c)
	}
	return all, nil
}

// parseJSON is what a document holds.
func parseJSON(t testing.TB, document string) any {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(document), &v); err != nil {
		t.Fatalf("%s: %v", document, err)
	}
	return v
}

func answer(status int, body string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}

// events streams, a piece a write.
func events(pieces ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		for _, p := range pieces {
			io.WriteString(w, p)
			w.(http.Flusher).Flush()
		}
	}
}

// cut streams and breaks the connection.
func cut(pieces ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		events(pieces...)(w, r)
		reset(w, r)
	}
}

func reset(w http.ResponseWriter, _ *http.Request) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	conn.(*net.TCPConn).SetLinger(0)
	conn.Close()
}

// kindOf is the kind and the status of an error; -1 for none, or that of a context.
func kindOf(err error) (llm.Kind, int) {
	var e *llm.Error
	if !errors.As(err, &e) {
		return -1, 0
	}
	return e.Kind, e.Status
}
