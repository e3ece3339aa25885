// Package chat answers Duo Chat. An [Agent] takes one step of a ReAct conversation (spec/chat-agent.md 1 to 12); a [SingleTurn] passes a
// question in the client's own words on to a model (13 to 17).
//
// GitLab Rails sends the agent the conversation so far. The agent puts it into the registered prompt chat/react together with the tools
// that the user has, asks the model once, and reads from the output either what to tell the user or which tool to run. It never runs a
// tool: Rails does, and asks again with one [Step] more in the scratchpad, until there is a final answer.
//
// The model is made to write lines with keywords, either
//
//	Thought: I need the issue.
//	Action: issue_reader
//	Action Input: What is #12 about?
//
// or, in the end,
//
//	Thought: I know it.
//	Final Answer: It is about the cart.
//
// They are read while they come. A final answer is passed on piece by piece, all else when the model has finished. What comes out are
// [Event] values; how they travel is for others to say.
package chat

import (
	"context"
	"errors"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/prompt"
)

// promptID is the registered prompt of the agent.
const promptID = "chat/react"

// Agent answers chat messages. It is safe for concurrent use.
type Agent struct {
	prompts *prompt.Registry
	tools   []*tool
}

// NewAgent returns the agent. With customModels documentation search works on words instead of meaning, and the model is told to ask
// accordingly (AIGW_CUSTOM_MODELS__ENABLED).
func NewAgent(prompts *prompt.Registry, customModels bool) *Agent {
	return &Agent{prompts: prompts, tools: registry(customModels)}
}

// Ask opens the model call and returns once the model has accepted it, or failed.
//
// What the client did wrong is an error: an [*InvalidError], or a [*prompt.RenderError]. Whatever the model or its server does wrong, at once
// or later, is a [Failure] among the reply's events, because Rails acts on that (DESIGN.md 4.2). Other errors are those of a model that
// the operator has not configured, an [*llm.Error], and of a cancelled context.
func (a *Agent) Ask(ctx context.Context, req *Request) (*Reply, error) {
	p, err := a.prompts.Get(promptID, req.Model)
	if err != nil {
		return nil, unusable(err, req.Model)
	}
	tools := available(a.tools, req.Caller)
	messages, err := conversation(ctx, p, req, tools)
	if err != nil {
		return nil, err
	}
	stream, err := p.Ask(ctx, messages, true)
	switch failure := llm.ErrorOf(err); {
	case err == nil:
	case failure == nil:
		return nil, err
	case req.Model != nil && nothingSent(failure):
		return nil, invalid("The model cannot be asked: %v", failure.Err)
	case failure.Kind == llm.NotConfigured:
		return nil, err
	default:
		stream = failing(err)
	}
	return newReply(ctx, stream, tools, wantsFinishReason(req.GitLabVersion)), nil
}

// unusable says what is wrong with the model that a request brings along.
func unusable(err error, model *prompt.ModelMetadata) error {
	var notFound *prompt.NotFound
	switch {
	case errors.As(err, &notFound) && model != nil:
		return invalid("There is no registered prompt '%s' for the model family '%s'", promptID, model.Name)
	case errors.As(err, &notFound):
		return invalid("There is no registered prompt '%s' of the variant that AIGW_DEFAULT_PROMPTS names", promptID)
	case errors.Is(err, prompt.ErrCustomModelsDisabled):
		return invalid("Self-hosted models are disabled: set AIGW_CUSTOM_MODELS__ENABLED=true to allow model_metadata")
	case errors.Is(err, prompt.ErrFixedModel):
		return invalid("The registered prompt '%s' does not take another model for the family '%s'", promptID, model.Name)
	default:
		return err
	}
}

// nothingSent says that a call failed for what stands in it, before it reached a server.
func nothingSent(e *llm.Error) bool {
	return e.Kind == llm.NotConfigured || e.Kind == llm.Refused && e.Status == 0
}

// failing is the stream of a model that failed before it said anything.
func failing(err error) llm.Stream {
	return func(yield func(llm.Chunk, error) bool) { yield(llm.Chunk{}, err) }
}
