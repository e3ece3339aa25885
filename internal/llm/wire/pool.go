package wire

import (
	"cmp"
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"sync"
	"time"
)

// PoolOptions are what a [Pool] may be given. The zero value is right for production.
type PoolOptions struct {
	MaxConns    int           // connections to a host at a time; 0: 1000
	MaxIdle     int           // of them, those that are kept while idle; 0: 100, below 0: none
	IdleTimeout time.Duration // how long they are; 0: 30 s

	// What certain hosts get besides what their interface wants: gateways of a company may ask for more than a key. Nothing of it goes
	// anywhere else, wherever requests or redirects lead. Of several origins that a host belongs to the closest counts.
	Headers      []ForHost[http.Header] // in canonical form; a header that a call has itself stays as it is. Secret: they are never logged
	Certificates []ForHost[Certificate]

	// OnOpen hears of each new connection that a vendor's call needed; what it returns is called once, when the connection is closed. Nil:
	// nobody counts.
	OnOpen func(vendor string) (closed func())
}

// Certificate gives the client's certificate for a handshake, see [tls.Config.GetClientCertificate].
type Certificate func(*tls.CertificateRequestInfo) (*tls.Certificate, error)

// Pool holds the connections to all model servers, see [NewTransport]. It implements [http.RoundTripper].
type Pool struct {
	plain     *http.Transport
	certified hosts[*http.Transport] // with connections of their own, so that nobody else's are used
	headers   hosts[http.Header]
}

// NewPool returns a pool without connections.
func NewPool(o PoolOptions) *Pool {
	p := &Pool{plain: o.transport(), headers: newHosts(o.Headers)}
	for _, c := range newHosts(o.Certificates) {
		t := o.transport()
		t.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12, GetClientCertificate: c.Gets}
		p.certified = append(p.certified, ForHost[*http.Transport]{c.Origin, t})
	}
	return p
}

// RoundTrip implements [http.RoundTripper].
func (p *Pool) RoundTrip(r *http.Request) (*http.Response, error) {
	if header, found := p.headers.of(r.URL); found {
		r = dressed(r, header)
	}
	if certified, found := p.certified.of(r.URL); found {
		return certified.RoundTrip(r)
	}
	return p.plain.RoundTrip(r)
}

// dressed is r with further headers. A RoundTripper may not change the request that it is given.
func dressed(r *http.Request, further http.Header) *http.Request {
	r = r.WithContext(r.Context())
	r.Header = r.Header.Clone()
	for name, values := range further {
		if _, taken := r.Header[name]; !taken {
			r.Header[name] = values
		}
	}
	return r
}

// CloseIdleConnections closes the connections that nobody uses.
func (p *Pool) CloseIdleConnections() {
	p.plain.CloseIdleConnections()
	for _, c := range p.certified {
		c.Gets.CloseIdleConnections()
	}
}

func (o PoolOptions) transport() *http.Transport {
	t := NewTransport()
	t.MaxConnsPerHost = cmp.Or(o.MaxConns, t.MaxConnsPerHost)
	t.MaxIdleConnsPerHost = cmp.Or(o.MaxIdle, t.MaxIdleConnsPerHost)
	t.IdleConnTimeout = cmp.Or(o.IdleTimeout, t.IdleConnTimeout)
	if o.OnOpen != nil {
		t.DialContext = o.counted(t.DialContext)
	}
	return t
}

// counted makes connections that somebody hears of.
func (o PoolOptions) counted(dial dialFunc) dialFunc {
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		conn, err := dial(ctx, network, addr)
		if err != nil {
			return nil, err
		}
		vendor := ""
		if w, ok := ctx.Value(watchKey{}).(*watch); ok {
			vendor = w.vendor
		}
		return &countedConn{conn, sync.OnceFunc(o.OnOpen(vendor))}, nil
	}
}

type countedConn struct {
	net.Conn
	closed func()
}

func (c *countedConn) Close() error {
	defer c.closed()
	return c.Conn.Close()
}
