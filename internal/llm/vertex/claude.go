package vertex

import (
	"cmp"
	"context"
	"strings"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/anthropic"
	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
)

const (
	vendorClaude    = "vertex_ai"
	claudeVersion   = "vertex-2023-10-16"
	defaultLocation = "us-central1"
)

// Claude serves Anthropic's models on Vertex AI, for the router's key "vertex_ai" (spec/models-and-providers.md 9.7, 9.8).
//
// Values and rules are those of [anthropic.Routed]; the status of an error is that of section 9.10. The location is that of the
// reference, else that of the options, else us-central1; the project is that of the options, else that of the credentials. The server
// of a reference is the URL of the model itself, to which only the verb is appended; its key does not count.
type Claude struct {
	options Options
}

// NewClaude returns the provider. BaseURL, Project and Location may be empty.
func NewClaude(o Options) *Claude { return &Claude{o.trimmed()} }

// Resolve implements [llm.Provider]. Models that are not called claude… are refused.
func (c *Claude) Resolve(ref llm.Ref) (llm.Handle, error) {
	if !strings.HasPrefix(ref.Name, "claude") {
		return llm.Handle{}, refused(vendorClaude, "%q is no Claude model, and no other is served by Vertex AI here", ref.Name)
	}
	place := placement{options: c.options, model: ref.Name, location: cmp.Or(ref.Location, c.options.Location, defaultLocation)}
	if url := ref.Server.URL; url != "" {
		place.url = strings.TrimRight(url, "/")
	} else if !isLocation(place.location) {
		return llm.Handle{}, refused(vendorClaude, "%q is no location of Google Cloud", place.location)
	}
	return llm.Handle{
		Model: &anthropic.Host{
			HTTP: c.options.HTTP, Vendor: vendorClaude, Version: claudeVersion, Call: place.call, Status: claudeStatus,
		},
		ID:         llm.ID{Engine: "litellm", Name: vendorClaude + "/" + ref.Name},
		InputLimit: anthropic.InputLimit,
	}, nil
}

// isLocation tells whether a name may become part of a host's.
func isLocation(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r != '-' && (r < '0' || r > '9') && (r < 'a' || r > 'z') })
}

// placement is where a model is.
type placement struct {
	options  Options
	url      string // of the model; empty: the one at Google
	model    string
	location string
}

// call is the address and the login for a call. Google ignores x-api-key; it is there for gateways that expect Anthropic's login.
func (p placement) call(ctx context.Context, stream bool) (*wire.Call, error) {
	token, err := p.options.Tokens.Token(ctx)
	if err != nil {
		return nil, err
	}
	address, err := p.address(ctx, stream)
	if err != nil {
		return nil, err
	}
	h := header(token)
	h["X-Api-Key"] = []string{token}
	return &wire.Call{URL: address, Header: h, Secret: token}, nil
}

func (p placement) address(ctx context.Context, stream bool) (string, error) {
	switch {
	case p.url != "" && stream:
		return p.url + ":streamRawPredict?alt=sse", nil
	case p.url != "":
		return p.url + ":rawPredict", nil
	}
	project := p.options.Project
	if project == "" {
		var err error
		if project, err = p.options.Tokens.Project(ctx); err != nil {
			return "", err
		}
	}
	if project == "" {
		return "", notConfigured(vendorClaude, "neither AIGW_GOOGLE_CLOUD_PLATFORM__PROJECT nor the credentials name a project")
	}
	base := cmp.Or(p.options.BaseURL, "https://"+p.location+"-aiplatform.googleapis.com")
	verb := ":rawPredict"
	if stream {
		verb = ":streamRawPredict"
	}
	return base + resource(project, p.location, "anthropic", p.model) + verb, nil
}

// claudeStatus is the status of an error (spec/models-and-providers.md 9.10).
func claudeStatus(e *llm.Error) int {
	text := wire.Said(e)
	switch {
	case strings.Contains(text, "Vertex AI API has not been used in project"), strings.Contains(text, "403"):
		return 400
	case strings.Contains(text, "Quota exceeded for"):
		return 429
	case strings.Contains(text, "The model is overloaded."):
		return 500
	}
	switch e.Status {
	case 400, 401, 404, 408, 429, 503:
		return e.Status
	case 0:
		if e.Kind == llm.TimedOut {
			return 408
		}
	}
	return 500
}
