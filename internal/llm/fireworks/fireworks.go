// Package fireworks completes code with the model that the operator runs at Fireworks (spec/models-and-providers.md 9.5).
//
// Place, model and key are the operator's; what a request names is only the family of the model, which decides about the form of the
// prompt and about the words that end an answer. Chat models of Fireworks are OpenAI-compatible (llm/openai, "fireworks_ai").
package fireworks

import (
	"errors"
	"fmt"
	"strings"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/openai"
	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
)

const vendor = "fireworks_ai"

// Options are the operator's settings.
type Options struct {
	HTTP       *wire.Client
	Endpoint   string // base URL with /v1, of the region (AIGW_MODEL_ENDPOINTS__FIREWORKS_REGIONAL_ENDPOINTS)
	Identifier string // of the model there; may name a deployment after "#"
	APIKey     string // AIGW_MODEL_KEYS__FIREWORKS_API_KEY, secret
}

// Provider serves the operator's model, under the provider key "fireworks_ai" of requests.
//
// What a request leaves open has the values of 4.3 and 9.2: Temperature 0.95, TopP 0.95, MaxTokens 16, Stop by the model's name.
type Provider struct {
	options Options
}

// New returns the provider.
func New(o Options) *Provider {
	o.Endpoint = strings.TrimRight(o.Endpoint, "/")
	return &Provider{o}
}

// Resolve implements [llm.Provider]. A family outside of spec/models-and-providers.md 2.2 is refused; without all of [Options] the provider
// is not configured. The server of a reference does not count.
func (p *Provider) Resolve(ref llm.Ref) (llm.Handle, error) {
	stop, limit, found := openai.Family(ref.Name)
	if !found {
		return llm.Handle{}, refused("no model found by the name '%s'", ref.Name)
	}
	if what := p.missing(); what != "" {
		return llm.Handle{}, &llm.Error{Kind: llm.NotConfigured, Vendor: vendor, Err: errors.New(what)}
	}
	return llm.Handle{
		Model:      model{Options: p.options, family: ref.Name, stop: stop},
		ID:         llm.ID{Engine: vendor, Name: "text-completion-fireworks_ai/" + ref.Name},
		InputLimit: limit,
	}, nil
}

// missing says which setting must be made first, beginning with the contract's words.
func (p *Provider) missing() string {
	const regions = "AIGW_MODEL_ENDPOINTS__FIREWORKS_REGIONAL_ENDPOINTS"
	switch {
	case p.options.APIKey == "":
		return "Fireworks API key is missing from configuration: set AIGW_MODEL_KEYS__FIREWORKS_API_KEY"
	case p.options.Endpoint == "" && p.options.Identifier == "":
		return "Fireworks regional endpoints configuration is missing: set " + regions
	case p.options.Endpoint == "" || p.options.Identifier == "":
		return "Fireworks endpoint or identifier missing in region config: see " + regions
	}
	return ""
}

func refused(format string, args ...any) error {
	return &llm.Error{Kind: llm.Refused, Vendor: vendor, Err: fmt.Errorf(format, args...)}
}
