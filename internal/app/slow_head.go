package app

import (
	"context"
	"crypto/tls"
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
// connection and the three hooks below see a read that times out while a head is half there, and write a 408. Under TLS they stand below it:
// the connection sees encrypted bytes come, and what it says goes through TLS. HTTP/2 has time-outs and errors of its own.

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

	// Set before the connection is served.
	over  *tls.Conn // the TLS over this connection; nil without TLS
	muted bool      // it speaks HTTP/2
}

// secured says that hands were shaken. What came for that was no request.
func (c *patientConn) secured(over *tls.Conn) {
	c.over = over
	c.muted = over.ConnectionState().NegotiatedProtocol == "h2"
	c.heard.Store(false)
}

func (c *patientConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if n > 0 {
		c.heard.Store(true)
	}
	if errors.Is(err, os.ErrDeadlineExceeded) && c.heard.Load() && !c.serving.Load() && !c.muted {
		c.refuse()
	}
	return n, err
}

func (c *patientConn) refuse() {
	body := fmt.Sprintf(`{"detail":"The head of the request did not arrive within %s"}`, c.wait)
	_ = c.SetWriteDeadline(time.Now().Add(time.Second))
	w := io.Writer(c)
	if c.over != nil {
		w = c.over
	}
	_, _ = fmt.Fprintf(w, "HTTP/1.1 408 Request Timeout\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s", len(body), body)
}

type patientKey struct{}

// connContext is http.Server.ConnContext.
func connContext(ctx context.Context, c net.Conn) context.Context {
	if over, ok := c.(*tls.Conn); ok {
		c = over.NetConn()
	}
	return context.WithValue(ctx, patientKey{}, c)
}

// connState is http.Server.ConnState.
func connState(c net.Conn, state http.ConnState) {
	if over, ok := c.(*tls.Conn); ok {
		c = over.NetConn()
	}
	if conn, ok := c.(*patientConn); ok && state == http.StateIdle {
		conn.serving.Store(false)
	}
}

// headComplete wraps the server's handler.
func headComplete(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, ok := r.Context().Value(patientKey{}).(*patientConn)
		if !ok {
			next.ServeHTTP(w, r)
			return
		}
		conn.serving.Store(true)
		next.ServeHTTP(w, r)
		conn.heard.Store(false) // not later: the next head may come as soon as this answer is out
	})
}
