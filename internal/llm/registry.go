package llm

import (
	"errors"
	"fmt"
	"strings"
)

// Provider serves the models of one vendor, or of all ([Registry]).
type Provider interface {
	// Resolve finds the model that ref names. It makes no call. The error is an [*Error].
	Resolve(ref Ref) (Handle, error)
}

// Ref names a model, and where it is served when that is not for the operator's settings to say.
type Ref struct {
	Provider string // key of the registry: "anthropic", "litellm", "custom_openai", …
	Name     string // name of the model at its provider
	API      API
	Server   Server
	Location string // region that serves it ("us-east5"), for providers that have several; empty: the provider's own

	// Identifier is "provider/model" or "model" when the request says so: what is asked in place of Provider and Name, by those who
	// know their models by families ("litellm").
	Identifier string
}

// API is the way a model is asked.
type API int

// A conversation ([Request.Messages]) or a text to continue ([Request.Prompt]).
const (
	Chat API = iota
	Text
)

// Server is a self-hosted model server that a request brings along (spec/models-and-providers.md 9.1).
type Server struct {
	URL string // base URL; empty: the provider's own
	Key string // secret; empty: none
}

// SplitIdentifier reads the identifier of a self-hosted model: "provider/model", or "model" alone, which an OpenAI-compatible server
// serves (spec/models-and-providers.md 9.1). The model may contain further slashes.
func SplitIdentifier(identifier string) (provider, model string) {
	if provider, model, found := strings.Cut(identifier, "/"); found {
		return provider, model
	}
	return "custom_openai", identifier
}

// Handle is a model that can be asked, with what its users must know about it.
type Handle struct {
	Model
	ID         ID
	InputLimit int // tokens that a prompt may have; 0: no limit is known
}

// ID is what a model is called in responses, logs and metrics.
type ID struct {
	Engine string // "anthropic", "litellm", "agent"
	Name   string // "claude-3-5-sonnet-20240620", "custom_openai/mistral"
}

// Registry finds the provider of a model by its key. Register all providers before the first Resolve: it is not locked.
type Registry struct {
	providers map[string]Provider
}

// NewRegistry returns a registry that knows no provider.
func NewRegistry() *Registry {
	return &Registry{providers: map[string]Provider{}}
}

// Register adds the provider of the given keys. It panics when a key is taken: that is a mistake in package app.
func (r *Registry) Register(p Provider, keys ...string) {
	for _, key := range keys {
		if r.providers[key] != nil {
			panic(fmt.Sprintf("llm: provider %q is registered twice", key))
		}
		r.providers[key] = p
	}
}

// ErrUnknownProvider is in the chain of the [*Error] for a key that nobody has registered.
var ErrUnknownProvider = errors.New("unknown model provider")

// Resolve implements [Provider].
func (r *Registry) Resolve(ref Ref) (Handle, error) {
	p := r.providers[ref.Provider]
	if p == nil {
		return Handle{}, &Error{Kind: NotConfigured, Vendor: ref.Provider, Err: fmt.Errorf("%w %q", ErrUnknownProvider, ref.Provider)}
	}
	return p.Resolve(ref)
}
