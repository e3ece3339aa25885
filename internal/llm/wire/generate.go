package wire

import (
	"context"

	"github.com/ai-gateway/ai-gateway/internal/llm"
)

// Answer reads the two forms in which a vendor answers a call.
type Answer struct {
	Whole  func(data []byte) (llm.Chunk, error) // a JSON document
	Pieces func(body *Body) llm.Stream          // a stream of events; it closes body when it is left
}

// Generate sends a call and returns its answer as [llm.Model.Generate] must.
func (c *Client) Generate(ctx context.Context, call *Call, stream bool, answer Answer) (llm.Stream, error) {
	if stream {
		body, err := c.Open(ctx, call)
		if err != nil {
			return nil, err
		}
		return answer.Pieces(body), nil
	}
	data, err := c.Post(ctx, call)
	if err != nil {
		return nil, err
	}
	chunk, err := answer.Whole(data)
	if err != nil {
		return nil, err
	}
	return llm.Of(chunk), nil
}

// Conversation is what is asked as messages: a text to continue is one message of the user.
func Conversation(req llm.Request) []llm.Message {
	if len(req.Messages) == 0 {
		return []llm.Message{{Role: llm.User, Content: req.Prompt}}
	}
	return req.Messages
}
