package wire

import (
	"context"
	"net/url"

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
			return nil, asked(call, err)
		}
		return answer.Pieces(body), nil
	}
	data, err := c.Post(ctx, call)
	if err != nil {
		return nil, asked(call, err)
	}
	chunk, err := answer.Whole(data)
	if err != nil {
		return nil, asked(call, err)
	}
	return llm.Of(chunk), nil
}

// asked tells operators which server an error is about: scheme and host, for a path or a password is not for the log.
func asked(call *Call, err error) error {
	e, isModels := err.(*llm.Error) //nolint:errorlint // what is wrapped has been said already
	u, wrong := url.Parse(call.URL)
	if !isModels || e.Server != "" || wrong != nil || u.Host == "" {
		return err
	}
	named := *e
	named.Server = u.Scheme + "://" + u.Host
	return &named
}

// Conversation is what is asked as messages: a text to continue is one message of the user.
func Conversation(req llm.Request) []llm.Message {
	if len(req.Messages) == 0 {
		return []llm.Message{{Role: llm.User, Content: req.Prompt}}
	}
	return req.Messages
}
