package openai

import (
	"cmp"
	"context"

	"github.com/ai-gateway/ai-gateway/internal/llm"
)

// identified is a direct model that an identifier places elsewhere: whoever serves it is asked with the values of the model's family
// (spec/models-and-providers.md 9.1).
type identified struct {
	llm.Model
	family string
}

// identified resolves a reference to a direct model that has an identifier.
func (p *Provider) identified(ref llm.Ref) (llm.Handle, error) {
	if p.router == nil {
		return llm.Handle{}, refused(Direct, "model_identifier is not understood here")
	}
	routed := llm.Ref{API: llm.Chat, Server: ref.Server}
	routed.Provider, routed.Name = llm.SplitIdentifier(ref.Identifier)
	routed.Server.Key = cmp.Or(ref.Server.Key, stubKey)
	if routed.Provider == "bedrock" {
		routed.Server.URL = "" // AWS knows its own address
	}
	handle, err := p.router.Resolve(routed)
	if err != nil {
		return llm.Handle{}, err
	}
	handle.Model = identified{handle.Model, ref.Name}
	handle.ID, handle.InputLimit = id(ref), inputLimit(ref.Name)
	return handle, nil
}

// Generate implements [llm.Model].
func (m identified) Generate(ctx context.Context, req llm.Request) (llm.Stream, error) {
	return m.Model.Generate(ctx, directDefaults(m.family, req))
}
