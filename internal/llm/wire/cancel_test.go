package wire_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
)

// flush is a handler that sends a piece of a stream and then waits for the caller to leave; it tells so on left.
func flush(piece string, left chan<- struct{}) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		if piece != "" {
			io.WriteString(w, piece)
			w.(http.Flusher).Flush()
		}
		<-r.Context().Done()
		left <- struct{}{}
	}
}

func TestACallEndsWhenItsCallerLeaves(t *testing.T) {
	arrived, left := make(chan struct{}, 1), make(chan struct{}, 1)
	server, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		arrived <- struct{}{}
		flush("", left)(w, r)
	})
	for name, send := range map[string]func(context.Context, *wire.Client) error{
		"plain":    func(ctx context.Context, c *wire.Client) error { _, err := c.Post(ctx, call(server.URL)); return err },
		"streamed": func(ctx context.Context, c *wire.Client) error { _, err := c.Open(ctx, call(server.URL)); return err },
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			go func() { <-arrived; cancel() }()
			if err := send(ctx, client(t, nil)); !errors.Is(err, context.Canceled) || llm.ErrorOf(err) != nil {
				t.Errorf("got %v", err)
			}
			<-left
		})
	}
}

func TestNothingIsSentForACallerThatHasLeft(t *testing.T) {
	server, calls := serve(t, answer(200, ""))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := client(t, nil).Post(ctx, call(server.URL)); !errors.Is(err, context.Canceled) || calls.Load() != 0 {
		t.Errorf("%d calls, error %v", calls.Load(), err)
	}
}

func TestAWaitEndsWhenTheCallerLeaves(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	server, calls := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", "60")
		w.WriteHeader(429)
		time.AfterFunc(time.Millisecond, cancel)
	})
	transport := wire.NewTransport()
	defer transport.CloseIdleConnections()
	_, err := wire.NewClient(wire.Options{Transport: transport}).Post(ctx, call(server.URL))
	if !errors.Is(err, context.Canceled) || calls.Load() != 1 {
		t.Errorf("%d calls, error %v", calls.Load(), err)
	}
}

func TestAStreamEndsWhenItsReaderLeaves(t *testing.T) {
	for name, leave := range map[string]func(cancel func(), body *wire.Body){
		"by closing it":    func(_ func(), body *wire.Body) { body.Close() },
		"by finishing it":  func(_ func(), body *wire.Body) { body.Finish(); body.Close() },
		"by its context":   func(cancel func(), _ *wire.Body) { cancel() },
		"by all of these":  func(cancel func(), body *wire.Body) { cancel(); body.Finish(); body.Close(); body.Close() },
		"by these, turned": func(cancel func(), body *wire.Body) { body.Finish(); cancel(); body.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			left := make(chan struct{}, 1)
			server, _ := serve(t, flush("data: 1\n\n", left))
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			body, err := client(t, nil).Open(ctx, call(server.URL))
			if err != nil {
				t.Fatal(err)
			}
			if data, err := wire.NewDataLines(body).Next(); err != nil || string(data) != "1" {
				t.Fatalf("got %q, %v", data, err)
			}
			leave(cancel, body)
			<-left
		})
	}
}

func TestAReadFailsWithTheErrorOfItsContext(t *testing.T) {
	left := make(chan struct{}, 1)
	server, _ := serve(t, flush("x", left))
	ctx, cancel := context.WithCancel(t.Context())
	body, err := client(t, nil).Open(ctx, call(server.URL))
	if err != nil {
		t.Fatal(err)
	}
	defer body.Close()
	io.ReadFull(body, make([]byte, 1))
	time.AfterFunc(time.Millisecond, cancel)
	if _, err := body.Read(make([]byte, 1)); err != context.Canceled {
		t.Errorf("got %v", err)
	}
	<-left
}

func TestAFinishedStreamLeavesItsConnectionForTheNext(t *testing.T) {
	var connections atomic.Int32
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "data: [DONE]\n\n")
		w.(http.Flusher).Flush()
	}))
	server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			connections.Add(1)
		}
	}
	server.Start()
	defer server.Close()
	returned := make(chan struct{}, 1)
	c := client(t, nil)
	for range 5 {
		ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{PutIdleConn: func(error) { returned <- struct{}{} }})
		body, err := c.Open(ctx, call(server.URL))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := wire.NewDataLines(body).Next(); err != nil {
			t.Fatal(err)
		}
		body.Finish()
		body.Close()
		<-returned
	}
	if connections.Load() != 1 {
		t.Errorf("%d connections", connections.Load())
	}
}

func TestAStreamThatBreaksOffIsAnError(t *testing.T) {
	server, calls := serve(t, reset("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\ndata: 1\n\n\r\n"))
	body, err := client(t, nil).Open(t.Context(), call(server.URL))
	if err != nil {
		t.Fatal(err)
	}
	defer body.Close()
	lines := wire.NewDataLines(body)
	if data, err := lines.Next(); err != nil || string(data) != "1" {
		t.Errorf("got %q, %v", data, err)
	}
	_, err = lines.Next()
	if e := llm.ErrorOf(err); e == nil || e.Kind != llm.Unavailable || e.Status != 0 || calls.Load() != 1 {
		t.Errorf("then got %v after %d calls", err, calls.Load())
	}
}

func TestHTTP2(t *testing.T) {
	arrived, left := make(chan string, 1), make(chan struct{}, 1)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		arrived <- r.Proto
		flush("data: 1\n\n", left)(w, r)
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()
	transport := wire.NewTransport()
	defer transport.CloseIdleConnections()
	transport.TLSClientConfig = server.Client().Transport.(*http.Transport).TLSClientConfig
	c := wire.NewClient(wire.Options{Transport: transport})
	for name, leave := range map[string]func(cancel func(), body *wire.Body){
		"by closing it":  func(_ func(), body *wire.Body) { body.Close() },
		"by its context": func(cancel func(), _ *wire.Body) { cancel() },
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			body, err := c.Open(ctx, call(server.URL))
			if err != nil {
				t.Fatal(err)
			}
			if proto := <-arrived; proto != "HTTP/2.0" {
				t.Errorf("the server was asked by %s", proto)
			}
			if data, err := wire.NewDataLines(body).Next(); err != nil || string(data) != "1" {
				t.Fatalf("got %q, %v", data, err)
			}
			leave(cancel, body)
			<-left
		})
	}
}
