package mistral

import (
	"context"
	"strings"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/openai"
	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
)

// Time-outs of calls that don't bring their own. A stream may pause for as long as it likes, nearly.
const (
	phase       = 30 * time.Second
	streamPhase = 6000 * time.Second
)

// fim is a model that fills in the middle.
type fim struct {
	http *wire.Client
	url  string
	key  string
	name string
}

// body is the request.
type body struct {
	Model       string   `json:"model"`
	Prompt      string   `json:"prompt"`
	MaxTokens   int      `json:"max_tokens,omitempty"`
	Temperature *float64 `json:"temperature,omitempty"`
	TopP        *float64 `json:"top_p,omitempty"`
	Stop        []string `json:"stop,omitzero"` // an empty list is sent, nil is not
	Stream      bool     `json:"stream,omitempty"`
}

// Generate implements [llm.Model].
func (m fim) Generate(ctx context.Context, req llm.Request) (llm.Stream, error) {
	data, err := wire.JSON(body{
		Model:       m.name,
		Prompt:      text(req),
		MaxTokens:   req.MaxTokens,
		Temperature: req.Temperature,
		TopP:        req.TopP,
		Stop:        req.Stop,
		Stream:      req.Stream,
	})
	if err != nil {
		return nil, refused("write the request: %w", err)
	}
	call := &wire.Call{
		Vendor: vendor, URL: m.url, Header: wire.Header(), Body: data, Secret: m.key, Connect: phase, Read: phase, Reconnect: true,
	}
	if m.key != "" {
		call.Header["Authorization"] = []string{"Bearer " + m.key}
	}
	if req.Stream {
		call.Connect, call.Read = streamPhase, streamPhase
	}
	if req.Timeout > 0 {
		call.Connect, call.Read = req.Timeout, req.Timeout
	}
	answer := openai.ChatAnswer(call)
	stream, err := m.http.Generate(ctx, call, req.Stream, wire.Answer{
		Whole:  answer.Whole,
		Pieces: func(b *wire.Body) llm.Stream { return wire.ErrorsOf(answer.Pieces(b), classed) },
	})
	return stream, classed(err)
}

// text is what is to be continued. The contents of a conversation are joined with one space (spec/models-and-providers.md 9.7).
func text(req llm.Request) string {
	if len(req.Messages) == 0 {
		return req.Prompt
	}
	contents := make([]string, len(req.Messages))
	for i, turn := range req.Messages {
		contents[i] = turn.Content
	}
	return strings.Join(contents, " ")
}

// classed gives every failure of a call status 500, as spec/models-and-providers.md 9.10 has it.
func classed(err error) error {
	e := llm.ErrorOf(err)
	if e == nil || e.Kind == llm.Refused && e.Status == 0 {
		return err // the caller left, or nothing was sent
	}
	return wire.Classed(e, 500)
}
