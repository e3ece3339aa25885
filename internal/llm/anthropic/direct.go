package anthropic

import (
	"cmp"
	"context"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
)

// Defaults of direct models, for what a request leaves open (spec/models-and-providers.md 4.3).
const (
	directTemperature = 0.2
	directChatTokens  = 4096
	directTextTokens  = 2048

	directConnect = 5 * time.Second
	directRead    = 30 * time.Second
)

// Direct serves Anthropic's models to use cases that write their own messages (spec/models-and-providers.md 6).
//
// A request's MaxTokens 0 stands for 4096 tokens (a text to continue: 2048), a nil Temperature for 0.2; a temperature of zero is
// sent as it is. Time-outs are T(5, 30), and a failed call is repeated once.
type Direct struct {
	server server
}

// NewDirect returns the provider for the operator's key.
func NewDirect(o Options) *Direct { return &Direct{newServer(o)} }

// Resolve implements [llm.Provider]. A model outside of [Models] is refused; without a key the provider is not configured.
func (d *Direct) Resolve(ref llm.Ref) (llm.Handle, error) {
	if err := known(ref.Name); err != nil {
		return llm.Handle{}, err
	}
	if err := d.server.configured(); err != nil {
		return llm.Handle{}, err
	}
	id := llm.ID{Engine: "anthropic", Name: ref.Name}
	if ref.API == llm.Text {
		return llm.Handle{Model: directText{d.server, ref.Name}, ID: id, InputLimit: textInput}, nil
	}
	return llm.Handle{Model: directChat{d.server, ref.Name}, ID: id, InputLimit: chatInput}, nil
}

// directChat sends messages as they are, except that the last system message alone counts.
type directChat struct {
	server server
	name   string
}

// Generate implements [llm.Model].
func (m directChat) Generate(ctx context.Context, req llm.Request) (llm.Stream, error) {
	body := messagesBody{
		Model:         m.name,
		Messages:      []message{}, // never null
		MaxTokens:     cmp.Or(req.MaxTokens, directChatTokens),
		Temperature:   cmp.Or(req.Temperature, new(directTemperature)),
		TopK:          req.TopK,
		TopP:          req.TopP,
		StopSequences: req.Stop,
		Stream:        &req.Stream,
	}
	for _, turn := range wire.Conversation(req) {
		if turn.Role == llm.System {
			body.System = turn.Content
		} else {
			body.Messages = append(body.Messages, message{turn.Role, turn.Content})
		}
	}
	call, err := m.server.call(m.server.url+messagesPath, body)
	if err != nil {
		return nil, err
	}
	return m.server.http.Generate(ctx, phases(call, req, directConnect, directRead), req.Stream, wire.Answer{
		Whole:  firstBlock,
		Pieces: func(b *wire.Body) llm.Stream { return (&messageStream{call: call}).read(b) },
	})
}

// directText continues a text.
type directText struct {
	server server
	name   string
}

// Generate implements [llm.Model]. A conversation is refused: how its turns are marked in the text is for the use case to say.
func (m directText) Generate(ctx context.Context, req llm.Request) (llm.Stream, error) {
	if len(req.Messages) > 0 {
		return nil, refused("%s is asked to continue a text, but was given messages", m.name)
	}
	call, err := m.server.call(m.server.url+completePath, completeBody{
		Model:         m.name,
		Prompt:        req.Prompt,
		MaxTokens:     cmp.Or(req.MaxTokens, directTextTokens),
		Temperature:   cmp.Or(req.Temperature, new(directTemperature)),
		TopK:          req.TopK,
		TopP:          req.TopP,
		StopSequences: req.Stop,
		Stream:        &req.Stream,
	})
	if err != nil {
		return nil, err
	}
	return m.server.http.Generate(ctx, phases(call, req, directConnect, directRead), req.Stream, wire.Answer{
		Whole:  completion,
		Pieces: func(b *wire.Body) llm.Stream { return completionStream(call, b) },
	})
}
