// Package endtokens takes off an answer the token with which a model ends its turn.
//
// A server that was told the wrong one, or none, shows it at the end of an answer, where the chat agent takes it for part of a tool's input:
//
//	Action Input: What is #12 about?<|im_end|>
//
// [Provider] wraps the models of a provider and moves such a token from [llm.Chunk.Text] to [llm.Chunk.Hidden]. Only at the very end of an
// answer it is none of its words: further up, somebody may have asked about chat templates.
package endtokens

import (
	"context"

	"github.com/ai-gateway/ai-gateway/internal/llm"
)

// tokens are those of the common families that could be nothing else. Not </s>, which ends struck text in HTML.
var tokens = []string{
	"<|im_end|>", "<|endoftext|>", // Qwen and others that speak ChatML
	"<|eot_id|>", "<|end_of_text|>", // Llama 3, Granite
	"<end_of_turn>",         // Gemma
	"<｜end▁of▁sentence｜>",   // DeepSeek
	"<|EOT|>",               // DeepSeek Coder
	"<|end|>", "<|return|>", // Phi, gpt-oss
}

// Provider serves the models of another provider, without their end tokens. It is safe for concurrent use.
type Provider struct{ models llm.Provider }

// Hide returns a provider that hides the end tokens of another one's models.
func Hide(models llm.Provider) *Provider { return &Provider{models} }

// Resolve implements [llm.Provider].
func (p *Provider) Resolve(ref llm.Ref) (llm.Handle, error) {
	handle, err := p.models.Resolve(ref)
	if err != nil {
		return llm.Handle{}, err
	}
	handle.Model = model{handle.Model}
	return handle, nil
}

type model struct{ llm.Model }

// Generate implements [llm.Model].
func (m model) Generate(ctx context.Context, req llm.Request) (llm.Stream, error) {
	answer, err := m.Model.Generate(ctx, req)
	if err != nil {
		return nil, err
	}
	return hide(answer), nil
}
