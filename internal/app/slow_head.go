package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"sync/atomic"
	"time"
)

// A client that does not finish the head of its request in time deserves an answer that says so; net/http only hangs up. Listener,
// connection and the three hooks below see a read that times out while a head is half there, and write a 408.

// patientListener hands out connections that answer slow heads.
type patientListener struct {
	net.Listener
	wait time.Duration // http.Server.ReadHeaderTimeout
}

func (l patientListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &patientConn{Conn: conn, wait: l.wait}, nil
}

type patientConn struct {
	net.Conn
	wait    time.Duration
	heard   atomic.Bool // bytes have come since the last request was answered
	serving atomic.Bool // a head was complete: it is the handler's turn
}

func (c *patientConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if n > 0 {
		c.heard.Store(true)
	}
	if errors.Is(err, os.ErrDeadlineExceeded) && c.heard.Load() && !c.serving.Load() {
		c.refuse()
	}
	return n, err
}

func (c *patientConn) refuse() {
	body := fmt.Sprintf(`{"detail":"The head of the request did not arrive within %s"}`, c.wait)
	_ = c.SetWriteDeadline(time.Now().Add(time.Second))
	_, _ = fmt.Fprintf(c, "HTTP/1.1 408 Request Timeout\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n", len(body))
	_, _ = io.WriteString(c, body)
}

type patientKey struct{}

// connContext is http.Server.ConnContext.
func connContext(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, patientKey{}, c)
}

// connState is http.Server.ConnState.
func connState(c net.Conn, state http.ConnState) {
	if conn, ok := c.(*patientConn); ok && state == http.StateIdle {
		conn.serving.Store(false)
		conn.heard.Store(false)
	}
}

// headComplete wraps the server's handler.
func headComplete(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if conn, ok := r.Context().Value(patientKey{}).(*patientConn); ok {
			conn.serving.Store(true)
		}
		next.ServeHTTP(w, r)
	})
}
