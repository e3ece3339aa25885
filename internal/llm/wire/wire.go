// Package wire is what the HTTP interfaces of model vendors have in common: a JSON document is posted, and a JSON document or a stream
// of events comes back.
//
// A [Client] posts a [Call] with time-outs a phase (T(c, r) of spec/models-and-providers.md 1), repeats it as the vendor's own
// libraries would, and turns every failure into an [*llm.Error]. [Client.Post] reads the whole answer, [Client.Open] hands over
// a [Body] as soon as the vendor's head is there, [Client.Relay] any answer as it is. [NewEvents] and [NewDataLines] cut a body into server-sent events, [Piece] and
// [Joiner] make whole characters of what vendors cut in halves, [Loop] notices a model that repeats itself for ever.
//
// What a vendor's documents look like, and what its statuses mean, is known to its adapter alone.
package wire

import (
	"cmp"
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/llm"
)

// Limits of what a model server may send.
const (
	maxAnswer  = 32 << 20 // bytes of a whole answer
	maxRefusal = 64 << 10 // bytes of an error's body; the rest is not read
)

// Client posts calls to model servers. It is safe for concurrent use; one serves all vendors.
type Client struct {
	http   http.Client
	sleep  func(context.Context, time.Duration) error
	random func() float64
	onSend func(context.Context, *http.Request, []byte)
	onConn func(vendor string, reused bool)

	connect, read time.Duration // in place of those of the calls; 0: theirs
}

// Options are what a Client may be given. The zero value is right for production.
type Options struct {
	Transport http.RoundTripper                                // nil: [NewTransport]
	Sleep     func(ctx context.Context, d time.Duration) error // waits between attempts; nil: the clock
	Random    func() float64                                   // jitter of these waits, in [0, 1); nil: random numbers

	// Connect and Read are the time-outs of all calls in place of their own. 0: their own.
	Connect, Read time.Duration

	// OnConn hears of the connection of every attempt, and whether it is one that was there already. Nil: nobody counts.
	OnConn func(vendor string, reused bool)

	// OnSend sees every attempt before it is sent, with its body. Nil: nobody looks.
	OnSend func(ctx context.Context, r *http.Request, body []byte)
}

// NewClient returns a client.
func NewClient(o Options) *Client {
	c := &Client{sleep: o.Sleep, random: o.Random, onSend: o.OnSend, onConn: o.OnConn, connect: o.Connect, read: o.Read}
	c.http = http.Client{Transport: o.Transport, CheckRedirect: keepKeysAtHome}
	if o.Transport == nil {
		c.http.Transport = NewTransport()
	}
	if c.sleep == nil {
		c.sleep = sleep
	}
	if c.random == nil {
		c.random = rand.Float64
	}
	return c
}

// Call is one request to a model server.
type Call struct {
	Vendor string      // for errors: "anthropic"
	URL    string      // absolute, http or https
	Header http.Header // in canonical form; the client may add to it
	Body   []byte      // a JSON document
	Secret string      // the key in Header, to be kept out of errors

	Connect time.Duration // time-out of connecting
	Read    time.Duration // time-out of everything else: waiting for a connection, writing, the head, each single read

	Retries     int    // repetitions after a failed first attempt
	RetryHeader string // header that tells the vendor how many repetitions there were; empty: none
	Reconnect   bool   // a refused or broken connection is tried once more, at once, even when Retries is 0
}

// Post sends the call and returns the whole answer, at most 32 MiB. The error is an [*llm.Error], or that of a cancelled context.
func (c *Client) Post(ctx context.Context, call *Call) ([]byte, error) {
	var answer []byte
	err := c.repeat(ctx, call, func(n int) *failure {
		body, f := c.attempt(ctx, call, n)
		if f == nil {
			answer, f = body.whole()
		}
		return f
	})
	return answer, err
}

// Open sends the call and returns as soon as the vendor has accepted it. The body must be closed or finished, or ctx cancelled.
// The error is an [*llm.Error], or that of a cancelled context.
func (c *Client) Open(ctx context.Context, call *Call) (*Body, error) {
	var body *Body
	err := c.repeat(ctx, call, func(n int) (f *failure) {
		body, f = c.attempt(ctx, call, n)
		return f
	})
	return body, err
}

// override gives a call the time-outs of the client, if it has some.
func (c *Client) override(call *Call) {
	call.Connect, call.Read = cmp.Or(c.connect, call.Connect), cmp.Or(c.read, call.Read)
}

// checkURL tells whether a base URL can be called at all, so that a bad one is refused instead of tried.
func checkURL(base string) error {
	u, err := url.Parse(base)
	switch {
	case err != nil:
		return errors.New("the URL of the model server cannot be read") // err would quote it, passwords included
	case u.Scheme != "http" && u.Scheme != "https":
		return errors.New("the URL of the model server must begin with http:// or https://")
	case u.Host == "":
		return errors.New("the URL of the model server names no host")
	}
	return nil
}

// checkKey tells whether a key can be sent. net/http would find out, too, but each attempt anew.
func checkKey(key string) error {
	if strings.ContainsFunc(key, func(r rune) bool { return r < ' ' || r == 0x7F }) {
		return errors.New("the key of the model server has a character that no header may have")
	}
	return nil
}

// Header returns the header that all calls have in common. The caller adds its key.
func Header() http.Header {
	return http.Header{
		"Accept":       {"application/json"}, // also for streams (spec/models-and-providers.md 6)
		"Content-Type": {"application/json"},
		"User-Agent":   {"ai-gateway"},
	}
}

var errRedirects = errors.New("stopped after 10 redirects")

// keepKeysAtHome follows redirects, ten at most, but takes a vendor's key off when one leads to another host, or out of TLS.
// net/http does so for Authorization alone.
func keepKeysAtHome(r *http.Request, via []*http.Request) error {
	if len(via) >= 10 {
		return errRedirects
	}
	if home := via[0].URL; r.URL.Host != home.Host || home.Scheme == "https" && r.URL.Scheme != "https" {
		for _, key := range []string{"X-Api-Key", "Api-Key", "Authorization", "X-Amz-Security-Token"} {
			r.Header.Del(key)
		}
	}
	return nil
}

// refused is a call that will not be sent.
func refused(vendor string, err error) *llm.Error {
	return &llm.Error{Kind: llm.Refused, Vendor: vendor, Err: err}
}
