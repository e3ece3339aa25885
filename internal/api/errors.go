package api

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/amazonq"
	"github.com/ai-gateway/ai-gateway/internal/auth"
	"github.com/ai-gateway/ai-gateway/internal/chat"
	"github.com/ai-gateway/ai-gateway/internal/codesuggestions"
	"github.com/ai-gateway/ai-gateway/internal/docsearch"
	"github.com/ai-gateway/ai-gateway/internal/health"
	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/prompt"
	"github.com/ai-gateway/ai-gateway/internal/proxy"
	"github.com/ai-gateway/ai-gateway/internal/schema"
)

// statusError is a refusal with the contract's error body {"detail": …}.
type statusError struct {
	status int
	detail string
}

func (e *statusError) Error() string { return fmt.Sprintf("%d: %s", e.status, e.detail) }

// forbidden is the refusal of a caller who lacks a permission.
func forbidden(detail string) error { return &statusError{http.StatusForbidden, detail} }

// allowsInstance says whether the caller may use up with a token of its GitLab instance. The gateway's own tokens, which editors hold, do
// not do ("self-issued tokens refused" in spec/auth.md 11.2).
func allowsInstance(r *http.Request, up auth.UnitPrimitive) bool {
	user := auth.UserFrom(r.Context())
	return user.Can(up) && !user.SelfIssued
}

// respondError turns what a handler returned into a response. It is the one place that knows which error becomes which status and body
// (spec/http-api.md 24.1, DESIGN.md 4.2).
func respondError(w http.ResponseWriter, r *http.Request, err error) {
	var (
		refusal    *statusError
		invalid    *schema.ValidationError
		unreadable *schema.UnreadableError
		rejected   *codesuggestions.InvalidError
		unanswered *chat.InvalidError
		denied     *codesuggestions.PermissionError
		tooLarge   *http.MaxBytesError
		incomplete *prompt.MissingVariables
		unfit      *prompt.RenderError
		unsearched *docsearch.UnavailableError
	)
	switch {
	case errors.As(err, &invalid):
		writeBytes(w, http.StatusUnprocessableEntity, invalid.AppendJSON(nil))
	case errors.As(err, &refusal):
		if failure := llm.ErrorOf(err); failure != nil { // a model's failure in the words of an endpoint
			setRetryAfter(w, failure.RetryAfter)
		}
		writeDetail(w, r, refusal.status, refusal.detail)
	case errors.As(err, &unreadable):
		writeDetail(w, r, http.StatusBadRequest, "There was an error parsing the body")
	case errors.As(err, &tooLarge):
		w.Header().Set("Connection", "close")
		writeDetail(w, r, http.StatusRequestEntityTooLarge, fmt.Sprintf("The body is larger than %d bytes", tooLarge.Limit))
	case errors.As(err, &rejected):
		writeDetail(w, r, http.StatusUnprocessableEntity, rejected.Detail)
	case errors.As(err, &unanswered):
		writeDetail(w, r, http.StatusUnprocessableEntity, unanswered.Detail)
	case errors.As(err, &denied):
		writeDetail(w, r, http.StatusForbidden, denied.Error())
	case errors.As(err, &incomplete):
		writeDetail(w, r, http.StatusUnprocessableEntity, missingVariables(incomplete))
	case errors.As(err, &unfit):
		writeDetail(w, r, http.StatusUnprocessableEntity, fmt.Sprintf("The inputs do not fit the prompt '%s'", unfit.Key))
	case errors.As(err, &unsearched):
		writeDetail(w, r, http.StatusServiceUnavailable, unsearched.Detail)
	case errors.Is(err, docsearch.ErrDataStoreNotFound):
		writeDetail(w, r, http.StatusBadRequest, "Data store not found.")
	case errors.Is(err, health.ErrNotReady):
		writeDetail(w, r, http.StatusServiceUnavailable, err.Error())
	case llm.ErrorOf(err) != nil:
		respondModelError(w, r, llm.ErrorOf(err))
	case errors.Is(err, context.Canceled) && r.Context().Err() != nil:
		panic(http.ErrAbortHandler) // the client left: nobody reads an answer any more
	default:
		panic(err) // a defect of ours: the last resort logs it and answers with a plain 500
	}
}

