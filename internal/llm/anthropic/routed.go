package anthropic

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
)

// Defaults of calls to a server that the request brings along.
const (
	routedTokens = 4096
	routedPhase  = 600 * time.Second
)

// Routed serves Anthropic-compatible servers that a request brings along, for identifiers "anthropic/MODEL"
// (spec/models-and-providers.md 9.7, 9.8).
//
// Any name is passed on. A request's MaxTokens 0 stands for 4096 tokens, Timeout 0 for T(600, 600); nothing else has a default. A
// failed call is not repeated, except that a broken connection is tried once more. The status of an error is that of section 9.10.
type Routed struct {
	http *wire.Client
}

// NewRouted returns the provider.
func NewRouted(http *wire.Client) *Routed { return &Routed{http} }

// Resolve implements [llm.Provider]. A reference without a server's URL is refused.
func (r *Routed) Resolve(ref llm.Ref) (llm.Handle, error) {
	if ref.Server.URL == "" {
		return llm.Handle{}, refused("model_endpoint is missing: the URL of the model server")
	}
	s := newServer(Options{HTTP: r.http, BaseURL: ref.Server.URL, APIKey: ref.Server.Key})
	h := llm.Handle{Model: routedChat{s, ref.Name}, ID: llm.ID{Engine: "litellm", Name: "anthropic/" + ref.Name}, InputLimit: chatInput}
	if ref.Name == "claude-2" || ref.Name == "claude-instant-1" {
		h.Model, h.InputLimit = routedText{s, ref.Name}, textInput
	}
	return h, nil
}

// path is where a call goes: the base URL may name the path already.
func (s server) path(path string) string {
	if strings.HasSuffix(s.url, path) {
		return s.url
	}
	return s.url + path
}

// routed is a call by the rules of the router.
func (s server) routed(path string, body any, req llm.Request) (*wire.Call, error) {
	call, err := s.call(s.path(path), body)
	if err != nil {
		return nil, err
	}
	call.Retries, call.RetryHeader, call.Reconnect = 0, "", true
	return phases(call, req, routedPhase, routedPhase), nil
}

type routedChat struct {
	server server
	name   string
}

// Generate implements [llm.Model].
func (m routedChat) Generate(ctx context.Context, req llm.Request) (llm.Stream, error) {
	body, err := routedBody(req)
	if err != nil {
		return nil, err
	}
	body.Model = m.name
	call, err := m.server.routed(messagesPath, body, req)
	if err != nil {
		return nil, err
	}
	stream, err := m.server.http.Generate(ctx, call, req.Stream, wire.Answer{
		Whole:  allBlocks,
		Pieces: func(b *wire.Body) llm.Stream { return (&routedStream{call: call}).read(b) },
	})
	return stream, classed(err)
}

// routedBody is a request to a model that is yet to be named.
func routedBody(req llm.Request) (*messagesBody, error) {
	body := &messagesBody{
		MaxTokens:     cmp.Or(req.MaxTokens, routedTokens),
		Temperature:   req.Temperature,
		TopK:          req.TopK,
		TopP:          req.TopP,
		StopSequences: req.Stop,
		Stream:        orNil(req.Stream),
	}
	system, turns := conversation(wire.Conversation(req))
	if len(system) > 0 {
		body.System = blocks(system)
	}
	if len(turns) == 0 || turns[0].Role != llm.User {
		return nil, refused("the first message of a conversation must be the user's")
	}
	for run := range runs(turns) {
		body.Messages = append(body.Messages, message{run[0].Role, blocks(run)})
	}
	return body, nil
}

// conversation takes the system messages out, and prepares the rest: the text of the last message loses its trailing white space when
// it is the assistant's, and assistant messages without text are left out.
func conversation(all []llm.Message) (system, turns []llm.Message) {
	for _, turn := range all {
		if turn.Role == llm.System {
			system = append(system, turn)
		} else {
			turns = append(turns, turn)
		}
	}
	if n := len(turns); n > 0 && turns[n-1].Role == llm.Assistant {
		turns[n-1].Content = strings.TrimRightFunc(turns[n-1].Content, unicode.IsSpace)
	}
	return system, slices.DeleteFunc(turns, func(turn llm.Message) bool { return turn.Role == llm.Assistant && turn.Content == "" })
}

// routedText asks the two models that only continue texts; the turns of the conversation are marked in it.
type routedText struct {
	server server
	name   string
}

// Generate implements [llm.Model].
func (m routedText) Generate(ctx context.Context, req llm.Request) (llm.Stream, error) {
	call, err := m.server.routed(completePath, completeBody{
		Model:       m.name,
		Prompt:      marked(wire.Conversation(req)),
		MaxTokens:   cmp.Or(req.MaxTokens, routedTokens),
		Temperature: req.Temperature,
		TopP:        req.TopP,
		Stream:      orNil(req.Stream),
	}, req)
	if err != nil {
		return nil, err
	}
	stream, err := m.server.http.Generate(ctx, call, req.Stream, wire.Answer{
		Whole:  completion,
		Pieces: func(b *wire.Body) llm.Stream { return (&routedStream{call: call}).read(b) },
	})
	return stream, classed(err)
}

func marked(turns []llm.Message) string {
	var b strings.Builder
	for _, turn := range turns {
		switch turn.Role {
		case llm.System:
			b.WriteString("\n\nHuman: <admin>" + turn.Content + "</admin>")
		case llm.Assistant:
			b.WriteString("\n\nAssistant: " + turn.Content)
		default:
			b.WriteString("\n\nHuman: " + turn.Content)
		}
	}
	if turns[len(turns)-1].Role != llm.Assistant {
		b.WriteString("\n\nAssistant: ")
	}
	return b.String()
}
