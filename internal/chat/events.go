package chat

import (
	"strings"

	"github.com/ai-gateway/ai-gateway/internal/llm"
)

// Event is something that the agent has to say: a [FinalAnswerDelta], [Action], [Unknown], [ToolNotAvailable] or [Failure]
// (spec/chat-agent.md 8).
type Event interface{ event() }

// FinalAnswerDelta is the next piece of the answer. Its text is empty when a piece shown before turned out to be none, and at the end.
type FinalAnswerDelta struct {
	Text         string
	FinishReason string // why the model stopped, in the last piece for callers that want to know; else empty
}

// Action asks for a tool that the user has. It is the only event.
type Action struct {
	Tool      string
	ToolInput string
	Thought   string // why the model wants it

	UnitPrimitive string // permission that the tool needs, which the user holds
}

// Unknown is an answer in which the model used no keyword. It is the only event.
type Unknown struct{ Text string }

// ToolNotAvailable says that the model asked for a tool that the user does not have, or that there is not. It is the only event.
type ToolNotAvailable struct{ Tool string }

// Failure says that the model failed. It is the last event.
type Failure struct {
	Message   string // in the words of the model's server, without its key
	Retryable bool   // the model may be less busy in a moment
}

func (FinalAnswerDelta) event() {}
func (Action) event()           {}
func (Unknown) event()          {}
func (ToolNotAvailable) event() {}
func (Failure) event()          {}

// Words that GitLab Rails looks for in the message of a failure (spec/clients.md 9.2), and what model servers say that mean the latter.
const (
	overloaded      = "overloaded_error"
	tooLong         = "prompt is too long"
	tooLongElsewise = "maximum context length is"
)

// newFailure tells of an error of a model call.
func newFailure(err error) Failure {
	message := err.Error()
	if e := llm.ErrorOf(err); e != nil && e.Err != nil {
		message = e.Err.Error()
	}
	if strings.Contains(message, tooLongElsewise) && !strings.Contains(message, tooLong) {
		message = tooLong + ": " + message
	}
	return Failure{Message: message, Retryable: strings.Contains(message, overloaded)}
}