// respondModelError answers for a model that failed or refused. What its vendor said is in the log only.
func respondModelError(w http.ResponseWriter, r *http.Request, failure *llm.Error) {
	setRetryAfter(w, failure.RetryAfter)
	switch {
	case refusedBeforehand(failure):
		writeDetail(w, r, http.StatusUnprocessableEntity, failure.Err.Error())
	case failure.Kind == llm.NotConfigured:
		writeDetail(w, r, http.StatusServiceUnavailable, "The model provider is not configured: "+failure.Err.Error())
	default:
		writeError(w, http.StatusServiceUnavailable, "Inference failed") // the access log has model_exception_message instead
	}
}

// setRetryAfter passes on how long a vendor asks to wait, in whole seconds; 0 is nothing.
func setRetryAfter(w http.ResponseWriter, wait time.Duration) {
	if wait > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
	}
}

// proxyStatus gives the errors of the proxies their statuses (spec/models-and-providers.md 14.1, DESIGN.md 4.2). Others stay what they are.
func proxyStatus(err error) error {
	var (
		refused    proxy.Refusal
		notReady   *proxy.NotReadyError
		unanswered *proxy.VendorError
	)
	switch {
	case errors.As(err, &refused) && refused == proxy.PathNotAllowed:
		return &statusError{http.StatusNotFound, refused.Error()}
	case errors.As(err, &refused):
		return &statusError{http.StatusBadRequest, refused.Error()}
	case errors.As(err, &notReady):
		return &statusError{http.StatusServiceUnavailable, notReady.Detail}
	case errors.As(err, &unanswered):
		return &statusError{http.StatusBadGateway, "Bad Gateway"}
	default:
		return err
	}
}

// amazonQStatus gives the errors of Amazon Q their statuses (spec/models-and-providers.md 15.5, DESIGN.md 4.2). Others stay what they are.
func amazonQStatus(err error) error {
	var (
		unconfigured *amazonq.NotConfiguredError
		identity     *amazonq.IdentityError
		parameters   *amazonq.ParameterError
		refused      *amazonq.ServiceError
		unreachable  *amazonq.UnreachableError
	)
	switch {
	case errors.Is(err, amazonq.ErrNoUserID):
		return badRequest("User Id is missing")
	case errors.As(err, &unconfigured):
		return &statusError{http.StatusServiceUnavailable, unconfigured.Error()}
	case errors.As(err, &identity):
		return &statusError{http.StatusInternalServerError, "Cannot obtain OIDC token"} // as the contract has it (spec/auth.md 15)
	case errors.As(err, &parameters):
		return badRequest(parameters.Error())
	case errors.As(err, &unreachable):
		return &statusError{http.StatusServiceUnavailable, "Amazon Q cannot be reached"}
	case !errors.As(err, &refused):
		return err
	}
	switch refused.Code {
	case "ResourceNotFoundException":
		return &statusError{http.StatusNotFound, refused.Error()}
	case "AccessDeniedException":
		return &statusError{http.StatusForbidden, refused.Error()}
	case "ValidationException":
		return badRequest(refused.Error())
	default:
		return &statusError{http.StatusServiceUnavailable, "AWS Error: " + refused.Error()}
	}
}

// badRequest is the refusal of a request that can't be served as it is.
func badRequest(detail string) error { return &statusError{http.StatusBadRequest, detail} }

// refusedBeforehand says whether a model was not even asked: what the client wants can't be had, and our own words say why.
func refusedBeforehand(failure *llm.Error) bool {
	return failure.Kind == llm.Refused && failure.Status == 0
}

// readBody reads a request's body within the configured size and time.
func (s *Server) readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	conn := http.NewResponseController(w)
	_ = conn.SetReadDeadline(time.Now().Add(s.Limits.ReadBody))
	body, err := readAll(http.MaxBytesReader(w, r.Body, s.Limits.BodyBytes), r.ContentLength)
	_ = conn.SetReadDeadline(time.Time{}) // the deadline would end the watch for a client that leaves
	var tooLarge *http.MaxBytesError
	switch {
	case err == nil || errors.As(err, &tooLarge):
		return body, err
	case errors.Is(err, os.ErrDeadlineExceeded):
		w.Header().Set("Connection", "close")
		return nil, &statusError{http.StatusRequestTimeout, fmt.Sprintf("The body did not arrive within %s", s.Limits.ReadBody)}
	default:
		return nil, &statusError{http.StatusBadRequest, "The body ended early"}
	}
}
