package prompt

import (
	"fmt"
	"strings"

	"github.com/ai-gateway/ai-gateway/internal/llm"
)

// Registry hands out prompts. It is safe for concurrent use.
type Registry struct {
	definitions *Definitions
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

	// Meter wraps every model that is about to be asked, for instance to count its calls. Its ID is already the one for metrics.
	// Nil: models are used as they are.
	Meter func(llm.Handle) llm.Handle
}

// NewRegistry returns a registry of the given definitions. The provider finds their models, under these keys of [llm.Ref]:
//
//   - "anthropic-prompt" for class anthropic (spec/models-and-providers.md 7): a key of its own, because this path has other defaults
//     and another address than "anthropic", and another mock. Metrics know its models as "anthropic-chat".
//   - for class litellm: the provider of the request's metadata, else the definition's custom_llm_provider, else "anthropic" for a
//     model called claude-….
func NewRegistry(definitions *Definitions, models llm.Provider, options Options) *Registry {
	return &Registry{definitions: definitions, models: models, options: options}
}

// Get selects the definition of a prompt id (spec/prompts.md 1.8): with metadata the variant of that name, without it the default one.
//
// The error is [ErrCustomModelsDisabled], a [*NotFound], or [ErrFixedModel] when the definition cannot be used with another model.
func (r *Registry) Get(id string, metadata *ModelMetadata) (*Prompt, error) {
	if metadata != nil && !r.options.CustomModels {
		return nil, ErrCustomModelsDisabled
	}
	definition, found := r.definitions.Get(id + "/" + r.variant(id, metadata))
	if !found {
		return nil, &NotFound{ID: id}
	}
	if metadata == nil {
		return &Prompt{definition: definition, ref: definition.ref(), registry: r}, nil
	}
	if definition.Class == Anthropic {
		return nil, fmt.Errorf("prompt %q: %w", definition.Key, ErrFixedModel)
	}
	return &Prompt{definition: definition, ref: metadata.ref(), registry: r}, nil
}

// Definitions are those that the registry selects from.
func (r *Registry) Definitions() *Definitions { return r.definitions }

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
		return ref(d.Params.CustomProvider, d.Model)
	case strings.HasPrefix(d.Model, "claude-"):
		return ref("anthropic", d.Model)
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
