package prompt

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/llm"
)

// Registry hands out prompts. It is safe for concurrent use.
type Registry struct {
	definitions atomic.Pointer[Definitions]
	models      llm.Provider
	options     Options
}

// Options are what an operator may set.
type Options struct {
	// Defaults is the variant to take by prompt id when a request names no model; an id that is not in it has "base"
	// (AIGW_DEFAULT_PROMPTS).
	Defaults map[string]string

	CustomModels     bool // whether requests may bring a model server along
	DisableStreaming bool // whether models are always asked for the whole answer at once

	// AnyFamily says what becomes of model families that nobody has heard of: they are served like the known ones that a prompt has no
	// definition for, or else there is no prompt for them (AIGW_PROMPTS__UNKNOWN_FAMILIES).
	AnyFamily bool

	// Watch wraps every model that is about to be asked by a prompt, for instance to count its calls. Its ID is already the one for
	// metrics. Nil: models are used as they are.
	Watch func(*Prompt, llm.Handle) llm.Handle

	// Wait waits between two rounds of a call, or until ctx is done. Nil: the clock.
	Wait func(ctx context.Context, d time.Duration) error
}

// NewRegistry returns a registry of the given definitions. The provider finds their models, under these keys of [llm.Ref]:
//
//   - "anthropic-prompt" for class anthropic (spec/models-and-providers.md 7): a key of its own, because this path has other defaults
//     and another address than "anthropic", and another mock. Metrics know its models as "anthropic-chat".
//   - for class litellm: the provider of the request's metadata, else the definition's custom_llm_provider, else the operator's account
//     with Anthropic, "anthropic-prompt", for a model called claude-….
func NewRegistry(definitions *Definitions, models llm.Provider, options Options) *Registry {
	r := &Registry{models: models, options: options}
	r.definitions.Store(definitions)
	return r
}

// Replace puts other definitions in the place of those that the registry has. Prompts that it handed out stay what they are.
func (r *Registry) Replace(definitions *Definitions) { r.definitions.Store(definitions) }

// Get selects the definition of a prompt id (spec/prompts.md 1.8): with metadata the variant of that name, without it the default one.
// Of several versions it is the one that requests without a constraint get.
//
// The error is that of [Registry.GetVersion].
func (r *Registry) Get(id string, metadata *ModelMetadata) (*Prompt, error) {
	return r.GetVersion(id, "", metadata)
}

// GetVersion is [Registry.Get] for a constraint on the version, such as "^1.0.0" (spec/prompts.md 4.3); empty is none.
//
// The error is [ErrCustomModelsDisabled], a [*NotFound], an [*InvalidConstraint], a [*NoVersion], or [ErrFixedModel] when the definition
// cannot be used with another model.
func (r *Registry) GetVersion(id, constraint string, metadata *ModelMetadata) (*Prompt, error) {
	if metadata != nil && !r.options.CustomModels {
		return nil, ErrCustomModelsDisabled
	}
	all, standsIn := r.find(id, metadata)
	if all == nil {
		return nil, &NotFound{ID: id}
	}
	definition, err := all.resolve(id, constraint)
	if err != nil {
		return nil, err
	}
	p := &Prompt{definition: definition, class: definition.Class, registry: r}
	switch {
	case metadata == nil:
		p.ref = definition.ref()
	case standsIn:
		p.class, p.ref = LiteLLM, metadata.ref()
	case definition.Class == Anthropic:
		return nil, fmt.Errorf("prompt %q: %w", definition.Key, ErrFixedModel)
	default:
		p.ref = metadata.ref()
	}
	return p, nil
}

// find looks for the definitions of a prompt id. Those that stand in for a family without its own are asked with the request's model
// whatever they say themselves.
func (r *Registry) find(id string, metadata *ModelMetadata) (all *versions, standsIn bool) {
	definitions := r.definitions.Load()
	if all := definitions.byKey[id+"/"+r.variant(id, metadata)]; all != nil || metadata == nil {
		return all, false
	}
	return definitions.standIn(id, metadata.Name, r.options.AnyFamily), true
}

// Definitions are those that the registry selects from.
func (r *Registry) Definitions() *Definitions { return r.definitions.Load() }

func (r *Registry) variant(id string, metadata *ModelMetadata) string {
	if metadata != nil {
		return metadata.Name
	}
	if variant, set := r.options.Defaults[id]; set {
		return variant
	}
	return "base"
}

// ref is the model that the definition itself names.
func (d *Definition) ref() llm.Ref {
	switch {
	case d.Class == Anthropic:
		return llm.Ref{Provider: "anthropic-prompt", Name: d.Model}
	case d.Params.CustomProvider != "":
		r := ref(d.Params.CustomProvider, d.Model)
		r.Location = d.Call.VertexLocation
		return r
	case strings.HasPrefix(d.Model, "claude-"):
		return llm.Ref{Provider: "anthropic-prompt", Name: d.Model}
	default:
		return ref("litellm", d.Model)
	}
}

// ref asks for a conversation, except of providers that only continue texts.
func ref(provider, model string) llm.Ref {
	r := llm.Ref{Provider: provider, Name: model, API: llm.Chat}
	if strings.HasPrefix(provider, "text-completion-") {
		r.API = llm.Text
	}
	return r
}
