package amazonq

import (
	"errors"
	"fmt"
	"strings"
)

// ErrNoUserID says that a request does not name its user.
var ErrNoUserID = errors.New("the request names no user")

// NotConfiguredError names a setting without which Amazon Q cannot be asked: it is missing, or cannot be used.
type NotConfiguredError struct{ Setting string }

func (e *NotConfiguredError) Error() string {
	return "Amazon Q is not configured: " + e.Setting + " is not set, or cannot be used"
}

// IdentityError is a token exchange that failed. Its text is for the log; it quotes no token.
type IdentityError struct{ Err error }

func (e *IdentityError) Error() string { return "exchange the caller's token: " + e.Err.Error() }

func (e *IdentityError) Unwrap() error { return e.Err }

// ParameterError is a call that AWS was not sent, because it would not even look at it. Its text is the contract's.
type ParameterError struct{ Problems []string }

func (e *ParameterError) Error() string {
	return "Parameter validation failed:\n" + strings.Join(e.Problems, "\n")
}

// ServiceError is a call that a service of AWS refused. Its text is the contract's, for the client too (spec/models-and-providers.md 15.5).
type ServiceError struct {
	Code      string // "ValidationException"; the HTTP status when the service named none
	Operation string // "SendEvent"
	Message   string // in the service's words, without secrets
	Status    int    // of HTTP
	Exhausted bool   // it was repeated in vain

	reason string // of an AccessDeniedException
}

func (e *ServiceError) Error() string {
	exhausted := ""
	if e.Exhausted {
		exhausted = fmt.Sprintf(" (reached max retries: %d)", maxAttempts-1)
	}
	return fmt.Sprintf("An error occurred (%s) when calling the %s operation%s: %s", e.Code, e.Operation, exhausted, e.Message)
}

// UnreachableError is a call to AWS that got no answer, or none that can be read. Its text is for the log.
type UnreachableError struct {
	Operation string
	Err       error
}

func (e *UnreachableError) Error() string { return "call " + e.Operation + ": " + e.Err.Error() }

func (e *UnreachableError) Unwrap() error { return e.Err }

// codeOf is the code with which a service refused a call, or "".
func codeOf(err error) string {
	var refused *ServiceError
	if errors.As(err, &refused) {
		return refused.Code
	}
	return ""
}
