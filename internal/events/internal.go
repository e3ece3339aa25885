package events

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"
)

const internalSchema = "iglu:com.gitlab/gitlab_standard/jsonschema/1-1-1"

// Categories of internal events: the components that emit them (spec/observability.md 14).
const (
	UserAccessTokenV1   = "ai_gateway.api.v1.code.user_access_token"
	DocsSearchV1        = "ai_gateway.api.v1.search.docs"
	ChatV1              = "ai_gateway.api.v1.chat.agent"
	PromptsV1           = "ai_gateway.api.v1.prompts.invoke"
	XRayV1              = "ai_gateway.api.v1.x_ray.libraries"
	AnthropicProxyV1    = "ai_gateway.api.v1.proxy.anthropic"
	VertexAIProxyV1     = "ai_gateway.api.v1.proxy.vertex_ai"
	AmazonQApplication  = "ai_gateway.api.v1.amazon_q.application"
	AmazonQEvents       = "ai_gateway.api.v1.amazon_q.events"
	CodeSuggestionsV2   = "ai_gateway.api.v2.code.completions" // generations, too
	ChatAgentV2         = "ai_gateway.api.v2.chat.agent"
	ChatAgentToolChoice = "ai_gateway.chat.executor"
)

// Internal sends GitLab's internal events (spec/observability.md 14). A nil Internal, that of a gateway whose internal events are off, does
// nothing.
type Internal struct {
	emitter     *Emitter
	environment string
}

// NewInternal returns a tracker of internal events. environment is the name of this deployment.
func NewInternal(emitter *Emitter, environment string) *Internal {
	return &Internal{emitter, environment}
}

// Caller is what a request says about where it comes from; a part that it does not mention is nil.
type Caller struct {
	Realm, InstanceID, HostName, InstanceVersion, GlobalUserID *string

	EnabledBy     string // X-Gitlab-Feature-Enabled-By-Namespace-Ids
	DuoPro        string // X-Gitlab-Saas-Duo-Pro-Namespace-Ids, which counts when the first one lists nothing
	CorrelationID string
}

// standardContext is the context of internal events. All members are always there.
type standardContext struct {
	Environment        string   `json:"environment"`
	Source             string   `json:"source"`
	Realm              *string  `json:"realm"`
	InstanceID         *string  `json:"instance_id"`
	HostName           *string  `json:"host_name"`
	InstanceVersion    *string  `json:"instance_version"`
	GlobalUserID       *string  `json:"global_user_id"`
	GeneratedAt        string   `json:"context_generated_at"` // local time without an offset
	Extra              struct{} `json:"extra"`
	IsGitLabTeamMember *bool    `json:"is_gitlab_team_member"`
	EnabledBy          []int64  `json:"feature_enabled_by_namespace_ids"`
	ProjectID          *int64   `json:"project_id"`
	NamespaceID        *int64   `json:"namespace_id"`
	Plan               *string  `json:"plan"`
	CorrelationID      string   `json:"correlation_id"`
}

// request is what the events of one request share.
type request struct {
	context *Context

	mu      sync.Mutex
	tracked map[string]struct{} // actions
}

type requestKey struct{}

// WithRequest returns a context for serving a request of c. Events that are tracked with it carry what c says.
func (t *Internal) WithRequest(ctx context.Context, c Caller) context.Context {
	if t == nil {
		return ctx
	}
	described := NewContext(internalSchema, standardContext{
		Environment: t.environment, Source: "ai-gateway-python", Realm: c.Realm, InstanceID: c.InstanceID, HostName: c.HostName,
		InstanceVersion: c.InstanceVersion, GlobalUserID: c.GlobalUserID, GeneratedAt: time.Now().Format("2006-01-02T15:04:05.000000"),
		EnabledBy: enabledBy(c.EnabledBy, c.DuoPro), CorrelationID: c.CorrelationID,
	})
	return context.WithValue(ctx, requestKey{}, &request{context: described})
}

// Track sends an event with the context of the request that ctx belongs to. It never blocks.
func (t *Internal) Track(ctx context.Context, action, category string) {
	if t == nil {
		return
	}
	event := Event{Category: category, Action: action}
	if r, ok := ctx.Value(requestKey{}).(*request); ok {
		event.Context = r.context
		r.note(action)
	}
	t.emitter.Track(event)
}

func (r *request) note(action string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.tracked == nil {
		r.tracked = map[string]struct{}{}
	}
	r.tracked[action] = struct{}{}
}

// Tracked lists the distinct actions that were tracked so far for the request that ctx belongs to.
func Tracked(ctx context.Context) []string {
	r, ok := ctx.Value(requestKey{}).(*request)
	if !ok {
		return []string{}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.AppendSeq([]string{}, maps.Keys(r.tracked))
}
