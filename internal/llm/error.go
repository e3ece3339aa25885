package llm

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Error is a failed model call, with all that a caller needs to decide what to do about it. Its text is for the operator's log: it
// may quote the vendor, so it never goes to a client.
type Error struct {
	Kind       Kind
	Vendor     string        // "anthropic"
	Server     string        // who was asked, "http://vllm:8000"; empty when that is not known
	Status     int           // the vendor's HTTP status; 0 when there was no answer
	RetryAfter time.Duration // 0 when the vendor gave none
	Err        error
}

// Kind says whose turn it is after a failure.
type Kind int

// The kinds of failure.
const (
	Unavailable   Kind = iota // unreachable, 5xx, cut off, garbled: ask another, or later
	TimedOut                  // the vendor said nothing for too long
	Overloaded                // 429, 529, or a limit of the gateway's own ([ErrHeldBack]): wait for RetryAfter
	Refused                   // 4xx: the request will never work as it is
	Unauthorized              // 401, 403: the key is wrong, tell the operator
	NotConfigured             // no such provider, or a setting is missing: nothing was sent, tell the operator
)

func (k Kind) String() string {
	return [...]string{"unavailable", "timed out", "overloaded", "refused", "unauthorized", "not configured"}[k]
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Vendor)
	if e.Server != "" {
		fmt.Fprintf(&b, " at %s", e.Server)
	}
	fmt.Fprintf(&b, ": %s", e.Kind)
	if e.Status != 0 {
		fmt.Fprintf(&b, " (status %d)", e.Status)
	}
	if e.Err != nil {
		fmt.Fprintf(&b, ": %v", e.Err)
	}
	return b.String()
}

func (e *Error) Unwrap() error { return e.Err }

// ErrHeldBack is in the chain of the [*Error] for a call that the gateway did not make, because it keeps to a limit of calls to the model.
var ErrHeldBack = errors.New("the gateway's limit is reached")

// KindOfStatus is the kind of failure that an HTTP status of 400 or more stands for.
func KindOfStatus(status int) Kind {
	switch {
	case status == 401 || status == 403:
		return Unauthorized
	case status == 408 || status == 504:
		return TimedOut
	case status == 429 || status == 529:
		return Overloaded
	case status >= 500:
		return Unavailable
	default:
		return Refused
	}
}

// ErrorOf is the [*Error] in err's chain, or nil.
func ErrorOf(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return nil
}
