package prompt

import (
	"context"

	"github.com/ai-gateway/ai-gateway/internal/llm"
)

// RenderPart renders the template of one role alone, for a use case that puts a conversation together itself (spec/prompts.md 1.12,
// "ReAct agent"). Of several templates of the role it is the first; when there is none, found is false. Nothing is required of inputs.
// The error is a [*RenderError].
func (p *Prompt) RenderPart(role llm.Role, inputs map[string]any) (text string, found bool, err error) {
	for _, m := range p.definition.messages {
		if m.role != role {
			continue
		}
		text, err = m.template.Render(inputs)
		if err != nil {
			err = &RenderError{Key: p.Key(), Role: m.key, Err: err}
		}
		return text, true, err
	}
	return "", false, nil
}

// Ask sends messages to the model with the parameters of the definition, as [Prompt.Generate] does with those that it has rendered. The
// error is an [*llm.Error], or that of a cancelled context.
func (p *Prompt) Ask(ctx context.Context, messages []llm.Message, stream bool) (llm.Stream, error) {
	model, err := p.Model()
	if err != nil {
		return nil, err
	}
	req := p.request(messages, stream)
	for round := 1; ; round++ {
		answer, err := model.Generate(ctx, req)
		if round >= p.rounds() || !worthAnotherRound(err) {
			return answer, err
		}
		if err := p.registry.options.wait(ctx, roundPause(round)); err != nil {
			return nil, err
		}
	}
}
