// Package mistral asks Codestral to fill in the middle, over Mistral's own interface for that (spec/models-and-providers.md 9.4).
//
// The address comes with the request and is complete: nothing is appended to it. What is posted is a text to continue, what comes back
// has the form of a chat answer. Chat models of Mistral are OpenAI-compatible (llm/openai, "mistral" and "codestral").
package mistral

import (
	"cmp"
	"context"
	"fmt"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/openai"
	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
)

const (
	vendor  = "codestral"
	stubKey = "stubbed-api-key" // is sent when no key is configured (spec/models-and-providers.md 9.1)
)

// Hosted serves Codestral with the operator's key, under the provider key "codestral" of requests.
//
// What a request leaves open has the values of 4.3 and 9.2: Temperature 0.95, TopP 0.95, MaxTokens 16, Stop by the model's name. Suffix is
// never sent.
type Hosted struct {
	http *wire.Client
	key  string
}

// NewHosted returns the provider for the operator's key (AIGW_MODEL_KEYS__MISTRAL_API_KEY, secret).
func NewHosted(http *wire.Client, key string) *Hosted { return &Hosted{http, cmp.Or(key, stubKey)} }

// Resolve implements [llm.Provider]. A reference without a server's URL is refused; its key does not count.
func (p *Hosted) Resolve(ref llm.Ref) (llm.Handle, error) {
	stop, limit, found := openai.Family(ref.Name)
	if !found {
		return llm.Handle{}, refused("no model found by the name '%s'", ref.Name)
	}
	if err := placed(ref); err != nil {
		return llm.Handle{}, err
	}
	return llm.Handle{
		Model:      hosted{fim{http: p.http, url: ref.Server.URL, key: p.key, name: ref.Name}, stop},
		ID:         llm.ID{Engine: vendor, Name: "text-completion-codestral/" + ref.Name},
		InputLimit: limit,
	}, nil
}

// hosted fills in what a request leaves open.
type hosted struct {
	fim
	stop []string
}

// Generate implements [llm.Model].
func (m hosted) Generate(ctx context.Context, req llm.Request) (llm.Stream, error) {
	req.Temperature = cmp.Or(req.Temperature, new(0.95))
	req.TopP = cmp.Or(req.TopP, new(0.95))
	req.MaxTokens = cmp.Or(req.MaxTokens, 16)
	if req.Stop == nil {
		req.Stop = m.stop
	}
	return m.fim.Generate(ctx, req)
}

// Routed serves the server and the key that a request brings along, for identifiers "text-completion-codestral/MODEL". Any name is passed
// on, and nothing has a default.
type Routed struct {
	http *wire.Client
}

// NewRouted returns the provider.
func NewRouted(http *wire.Client) *Routed { return &Routed{http} }

// Resolve implements [llm.Provider]. A reference without a server's URL is refused.
func (p *Routed) Resolve(ref llm.Ref) (llm.Handle, error) {
	if err := placed(ref); err != nil {
		return llm.Handle{}, err
	}
	_, limit, _ := openai.Family(ref.Name)
	return llm.Handle{
		Model:      fim{http: p.http, url: ref.Server.URL, key: ref.Server.Key, name: ref.Name},
		ID:         llm.ID{Engine: "litellm", Name: "text-completion-codestral/" + ref.Name},
		InputLimit: limit,
	}, nil
}

func placed(ref llm.Ref) error {
	if ref.Server.URL == "" {
		return refused("model_endpoint is missing: the complete URL of the model, like https://codestral.mistral.ai/v1/fim/completions")
	}
	return nil
}

func refused(format string, args ...any) error {
	return &llm.Error{Kind: llm.Refused, Vendor: vendor, Err: fmt.Errorf(format, args...)}
}
