package anthropic

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
)

// Defaults of prompt definitions that leave something open.
const (
	promptedTokens = 1024
	promptedPhase  = 60 * time.Second
)

// Prompted serves Anthropic's models to prompt definitions (spec/models-and-providers.md 7).
//
// Any name is passed on. A request's MaxTokens 0 stands for 1024 tokens, Timeout 0 for T(60, 60); nothing else has a default. A
// failed call is repeated once, or as often as Retries says. Headers take the place of those of the same name. A stream begins with a
// chunk without text as soon as the model does.
type Prompted struct {
	server server
}

// NewPrompted returns the provider for the operator's key. BaseURL is ANTHROPIC_API_URL, else ANTHROPIC_BASE_URL.
func NewPrompted(o Options) *Prompted { return &Prompted{newServer(o)} }

// Resolve implements [llm.Provider]. Without a key the provider is not configured.
func (p *Prompted) Resolve(ref llm.Ref) (llm.Handle, error) {
	if err := p.server.configured(); err != nil {
		return llm.Handle{}, err
	}
	id := llm.ID{Engine: "anthropic-chat", Name: ref.Name}
	return llm.Handle{Model: promptedChat{p.server, ref.Name}, ID: id, InputLimit: chatInput}, nil
}

type promptedChat struct {
	server server
	name   string
}

// Generate implements [llm.Model].
func (m promptedChat) Generate(ctx context.Context, req llm.Request) (llm.Stream, error) {
	body := messagesBody{
		Model:         m.name,
		MaxTokens:     cmp.Or(req.MaxTokens, promptedTokens),
		Temperature:   req.Temperature,
		TopK:          req.TopK,
		TopP:          req.TopP,
		StopSequences: req.Stop,
		Stream:        orNil(req.Stream),
	}
	var err error
	if body.System, body.Messages, err = merged(wire.Conversation(req)); err != nil {
		return nil, err
	}
	call, err := m.server.call(m.server.url+messagesPath, body)
	if err != nil {
		return nil, err
	}
	if req.Retries != nil {
		call.Retries = *req.Retries
	}
	for name, value := range req.Headers {
		call.Header.Set(name, value)
	}
	return m.server.http.Generate(ctx, phases(call, req, promptedPhase, promptedPhase), req.Stream, wire.Answer{
		Whole:  allBlocks,
		Pieces: func(b *wire.Body) llm.Stream { return (&messageStream{call: call, opening: true}).read(b) },
	})
}

// merged makes lists of text blocks of neighbouring system messages, and of neighbouring user messages without the blank ones.
func merged(turns []llm.Message) (system any, messages []message, err error) {
	messages = []message{} // never null
	for run := range runs(turns) {
		switch {
		case run[0].Role == llm.System && system != nil:
			return nil, nil, refused("the system messages of a prompt must stand side by side")
		case run[0].Role == llm.System && len(run) == 1:
			system = run[0].Content
		case run[0].Role == llm.System:
			system = blocks(run)
		case run[0].Role == llm.User && len(run) > 1:
			run = slices.DeleteFunc(slices.Clone(run), blank)
			messages = append(messages, message{llm.User, blocks(run)})
		default:
			for _, turn := range run {
				messages = append(messages, message{turn.Role, turn.Content})
			}
		}
	}
	return system, messages, nil
}

func blank(turn llm.Message) bool { return strings.TrimSpace(turn.Content) == "" }

// orNil leaves a false out of the request.
func orNil(b bool) *bool {
	if !b {
		return nil
	}
	return &b
}
