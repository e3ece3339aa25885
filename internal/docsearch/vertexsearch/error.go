package vertexsearch

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/ai-gateway/ai-gateway/internal/docsearch"
)

// Error is a failed call, for the log (spec/docs-search.md 3.5). It quotes no token.
type Error struct {
	Class   string // name of the status at Google, such as "PermissionDenied"; empty when there was no answer, or none that makes sense
	Message string
}

func (e *Error) Error() string {
	if e.Class == "" {
		return "Vertex Search API error: " + e.Message
	}
	return "Vertex Search API error: " + e.Class + " " + e.Message
}

// ExceptionClass is the contract's name of this kind of error in logs.
func (e *Error) ExceptionClass() string { return "VertexAPISearchError" }

// failed is the error of a search, unless the client left.
func failed(ctx context.Context, class string, err error) error {
	if errors.Is(ctx.Err(), context.Canceled) {
		return ctx.Err()
	}
	return &docsearch.UnavailableError{Detail: "Vertex API Search Error.", Err: &Error{class, err.Error()}}
}

// refused is the error of an answer with a bad status.
func refused(ctx context.Context, status int, body []byte) error {
	var answer struct {
		Error struct {
			Status, Message string
		}
	}
	_ = json.Unmarshal(body, &answer) // a proxy may have answered
	const longestMessage = 1000
	message := answer.Error.Message[:min(len(answer.Error.Message), longestMessage)]
	return failed(ctx, className(answer.Error.Status), fmt.Errorf("%d %s", status, strings.ToValidUTF8(message, "")))
}

// className writes PERMISSION_DENIED as PermissionDenied.
func className(status string) string {
	var b strings.Builder
	for word := range strings.SplitSeq(status, "_") {
		if word != "" {
			b.WriteString(word[:1] + strings.ToLower(word[1:]))
		}
	}
	return strings.ToValidUTF8(b.String(), "")
}

// unauthorized is the error of missing credentials.
func unauthorized(ctx context.Context, err error) error {
	if errors.Is(ctx.Err(), context.Canceled) {
		return ctx.Err()
	}
	return &docsearch.UnavailableError{Detail: "The documentation cannot be searched: there is no access to Google Cloud", Err: err}
}
