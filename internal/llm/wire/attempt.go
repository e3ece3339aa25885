package wire

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptrace"
	"strconv"
)

// attempt sends a call once and returns its body when the vendor accepted it. n counts the attempts before this one.
func (c *Client) attempt(ctx context.Context, call *Call, n int) (*Body, *failure) {
	if call.RetryHeader != "" {
		call.Header[call.RetryHeader] = []string{strconv.Itoa(n)}
	}
	body, f := c.exchange(ctx, call, c.http.Do)
	if f != nil {
		return nil, f
	}
	if resp := body.response; resp.StatusCode < 200 || resp.StatusCode > 299 {
		defer body.Close()
		return nil, refusal(call, resp, body.head(maxRefusal))
	}
	return body, nil
}

// exchange sends a call once and returns the vendor's answer as soon as its head is there.
func (c *Client) exchange(ctx context.Context, call *Call, send func(*http.Request) (*http.Response, error)) (*Body, *failure) {
	w := newWatch(ctx, call)
	req, err := http.NewRequestWithContext(c.traced(w), http.MethodPost, call.URL, bytes.NewReader(call.Body))
	if err != nil {
		w.end()
		return nil, &failure{err: refused(call.Vendor, err)}
	}
	req.Header = call.Header
	if c.onSend != nil {
		c.onSend(ctx, req, call.Body)
	}
	resp, err := send(req)
	if err != nil {
		f := broken(ctx, w, call, err)
		w.end()
		return nil, f
	}
	w.pause()
	return &Body{parent: ctx, call: call, response: resp, watch: w}, nil
}

// traced is the context of an attempt: as soon as there is a connection, and again when the request is written, the vendor has
// its full time for what comes next.
func (c *Client) traced(w *watch) context.Context {
	return httptrace.WithClientTrace(w.ctx, &httptrace.ClientTrace{
		GotConn: func(conn httptrace.GotConnInfo) {
			w.extend()
			if c.onConn != nil {
				c.onConn(w.vendor, conn.Reused)
			}
		},
		WroteRequest: func(httptrace.WroteRequestInfo) { w.extend() },
	})
}
