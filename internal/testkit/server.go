package testkit

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// patience bounds every wait of a test, so that a failure is a message and not a hanging run. No test passes later for
// it being long.
const patience = 20 * time.Second

// Server is one fake HTTP server on 127.0.0.1. It answers as scripted, and records what it was asked. Its methods are
// safe for concurrent use.
type Server struct {
	URL string // base URL without a slash at its end

	answer   func(*exchange)                               // the well-formed answer of this kind of server
	aside    func(http.ResponseWriter, *http.Request) bool // serves what is neither scripted nor recorded, else is false; may be nil
	fallback Script                                        // answers calls that no script is for

	http  *http.Server
	calls journal[Call]

	mu      sync.Mutex
	scripts []Script
	used    []bool
}

// start listens on a free port.
func (s *Server) start() error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("start a fake server: %w", err)
	}
	s.URL = "http://" + listener.Addr().String()
	s.http = &http.Server{ErrorLog: log.New(io.Discard, "", 0), Handler: http.HandlerFunc(s.handle)}
	go s.http.Serve(listener) //nolint:errcheck // ends with http.ErrServerClosed
	return nil
}

// Close stops listening and drops all connections.
func (s *Server) Close() {
	s.http.Close() //nolint:errcheck // only closes sockets
}

// Script replaces the scripts. Calls that were already taken keep theirs.
func (s *Server) Script(scripts ...Script) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.scripts, s.used = scripts, make([]bool, len(scripts))
}

// Reset replaces the scripts and forgets the calls.
func (s *Server) Reset(scripts ...Script) {
	s.Script(scripts...)
	s.calls.clear()
}

// Calls are the calls since the start or the last [Server.Reset], in the order in which they were received completely.
func (s *Server) Calls() []Call {
	return s.calls.since(0)
}

// Await returns the calls as soon as they are enough, or as they are, and false, when ctx ends. It looks at least once.
func (s *Server) Await(ctx context.Context, enough func([]Call) bool) ([]Call, bool) {
	return s.calls.await(ctx, 0, enough)
}

// WaitCalls waits for n calls and returns all there are. The test ends when they do not come.
func (s *Server) WaitCalls(t testing.TB, n int) []Call {
	t.Helper()
	return s.wait(t, fmt.Sprintf("%d calls", n), func(calls []Call) bool { return len(calls) >= n })
}

// WaitAborted waits until the caller of the n-th call (from 0) went away, and returns that call. The test ends when this
// does not happen.
func (s *Server) WaitAborted(t testing.TB, n int) Call {
	t.Helper()
	return s.wait(t, fmt.Sprintf("call %d to be aborted", n), func(calls []Call) bool { return len(calls) > n && calls[n].Aborted })[n]
}

func (s *Server) wait(t testing.TB, what string, enough func([]Call) bool) []Call {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	calls, ok := s.Await(ctx, enough)
	if !ok {
		t.Fatalf("waited in vain for %s, got %d calls: %+v", what, len(calls), calls)
	}
	return calls
}

// handle records a call and answers it.
func (s *Server) handle(w http.ResponseWriter, r *http.Request) {
	if s.aside != nil && s.aside(w, r) {
		return
	}
	body, err := io.ReadAll(r.Body)
	call := s.calls.add(Call{Method: r.Method, Path: r.URL.RequestURI(), Header: r.Header, Body: body, Aborted: err != nil})
	e := &exchange{
		w: w, r: r, body: body, script: s.pick(r.URL.Path),
		left: func() { s.calls.change(func() { call.Aborted = true }) },
	}
	e.run(s.answer)
}

// pick chooses the first script for the path that was not used yet, else the last one for it, else the fallback.
func (s *Server) pick(path string) Script {
	s.mu.Lock()
	defer s.mu.Unlock()
	chosen := s.fallback
	for i, script := range s.scripts {
		if !strings.Contains(path, script.Path) {
			continue
		}
		chosen = script
		if !s.used[i] {
			s.used[i] = true
			break
		}
	}
	return chosen
}
