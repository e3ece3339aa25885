// Package api is the gateway's HTTP face: the routes of spec/http-api.md, one endpoint a file named after its path, and how requests become
// use cases and results become responses.
//
// A request passes the layers of package middleware, then router.go finds its endpoint. Handlers are lists of plain steps and return
// errors; errors.go alone knows which error becomes which response.
package api

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/amazonq"
	"github.com/ai-gateway/ai-gateway/internal/api/middleware"
	"github.com/ai-gateway/ai-gateway/internal/auth"
	"github.com/ai-gateway/ai-gateway/internal/chat"
	"github.com/ai-gateway/ai-gateway/internal/codesuggestions"
	"github.com/ai-gateway/ai-gateway/internal/docsearch"
	"github.com/ai-gateway/ai-gateway/internal/observe"
	"github.com/ai-gateway/ai-gateway/internal/observe/otlp"
	"github.com/ai-gateway/ai-gateway/internal/prompt"
)

// Server answers the API. Make one with [New].
type Server struct {
	Dependencies
	handler http.Handler
}

// Dependencies are what the endpoints are made of.
type Dependencies struct {
	Log             *slog.Logger
	Metrics         *observe.Metrics
	Events          Events
	OTLP            *otlp.Exporter // nil when traces are off
	LangSmith       bool           // whether requests may name the run of LangSmith that they belong to
	Authenticator   *auth.Authenticator
	DisallowedFlags map[string][]string // feature flags by the realm that may not use them
	Suggestions     *codesuggestions.Service
	SingleTurn      *chat.SingleTurn
	ChatAgent       *chat.Agent
	Prompts         *prompt.Registry
	Proxies         Proxies
	AmazonQ         *amazonq.Service
	DocsSearch      docsearch.Searcher
	Ready           func(context.Context) error // whether the models can be reached

	CustomModels bool // self-hosted models are allowed
	Limits       Limits
	Docs         Docs
}

// Limits bound what a client may take.
type Limits struct {
	BodyBytes int64         // size of a request's body
	ReadBody  time.Duration // time until it has arrived
}

// Docs are the paths of the documentation pages; an empty one is off, and without OpenAPI all are.
type Docs struct {
	OpenAPI, Swagger, ReDoc string
}

// New returns the API with all its layers.
func New(d Dependencies) (*Server, error) {
	s := &Server{Dependencies: d}
	routes := s.routes()
	docs, err := s.documentation(routes)
	if err != nil {
		return nil, err
	}
	rt := newRouter(append(routes, docs...))
	endpoints := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := rt.serve(w, r); err != nil {
			respondError(w, r, err)
		}
	})
	s.handler = middleware.Chain(endpoints,
		middleware.RefuseWebSocket,
		middleware.CorrelationID,
		middleware.Trace(d.OTLP, rt.label),
		middleware.LastResort(d.Log),
		middleware.DrainBody(d.Limits.BodyBytes),
		middleware.Metrics(d.Metrics, rt.label),
		middleware.CORS,
		middleware.AccessLog(d.Log),
		middleware.LangSmith(d.LangSmith, d.Log),
		middleware.Authentication(d.Authenticator),
		middleware.FeatureFlags(d.DisallowedFlags),
		middleware.InternalEvents(d.Events.Internal),
	)
	return s, nil
}

// ServeHTTP implements [http.Handler].
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// routes is the route table (spec/http-api.md 3).
func (s *Server) routes() []*route {
	post := []string{http.MethodPost}
	return []*route{
		{template: "/v1/amazon_q/events", methods: post, handle: s.amazonQEventsV1, about: amazonQEventOperation},
		{template: "/v1/amazon_q/oauth/application", methods: post, handle: s.amazonQApplicationV1, about: amazonQApplicationOperation},
		{template: "/v1/chat/{chat_invokable}", methods: post, handle: s.chatV1, about: chatV1Operation},
		{template: "/v1/code/user_access_token", methods: post, handle: s.codeUserAccessTokenV1, about: userAccessTokenOperation},
		{template: "/v1/prompts/{prompt_id:path}", methods: post, handle: s.promptsV1, about: promptRunOperation},
		{template: "/v1/proxy/anthropic/{path:path}", methods: post, handle: s.proxyAnthropicV1, about: proxyAnthropicOperation},
		{template: "/v1/proxy/vertex-ai/{path:path}", methods: post, handle: s.proxyVertexAIV1, about: proxyVertexAIOperation},
		{template: "/v1/search/gitlab-docs", methods: post, handle: s.searchGitLabDocsV1, about: docsSearchOperation},
		{template: "/v1/x-ray/libraries", methods: post, handle: s.xRayLibrariesV1, about: xRayLibrariesOperation},
		{template: "/v2/code/completions", methods: post, handle: s.codeCompletionsV2, about: codeCompletionsOperation},
		{template: "/v2/completions", methods: post, handle: s.codeCompletionsV2, about: codeCompletionsOperation},
		{template: "/v2/code/generations", methods: post, handle: s.codeGenerationsV2, about: codeGenerationsOperation},
		{template: "/v2/chat/agent", methods: post, handle: s.chatAgentV2, about: chatAgentOperation},
		{template: "/v2/prompts/{prompt_id:path}", methods: post, handle: s.promptsV2, about: promptRunV2Operation},
		{template: "/v3/code/completions", methods: post, handle: s.codeCompletionsV3, about: editorCompletionsOperation},
		{template: "/v4/code/suggestions", methods: post, handle: s.codeSuggestionsV4, about: editorSuggestionsOperation},
		{template: "/monitoring/healthz", methods: []string{http.MethodGet}, handle: s.monitoringHealthz, quiet: true, about: healthzOperation},
		{template: "/monitoring/ready", methods: []string{http.MethodGet}, handle: s.monitoringReady, quiet: true, about: readyOperation},
	}
}
