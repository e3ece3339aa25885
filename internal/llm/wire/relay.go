package wire

import (
	"cmp"
	"context"
	"net/http"
)

// Response is the vendor's answer to a relayed call, whatever its status.
type Response struct {
	*Body
	Status int
	Header http.Header
}

// Relay sends the call once and returns as soon as the head of the answer is there. Every answer is one: a refusal is no error, and a
// redirect is not followed. The response must be closed, finished or read as a whole, or ctx cancelled. The error is an [*llm.Error] of a
// call without an answer, or that of a cancelled context.
func (c *Client) Relay(ctx context.Context, call *Call) (*Response, error) {
	c.override(call)
	if err := cmp.Or(checkURL(call.URL), checkKey(call.Secret)); err != nil {
		return nil, refused(call.Vendor, err)
	}
	body, f := c.exchange(ctx, call, c.sendAsItIs)
	if f != nil {
		return nil, f.err
	}
	return &Response{body, body.response.StatusCode, body.response.Header}, nil
}

// Whole reads the answer, at most 32 MiB, and closes it. The error is an [*llm.Error], or that of a cancelled context.
func (r *Response) Whole() ([]byte, error) {
	data, f := r.whole()
	if f != nil {
		return nil, f.err
	}
	return data, nil
}

// sendAsItIs makes an answer of a redirect, too. Like [http.Client] it logs in with a name and a password that the URL has.
func (c *Client) sendAsItIs(r *http.Request) (*http.Response, error) {
	if user := r.URL.User; user != nil && r.Header.Get("Authorization") == "" {
		password, _ := user.Password()
		r.SetBasicAuth(user.Username(), password)
	}
	return c.http.Transport.RoundTrip(r)
}
