package events

import "strings"

const (
	suggestionSchema   = "iglu:com.gitlab/code_suggestions_context/jsonschema/3-6-0"
	suggestionCategory = "code_suggestions"
)

// Suggestions sends the events of code suggestions (spec/observability.md 13). A nil Suggestions, that of a gateway whose tracking is off,
// does nothing.
type Suggestions struct {
	emitter *Emitter
	region  string
}

// NewSuggestions returns a tracker of code suggestions. region is where the gateway runs.
func NewSuggestions(emitter *Emitter, region string) *Suggestions {
	return &Suggestions{emitter, region}
}

// Suggestion is one request for a code suggestion.
type Suggestion struct {
	Realm         string // of the header or else of the token
	HostName      string
	InstanceID    string
	GlobalUserID  *string // nil when the request does not say
	NamespaceIDs  []int64 // with Duo Pro
	Language      string
	PrefixLength  int  // characters above the cursor
	SuffixLength  int  // characters below the cursor
	DirectFromIDE bool // the token was issued by this gateway
}

// suggestionContext is the context of the events. All members are always there; editors fill in the others in their events.
type suggestionContext struct {
	Realm              string  `json:"gitlab_realm"`
	HostName           string  `json:"gitlab_host_name"`
	InstanceID         string  `json:"gitlab_instance_id"`
	GlobalUserID       *string `json:"gitlab_global_user_id"`
	NamespaceIDs       []int64 `json:"gitlab_saas_duo_pro_namespace_ids"`
	Language           string  `json:"language"`
	PrefixLength       int     `json:"prefix_length"`
	SuffixLength       int     `json:"suffix_length"`
	Source             string  `json:"suggestion_source"`
	IsDirectConnection bool    `json:"is_direct_connection"`
	Region             string  `json:"region"`

	InstanceVersion    *string `json:"gitlab_instance_version"`
	ModelEngine        *string `json:"model_engine"`
	ModelName          *string `json:"model_name"`
	APIStatusCode      *int    `json:"api_status_code"`
	DebounceInterval   *int    `json:"debounce_interval"`
	IsStreaming        *bool   `json:"is_streaming"`
	IsInvoked          *bool   `json:"is_invoked"`
	OptionsCount       *int    `json:"options_count"`
	AcceptedOption     *int    `json:"accepted_option"`
	HasAdvancedContext *bool   `json:"has_advanced_context"`
	TotalContextBytes  *int    `json:"total_context_size_bytes"`
	AboveCursorBytes   *int    `json:"content_above_cursor_size_bytes"`
	BelowCursorBytes   *int    `json:"content_below_cursor_size_bytes"`
	ContextItems       []any   `json:"context_items"`
	InputTokens        *int    `json:"input_tokens"`
	OutputTokens       *int    `json:"output_tokens"`
	ContextTokensSent  *int    `json:"context_tokens_sent"`
	ContextTokensUsed  *int    `json:"context_tokens_used"`
}

// Context describes a request for a suggestion.
func (t *Suggestions) Context(s Suggestion) *Context {
	if t == nil {
		return nil
	}
	ids := s.NamespaceIDs
	if ids == nil {
		ids = []int64{}
	}
	return NewContext(suggestionSchema, suggestionContext{
		Realm: strings.ToLower(s.Realm), HostName: s.HostName, InstanceID: s.InstanceID, GlobalUserID: s.GlobalUserID, NamespaceIDs: ids,
		Language: strings.ToLower(s.Language), PrefixLength: s.PrefixLength, SuffixLength: s.SuffixLength, Source: "network",
		IsDirectConnection: s.DirectFromIDE, Region: t.region,
	})
}

// Requested says that a suggestion was asked for.
func (t *Suggestions) Requested(c *Context) { t.track("suggestion_requested", "", nil, c) }

// Tokens says how many tokens a request took; action and label are those of spec/observability.md 13. An unknown number is nil, and so may be
// the context.
func (t *Suggestions) Tokens(action, label string, n *int, c *Context) { t.track(action, label, n, c) }

func (t *Suggestions) track(action, label string, value *int, c *Context) {
	if t != nil {
		t.emitter.Track(Event{Category: suggestionCategory, Action: action, Label: label, Value: value, Context: c})
	}
}
