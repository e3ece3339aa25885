package wire

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/ai-gateway/ai-gateway/internal/llm"
)

// failure is an attempt that failed.
type failure struct {
	err    error         // an *llm.Error, or that of a cancelled context
	again  bool          // another attempt may go better
	broken bool          // there was no connection, or it broke
	after  time.Duration // how long the vendor asked us to wait; 0 when it did not
}

// Refusal is the vendor's answer when it did not do what was asked: the Err of an [*llm.Error].
type Refusal struct {
	Status int    // of HTTP; 200 when the vendor refused in a body or a stream that began well
	Body   []byte // at most 64 KiB of it, without the key of the call

	quote func() string // what may be logged of it; that takes a while to find out
}

// maxQuote is how much of a body an error quotes, in bytes.
const maxQuote = 2048

// Error quotes the vendor, the type of its error included (spec/models-and-providers.md 6.3), but not what the vendor repeats of the request.
func (r *Refusal) Error() string {
	body := strings.TrimSpace(strings.ToValidUTF8(r.quote(), "\uFFFD"))
	if len(body) > maxQuote {
		body = body[:maxQuote]
		for !utf8.ValidString(body) {
			body = body[:len(body)-1]
		}
		body += "…"
	}
	switch {
	case r.Status == http.StatusOK:
		return body
	case body == "":
		return fmt.Sprintf("Error code: %d", r.Status)
	default:
		return fmt.Sprintf("Error code: %d - %s", r.Status, body)
	}
}

// Refused is the failure of a call that the vendor answered with an error. status decides its kind; data is what the vendor said.
func (c *Call) Refused(status int, data []byte) *llm.Error {
	return c.refused(status, http.StatusOK, data)
}

func (c *Call) refused(status, head int, data []byte) *llm.Error {
	if len(c.Secret) >= 8 { // shorter ones are placeholders, and parts of words
		data = bytes.ReplaceAll(data, []byte(c.Secret), []byte("[key]"))
	}
	data = bytes.Clone(data) // it may be a reader's buffer
	return &llm.Error{
		Kind:   llm.KindOfStatus(status),
		Vendor: c.Vendor,
		Status: status,
		Err:    &Refusal{head, data, sync.OnceValue(func() string { return string(withoutEcho(data, c.Body)) })},
	}
}

// refusal is an attempt whose status is no success.
func refusal(call *Call, resp *http.Response, body []byte) *failure {
	err := call.refused(resp.StatusCode, resp.StatusCode, body)
	err.RetryAfter = retryAfter(resp.Header, time.Now())
	return &failure{err: err, again: worthRepeating(resp), after: err.RetryAfter}
}

// broken is the failure of a call that got no answer, or lost it. Its texts begin as the contract has them (6.3).
func broken(parent context.Context, w *watch, call *Call, err error) *failure {
	if parent.Err() != nil {
		return &failure{err: parent.Err()}
	}
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err // the rest of it is the URL
	}
	var n net.Error
	switch {
	case w.silent():
		err = fmt.Errorf("Request timed out: %w (%v)", errSilence, call.Read)
	case errors.As(err, &n) && n.Timeout():
		err = fmt.Errorf("Request timed out: %w", err)
	default:
		lost := !errors.Is(err, errRedirects)
		err := &llm.Error{Kind: llm.Unavailable, Vendor: call.Vendor, Err: fmt.Errorf("Connection error: %w", err)}
		return &failure{err: err, again: lost, broken: lost}
	}
	return &failure{err: &llm.Error{Kind: llm.TimedOut, Vendor: call.Vendor, Err: err}, again: true}
}

// StreamError is the error of a stream that an adapter met while reading a [Body]: that of the call as it is, any other as [Garbled].
func StreamError(vendor string, err error) error {
	if llm.ErrorOf(err) != nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return Garbled(vendor, err)
}

// Garbled is the error of an answer that is not what the vendor's interface promises.
func Garbled(vendor string, err error) *llm.Error {
	return &llm.Error{Kind: llm.Unavailable, Vendor: vendor, Err: fmt.Errorf("the answer cannot be read: %w", err)}
}

// Classed gives an error the status that its vendor's row in spec/models-and-providers.md 9.10 names, and the kind that goes with
// it. What an operator must do about a key or a limit stays visible in the kind, whatever the row says.
func Classed(e *llm.Error, status int) *llm.Error {
	classed := *e
	classed.Status = status
	if e.Kind != llm.Unauthorized && e.Kind != llm.Overloaded {
		classed.Kind = llm.KindOfStatus(status)
	}
	return &classed
}

// Said is what the vendor answered when it refused a call, else nothing.
func Said(e *llm.Error) string {
	var r *Refusal
	if errors.As(e.Err, &r) {
		return string(r.Body)
	}
	return ""
}
