// Package prompt keeps the prompts of the gateway: it loads their definitions, selects one for a request, renders it and asks the
// model.
//
// A definition is a YAML file: a display name, a model with its parameters, the unit primitives a caller must hold, and one Jinja
// template a message. Its key is its path without ".yml"; the key's last segment is the variant, what stands before it the prompt id:
// code_suggestions/completions/gpt is the variant gpt of code_suggestions/completions. A variant is written for a model family. One file
// may hold several variants that share most of what they say, and a key may have several versions. Every other file is a partial that
// templates include.
//
// [Load] reads and compiles all definitions once, at start, those of an administrator's [Directory] over the [Embedded] ones, and refuses
// them all when one is broken. A [Registry] selects: [Registry.Get] and [Registry.GetVersion] give a [Prompt], which is a definition
// bound to the model of one request. [Prompt.Generate] renders it and opens the call:
//
//	definitions, err := prompt.Load(prompt.Embedded(), known, prompt.Directory("/etc/ai-gateway/prompts"))
//	registry := prompt.NewRegistry(definitions, models, prompt.Options{})
//	…
//	p, err := registry.GetVersion("code_suggestions/completions", "^1.0.0", &metadata)
//	stream, err := p.Generate(ctx, map[string]any{"prefix": above, "suffix": below}, true)
//
// What a client sends is only ever the value of a template variable: it is inserted and never rendered again, and the filter inside of
// package template keeps it in the section that it stands in. In fill-in-the-middle prompts nothing can keep code that spells out a
// model's own tokens from acting as such, and escaping it would change the code, so it is sent as it stands. The same goes for what the
// tools of the chat agent have found, which clients get back as it was.
//
// docs/prompts.md describes definitions for those who write them.
package prompt

import (
	"context"
	"path"
	"slices"
	"strings"

	"github.com/ai-gateway/ai-gateway/internal/llm"
)

// Prompt is a definition bound to the model that a request wants. It is made for one request by [Registry.Get] and safe for
// concurrent use.
type Prompt struct {
	definition *Definition
	class      Class // of the definition, unless it stands in for another one
	ref        llm.Ref
	registry   *Registry
}

// Key is the definition's key: prompt id, slash, variant.
func (p *Prompt) Key() string { return p.definition.Key }

// ID is the prompt id of the definition, without the variant.
func (p *Prompt) ID() string { return path.Dir(p.definition.Key) }

// Version is the definition's version number, "1.0.0" where there are no versions.
func (p *Prompt) Version() string { return p.definition.Version }

// IsAgent reports whether the prompt's messages are put together by the chat agent, with [Prompt.RenderPart] and [Prompt.Ask]
// (spec/prompts.md 1.12). [Prompt.Generate] refuses it.
func (p *Prompt) IsAgent() bool { return p.definition.isAgent() }

// Name is the display name. It is part of the wire contract of code suggestions (spec/prompts.md 1.15).
func (p *Prompt) Name() string { return p.definition.Name }

// UnitPrimitives are those that the caller must hold, every one of them (spec/prompts.md 1.13). Checking is the caller's part.
func (p *Prompt) UnitPrimitives() []string { return slices.Clone(p.definition.UnitPrimitives) }

// Render makes the messages out of inputs. The error is a [*MissingVariables] or a [*RenderError].
func (p *Prompt) Render(inputs map[string]any) ([]llm.Message, error) {
	return p.definition.render(inputs)
}

// Model finds the model that [Prompt.Generate] asks, under the name that metrics know it by (spec/models-and-providers.md 4.4). For
// class litellm that is the definition's model, also when the request brought one of its own; for class anthropic it is what the
// provider says, because a mock has a name of its own. No call is made. The error is an [*llm.Error].
func (p *Prompt) Model() (llm.Handle, error) {
	handle, err := p.registry.models.Resolve(p.ref)
	if err != nil {
		return llm.Handle{}, err
	}
	if p.class == LiteLLM {
		handle.ID = llm.ID{Engine: "litellm-chat", Name: p.definition.Model}
	}
	if watch := p.registry.options.Watch; watch != nil {
		handle = watch(p, handle)
	}
	return handle, nil
}

// Generate renders the prompt and asks the model. It sends nothing before the inputs turned out right. With stream the answer comes in
// pieces, unless streaming is disabled by [Options]: then it is one piece all the same (spec/prompts.md 1.11).
//
// The error is a [*NotSupported], that of [Prompt.Render], an [*llm.Error], or that of a cancelled context.
func (p *Prompt) Generate(ctx context.Context, inputs map[string]any, stream bool) (llm.Stream, error) {
	if p.IsAgent() {
		return nil, &NotSupported{ID: p.ID()}
	}
	messages, err := p.Render(inputs)
	if err != nil {
		return nil, err
	}
	return p.Ask(ctx, messages, stream)
}

// request is the call of spec/prompts.md 1.10.
func (p *Prompt) request(messages []llm.Message, stream bool) llm.Request {
	d := p.definition
	req := llm.Request{
		MaxTokens:   deref(d.Params.MaxTokens, 0),
		Temperature: d.Params.Temperature,
		Stop:        d.Call.Stop,
		Stream:      stream && !p.registry.options.DisableStreaming,
		Timeout:     deref(d.Call.Timeout, p.class.timeout()),
	}
	switch p.class {
	case Anthropic:
		req.TopP, req.TopK = d.Params.TopP, d.Params.TopK
		req.Retries, req.Headers = d.Params.MaxRetries, d.Params.DefaultHeaders
		if req.MaxTokens == 0 {
			req.MaxTokens = 1024
		}
	case LiteLLM: // top_p and top_k are checked but never sent
		req.Candidates = 1
		if req.Temperature == nil {
			req.Temperature = ptr(1.0)
		}
	}
	if p.ref.API == llm.Text {
		req.Prompt = joined(messages)
	} else {
		req.Messages = messages
	}
	return req
}

// joined is a conversation for a model that only continues texts: one text, not one prompt a message as the contract once had it.
func joined(messages []llm.Message) string {
	if len(messages) == 1 {
		return messages[0].Content
	}
	texts := make([]string, len(messages))
	for i, m := range messages {
		texts[i] = m.Content
	}
	return strings.Join(texts, "\n\n")
}

func ptr[T any](v T) *T { return &v }

func deref[T any](p *T, otherwise T) T {
	if p == nil {
		return otherwise
	}
	return *p
}
