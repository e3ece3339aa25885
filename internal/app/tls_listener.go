package app

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log"
	"net"
	"sync"
	"time"
)

// tlsListener puts TLS over the connections of a patientListener. Unlike net/http, which shakes hands when it first reads, it does so before
// it hands a connection out: so the connection below knows from when on a slow client may be told so, and in which protocol.
type tlsListener struct {
	patientListener
	config *tls.Config
	log    *log.Logger

	ready chan accepted
	ctx   context.Context // ends with the listener, and with it the handshakes under way
	end   context.CancelFunc
	start sync.Once
}

type accepted struct {
	conn net.Conn
	err  error
}

func newTLSListener(inner patientListener, config *tls.Config, log *log.Logger) *tlsListener {
	l := &tlsListener{patientListener: inner, config: config, log: log, ready: make(chan accepted)}
	l.ctx, l.end = context.WithCancel(context.Background())
	return l
}

// Accept implements [net.Listener]. The connection is a [*tls.Conn] after its handshake.
func (l *tlsListener) Accept() (net.Conn, error) {
	l.start.Do(func() { go l.acceptAll() })
	select {
	case a := <-l.ready:
		return a.conn, a.err
	case <-l.ctx.Done():
		return nil, net.ErrClosed
	}
}

// Close implements [net.Listener]. Handshakes that are under way end.
func (l *tlsListener) Close() error {
	l.end()
	return l.patientListener.Close()
}

func (l *tlsListener) acceptAll() {
	for {
		conn, err := l.patientListener.Accept()
		if err != nil {
			l.deliver(accepted{err: err})
			if errors.Is(err, net.ErrClosed) {
				return
			}
			continue
		}
		go l.shakeHands(conn.(*patientConn))
	}
}

func (l *tlsListener) shakeHands(below *patientConn) {
	conn := tls.Server(below, l.config)
	ctx, cancel := context.WithTimeout(l.ctx, l.wait)
	defer cancel()
	if err := conn.HandshakeContext(ctx); err != nil {
		l.log.Printf("TLS handshake with %s: %v", below.RemoteAddr(), err)
		answerPlainHTTP(err)
		_ = below.Close()
		return
	}
	below.secured(conn)
	l.deliver(accepted{conn: conn})
}

// deliver hands over what Accept returns, or closes it when nobody accepts any more.
func (l *tlsListener) deliver(a accepted) {
	select {
	case l.ready <- a:
	case <-l.ctx.Done():
		if a.conn != nil {
			_ = a.conn.Close()
		}
	}
}

// answerPlainHTTP tells a client that began to speak HTTP what is wrong, as net/http does.
func answerPlainHTTP(err error) {
	var header tls.RecordHeaderError
	if !errors.As(err, &header) || header.Conn == nil {
		return
	}
	switch string(header.RecordHeader[:]) {
	case "GET /", "HEAD ", "POST ", "PUT /", "OPTIO", "DELET", "PATCH":
		_ = header.Conn.SetWriteDeadline(time.Now().Add(time.Second))
		_, _ = io.WriteString(header.Conn, "HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"+
			`{"detail":"The gateway speaks TLS here: use https://"}`)
	}
}
