package openai

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
)

// stubKey is sent by direct calls without a key: some servers insist on one, whatever it says (spec/models-and-providers.md 9.1).
const stubKey = "stubbed-api-key"

type model struct {
	provider *Provider
	dialect  dialect
	vendor   string
	name     string
	base     string // URL without a trailing slash
	key      string
}

// body is the request of both interfaces. Either Messages or Prompt is set.
type body struct {
	Model       string    `json:"model"`
	Messages    []message `json:"messages,omitzero"`
	Prompt      *string   `json:"prompt,omitempty"`
	MaxTokens   int       `json:"max_tokens,omitempty"`
	Temperature *float64  `json:"temperature,omitempty"`
	TopP        *float64  `json:"top_p,omitempty"`
	N           int       `json:"n,omitempty"`
	Stop        []string  `json:"stop,omitzero"` // an empty list is sent, nil is not
	Stream      *bool     `json:"stream,omitempty"`
}

type message struct {
	Role    llm.Role `json:"role"`
	Content string   `json:"content"`
}

// Generate implements [llm.Model].
func (m *model) Generate(ctx context.Context, req llm.Request) (llm.Stream, error) {
	if m.dialect.direct {
		req = directDefaults(m.name, req)
	}
	data, err := wire.JSON(m.body(req))
	if err != nil {
		return nil, refused(m.vendor, "write the request: %w", err)
	}
	call := &wire.Call{
		Vendor:  m.vendor,
		URL:     m.url(),
		Header:  m.header(),
		Body:    data,
		Secret:  m.key,
		Connect: cmp.Or(req.Timeout, phase),
		Read:    cmp.Or(req.Timeout, phase),
		Retries: 2,
	}
	if m.dialect.once {
		call.Retries = 0
	}
	a := answers{call: call, model: m}
	stream, err := m.provider.http.Generate(ctx, call, req.Stream, wire.Answer{Whole: a.whole, Pieces: a.pieces})
	return stream, m.classed(err)
}

// directDefaults fills in what a request to a direct model of a family leaves open.
func directDefaults(family string, req llm.Request) llm.Request {
	req.Temperature = cmp.Or(req.Temperature, new(0.2))
	req.TopP = cmp.Or(req.TopP, new(0.95))
	req.MaxTokens = cmp.Or(req.MaxTokens, 2048)
	req.Timeout = cmp.Or(req.Timeout, directPhase)
	if req.Stop == nil {
		req.Stop = directModels[family]
	}
	return req
}

func (m *model) body(req llm.Request) *body {
	b := &body{
		Model:       m.name,
		MaxTokens:   req.MaxTokens,
		Temperature: req.Temperature,
		TopP:        req.TopP,
		N:           req.Candidates,
		Stop:        req.Stop,
		Stream:      &req.Stream,
	}
	if m.dialect.noN {
		b.N = 0
	}
	if m.dialect.dropFalse && !req.Stream {
		b.Stream = nil
	}
	turns := wire.Conversation(req)
	if m.dialect.text {
		b.Prompt = new(joined(turns))
		return b
	}
	b.Messages = make([]message, len(turns))
	for i, turn := range turns {
		b.Messages[i] = message(turn)
	}
	return b
}

// joined is a conversation as one text, its turns set apart by blank lines.
//
// The contract would send a list of texts here, which asks for the completion of each of them, and use that of the first: an
// instruction, where the code to complete comes last (docs/compatibility.md).
func joined(turns []llm.Message) string {
	texts := make([]string, len(turns))
	for i, turn := range turns {
		texts[i] = turn.Content
	}
	return strings.Join(texts, "\n\n")
}

func (m *model) url() string {
	switch {
	case m.dialect.text:
		return m.base + "/completions"
	case !m.dialect.azure:
		return m.base + "/chat/completions"
	case strings.Contains(m.base, "/openai/deployments"):
		return m.base + "/chat/completions?api-version=" + url.QueryEscape(m.provider.azureVersion)
	default:
		return m.base + "/openai/deployments/" + url.PathEscape(m.name) + "/chat/completions?api-version=" +
			url.QueryEscape(m.provider.azureVersion)
	}
}

// header carries the key, if there is one.
func (m *model) header() http.Header {
	h := wire.Header()
	key := m.key
	if m.dialect.direct {
		key = cmp.Or(key, stubKey)
	}
	switch {
	case key == "":
	case m.dialect.azure:
		h["Api-Key"] = []string{key}
	default:
		h["Authorization"] = []string{"Bearer " + key}
	}
	return h
}
