package mock

import (
	"context"

	"github.com/ai-gateway/ai-gateway/internal/llm"
)

// Prompt is the provider for prompt definitions. Its model says "mock", whatever it is asked, in one chunk.
type Prompt struct{}

// Resolve implements [llm.Provider]. It knows every name, and never fails.
func (p Prompt) Resolve(llm.Ref) (llm.Handle, error) {
	return llm.Handle{Model: p, ID: llm.ID{Engine: "fake-provider", Name: "fake-model"}}, nil
}

// Generate implements [llm.Model].
func (Prompt) Generate(ctx context.Context, _ llm.Request) (llm.Stream, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return llm.Of(llm.Chunk{Text: "mock"}), nil
}
