package api

import (
	"net/http"

	"github.com/ai-gateway/ai-gateway/internal/auth"
	"github.com/ai-gateway/ai-gateway/internal/events"
	"github.com/ai-gateway/ai-gateway/internal/observe"
	"github.com/ai-gateway/ai-gateway/internal/schema"
)

// userAccessToken is the answer of POST /v1/code/user_access_token.
type userAccessToken struct {
	Token     string `json:"token"`
	ExpiresAt int64  `json:"expires_at"` // Unix seconds
}

// codeUserAccessTokenV1 serves POST /v1/code/user_access_token: a token with which one user's editor may complete code without going
// through GitLab (spec/http-api.md 12). Whatever body comes is not read.
func (s *Server) codeUserAccessTokenV1(w http.ResponseWriter, r *http.Request) error {
	observe.RecordFrom(r.Context()).Set(observe.FeatureCategory, string(auth.CategoryCodeSuggestions))
	if !allowsInstance(r, auth.CompleteCode) {
		return forbidden("Unauthorized to create user access token for code suggestions")
	}
	s.trackUse(r, events.UserAccessTokenV1, auth.CompleteCode)
	identity := auth.IdentityFrom(r.Header)
	if missing := identity.Missing(); missing != "" {
		return &statusError{http.StatusBadRequest, "Missing " + missing + " header"}
	}
	token, expires, err := s.Authenticator.IssueUserToken(auth.UserFrom(r.Context()), identity)
	if err != nil {
		observe.LogException(r.Context(), s.Log, err, nil)
		return errTokenNotSigned
	}
	return writeJSON(w, http.StatusOK, userAccessToken{Token: token, ExpiresAt: expires.Unix()})
}

// errTokenNotSigned is the contract's answer when the gateway has no usable signing key: the one 500 with an error body.
var errTokenNotSigned error = &statusError{http.StatusInternalServerError, "Failed to generate JWT"}

var userAccessTokenOperation = operation{
	tag: "completions", summary: "Issue a token for direct connections",
	description: "An editor completes code with it for an hour. The identity headers say for whom.",
	answer:      schema.MustCompile[userAccessToken]().OpenAPI, refusals: []int{400, 401, 403},
}
