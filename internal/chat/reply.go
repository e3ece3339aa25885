package chat

import (
	"cmp"
	"context"
	"errors"
	"iter"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/text"
	"github.com/ai-gateway/ai-gateway/internal/llm"
)

// Reply is an agent's step while it is being taken.
type Reply struct {
	// Tools are the names of the tools that the model could choose from; not nil when there are none.
	Tools []string

	// Events come as the model speaks. They must be ranged over, once, or the context of the request be cancelled; leaving the loop ends the
	// model call. After a cancellation there are no more.
	Events iter.Seq[Event]
}

// maxHeld bounds the text that is kept until its meaning is clear, in bytes: far more than any model says in one answer.
const maxHeld = 4 << 20

var (
	errEndless  = errors.New("the model's output is too long")
	errThinking = errors.New("the model came to its limit while it was thinking, before it had an answer")
)

func newReply(ctx context.Context, stream llm.Stream, tools []*tool, finishReason bool) *Reply {
	reply := &Reply{Tools: names(tools)}
	reply.Events = func(yield func(Event) bool) {
		for event := range events(stream, finishReason) {
			if _, failed := event.(Failure); failed && ctx.Err() != nil {
				return // nobody listens any more
			}
			if action, ok := event.(Action); ok {
				event = permitted(action, tools)
			}
			if !yield(event) {
				return
			}
		}
	}
	return reply
}

// permitted is an action if the user has its tool.
func permitted(a Action, tools []*tool) Event {
	for _, t := range tools {
		if t.name == a.Tool {
			a.UnitPrimitive = t.unitPrimitive
			return a
		}
	}
	return ToolNotAvailable{a.Tool}
}

// events reads a model's output. With finishReason the answer ends with a piece that says why.
func events(stream llm.Stream, finishReason bool) iter.Seq[Event] {
	return func(yield func(Event) bool) {
		var (
			output  parser
			finish  string
			thought bool // aloud, before it answered
		)
		for chunk, err := range stream {
			if err == nil && output.held() > maxHeld {
				err = errEndless
			}
			if err != nil {
				yield(newFailure(err))
				return
			}
			delta, some := output.add(chunk.Text)
			finish, thought = cmp.Or(chunk.Finish, finish), thought || chunk.Hidden != ""
			if some && !yield(FinalAnswerDelta{Text: delta}) {
				return
			}
		}
		switch {
		case thought && output.answer == nil && text.Strip(string(output.text)) == "":
			yield(newFailure(errThinking)) // an empty answer would leave the user without a word
		case output.answer == nil:
			yield(output.end())
		case finishReason && output.answer.shown > 0:
			yield(FinalAnswerDelta{FinishReason: cmp.Or(finish, "stop")}) // a stream that just ends is complete
		}
	}
}
