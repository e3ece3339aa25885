package api

import (
	"fmt"
	"net/http"
	"unicode/utf8"

	"github.com/ai-gateway/ai-gateway/internal/auth"
	"github.com/ai-gateway/ai-gateway/internal/codesuggestions"
	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/lang"
	"github.com/ai-gateway/ai-gateway/internal/events"
	"github.com/ai-gateway/ai-gateway/internal/observe"
)

// Events are the trackers that handlers report to; a nil one is off and costs nothing (spec/observability.md 13, 14).
type Events struct {
	Internal    *events.Internal
	Suggestions *events.Suggestions
}

// trackUse sends the internal event "request_<unit primitive>" for each unit primitive that a request uses (spec/observability.md 14). A
// handler calls it right after its permission check:
//
//	if !allowsInstance(r, auth.GenerateCode) {
//		return forbidden("Unauthorized to access code generations")
//	}
//	s.trackUse(r, events.CodeSuggestionsV2, auth.GenerateCode)
//
// category is the endpoint's, one of the constants of package events. Endpoints of v3 and v4 send none. Unit primitives that the gateway does
// not know have no event: clients name them, and events must not say whatever clients like.
func (s *Server) trackUse(r *http.Request, category string, used ...auth.UnitPrimitive) {
	for _, up := range used {
		if _, known := auth.Known(string(up)); !known {
			continue
		}
		s.Events.Internal.Track(r.Context(), "request_"+string(up), category)
	}
}

// suggestionRequested sends the event "suggestion_requested" of v2 (spec/observability.md 13). What it returns is where the pipeline reports
// its token counts: put it into [codesuggestions.Caller.Track].
func (s *Server) suggestionRequested(r *http.Request, file codesuggestions.File) func(codesuggestions.TokenEvent) {
	if s.Events.Suggestions == nil {
		return nil
	}
	described, err := s.suggestionContext(r, file, lang.OfFile(file.Name).Label())
	if err == nil {
		s.Events.Suggestions.Requested(described)
	}
	return s.tokenEvents(described)
}

// suggestionTokens is [Server.suggestionRequested] without that event, for v3 and v4, whose language is what the editor calls it.
func (s *Server) suggestionTokens(r *http.Request, file codesuggestions.File) func(codesuggestions.TokenEvent) {
	if s.Events.Suggestions == nil {
		return nil
	}
	described, _ := s.suggestionContext(r, file, text(file.EditorLanguage))
	return s.tokenEvents(described)
}

func (s *Server) tokenEvents(described *events.Context) func(codesuggestions.TokenEvent) {
	return func(e codesuggestions.TokenEvent) {
		s.Events.Suggestions.Tokens(e.Action, e.Label, e.Tokens, described)
	}
}

// suggestionContext is what the events of one suggestion share. Headers that cannot be read leave the events without it; the failure is
// logged, and the request goes on.
func (s *Server) suggestionContext(r *http.Request, file codesuggestions.File, language string) (*events.Context, error) {
	header := func(name string) string {
		value, _ := auth.HeaderText(r.Header, name)
		return value
	}
	ids, err := events.NamespaceIDs(header("X-Gitlab-Saas-Duo-Pro-Namespace-Ids"))
	if err != nil {
		err = fmt.Errorf("X-Gitlab-Saas-Duo-Pro-Namespace-Ids: %w", err)
		observe.LogException(r.Context(), s.Log, err, nil)
		return nil, err
	}
	user := auth.UserFrom(r.Context())
	about := events.Suggestion{
		Realm: header(auth.HeaderRealm), HostName: header("X-Gitlab-Host-Name"), InstanceID: header(auth.HeaderInstanceID),
		GlobalUserID: headerOrNil(r.Header, auth.HeaderGlobalUserID), NamespaceIDs: ids, Language: language,
		PrefixLength: utf8.RuneCountInString(file.Above), SuffixLength: utf8.RuneCountInString(file.Below), DirectFromIDE: user.SelfIssued,
	}
	if about.Realm == "" && user.Claims != nil {
		about.Realm = user.Claims.Realm
	}
	return s.Events.Suggestions.Context(about), nil
}

// headerOrNil is the first value of a header, or nil.
func headerOrNil(h http.Header, name string) *string {
	value, present := auth.HeaderText(h, name)
	if !present {
		return nil
	}
	return &value
}
