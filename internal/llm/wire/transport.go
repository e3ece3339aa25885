package wire

import (
	"context"
	"net"
	"net/http"
	"time"
)

// NewTransport returns the connection pool to all model servers (spec/models-and-providers.md 16): at most 1000 connections to a
// host, 100 of them kept for 30 s while idle, HTTP/2 where the server speaks it, proxies from the environment (HTTPS_PROXY, NO_PROXY).
//
// A [Pool] is such pools with the operator's settings. Answers are never compressed: a compressor in front of a model holds pieces of a stream back.
func NewTransport() *http.Transport {
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            dialWith((&net.Dialer{KeepAlive: 30 * time.Second}).DialContext),
		ForceAttemptHTTP2:      true,
		HTTP2:                  &http.HTTP2Config{SendPingTimeout: 15 * time.Second, PingTimeout: 15 * time.Second},
		TLSHandshakeTimeout:    10 * time.Second,
		MaxConnsPerHost:        1000,
		MaxIdleConnsPerHost:    100,
		IdleConnTimeout:        30 * time.Second,
		MaxResponseHeaderBytes: 256 << 10,
		DisableCompression:     true,
	}
}

type dialFunc func(ctx context.Context, network, addr string) (net.Conn, error)

// dialWith makes connections within the connect time-out of the call that needs one.
func dialWith(dial dialFunc) dialFunc {
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		if w, ok := ctx.Value(watchKey{}).(*watch); ok {
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeout(ctx, w.connect)
			defer cancel()
		}
		return dial(ctx, network, addr)
	}
}
