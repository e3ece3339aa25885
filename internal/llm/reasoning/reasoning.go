// Package reasoning keeps what a model thinks apart from what it answers.
//
// Reasoning models think before they answer. A server that knows its model gives the thoughts in a field of their own; one that doesn't
// has them in the text, in front of the answer, as the model wrote them:
//
//	<think>
//	The function is called twice, so …
//	</think>
//
//	return a + b
//
// [Provider] wraps the models of a provider and moves such a section from [llm.Chunk.Text] to [llm.Chunk.Hidden], streamed or not. A stream
// is held back only while what has come may still be the beginning of a tag.
//
// Only a section at the start of an answer is reasoning. Further down, <think> is part of the answer: somebody may well write a program, or
// ask a question, about it.
//
// # Sections that the template opens
//
// The chat templates of some models (QwQ, DeepSeek-R1, Qwen3 Thinking) end with the opening tag, so their answers begin inside a section
// and have the closing tag alone. In a whole answer to a conversation, all before such a tag is reasoning, unless the tag stands in quotes.
// A stream can't be known to begin so before the tag has come, and then it is too late: its text has been shown. So the provider goes by the
// model's name, and learns from its answers: streams of a model that begins so are held back until the tag comes. When one ends without the
// tag, it is shown as a whole, and later ones aren't held back any more; but it is hidden when it was cut for its length.
//
// A text that is continued (POST /completions) has no template, and so no such section.
package reasoning

import (
	"context"

	"github.com/ai-gateway/ai-gateway/internal/llm"
)

// Provider serves the models of another provider, without their reasoning. It is safe for concurrent use.
type Provider struct {
	models llm.Provider
	memory memory
}

// Hide returns a provider that hides the reasoning of another one's models.
func Hide(models llm.Provider) *Provider { return &Provider{models: models} }

// Resolve implements [llm.Provider].
func (p *Provider) Resolve(ref llm.Ref) (llm.Handle, error) {
	handle, err := p.models.Resolve(ref)
	if err != nil {
		return llm.Handle{}, err
	}
	handle.Model = &model{Model: handle.Model, provider: p, ref: ref}
	return handle, nil
}

type model struct {
	llm.Model
	provider *Provider
	ref      llm.Ref
}

// Generate implements [llm.Model].
func (m *model) Generate(ctx context.Context, req llm.Request) (llm.Stream, error) {
	answer, err := m.Model.Generate(ctx, req)
	if err != nil {
		return nil, err
	}
	if m.ref.API == llm.Text {
		return hide(answer, outside, nil), nil
	}
	place := m.place()
	opens, start := m.provider.memory.opens(place), outside
	switch {
	case opens:
		start = inside
	case !req.Stream:
		start = unsure
	}
	return hide(answer, start, func(opened bool) {
		if opened != opens {
			m.provider.memory.learn(place, opened)
		}
	}), nil
}

// place is what a model is remembered by: not its key, which is secret.
func (m *model) place() place {
	return place{m.ref.Provider, m.ref.Name, m.ref.Identifier, m.ref.Server.URL}
}
