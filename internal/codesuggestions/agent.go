package codesuggestions

import (
	"context"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/prompt"
)

// agentInputLimit is how many tokens the engine puts into a registered prompt, whatever its model could take (4.5).
const agentInputLimit = 2048

// Agent is a registered prompt that is asked as if it were a model (spec/models-and-providers.md 12): the call's variables fill its
// templates, and in answers it goes by its display name.
type Agent struct {
	llm.Handle
	UnitPrimitives []string // permissions that its caller must hold, all of them
}

// NewAgent returns a prompt as a model.
func NewAgent(p *prompt.Prompt) Agent {
	return Agent{
		Handle:         llm.Handle{Model: agentModel{p}, ID: llm.ID{Engine: "agent", Name: p.Name()}, InputLimit: agentInputLimit},
		UnitPrimitives: p.UnitPrimitives(),
	}
}

type agentModel struct{ prompt *prompt.Prompt }

func (a agentModel) Generate(ctx context.Context, req llm.Request) (llm.Stream, error) {
	return a.prompt.Generate(ctx, req.Variables, req.Stream)
}
