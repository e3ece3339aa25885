package fireworks

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/openai"
	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
)

// qwen is the family that fills in the middle. A user's calls stay on one machine, where the code above the cursor is cached.
const qwen = "qwen2p5-coder-7b"

// T(5, 600) holds for every call, whatever it asks for.
const (
	connectTimeout = 5 * time.Second
	readTimeout    = 600 * time.Second
)

type model struct {
	Options
	family string
	stop   []string
}

// body is the request.
type body struct {
	Model             string   `json:"model"`
	Prompt            string   `json:"prompt"`
	MaxTokens         int      `json:"max_tokens"`
	Temperature       *float64 `json:"temperature"`
	TopP              *float64 `json:"top_p"`
	Stop              []string `json:"stop"`
	Stream            bool     `json:"stream"`
	PromptCacheMaxLen int      `json:"prompt_cache_max_len"` // always 0
}

// Generate implements [llm.Model]. A conversation is refused.
func (m model) Generate(ctx context.Context, req llm.Request) (llm.Stream, error) {
	if len(req.Messages) > 0 {
		return nil, refused("%s is asked to continue a text, but was given messages", m.family)
	}
	b := body{
		Model:       m.Identifier,
		Prompt:      m.prompt(req),
		MaxTokens:   cmp.Or(req.MaxTokens, 16),
		Temperature: cmp.Or(req.Temperature, new(0.95)),
		TopP:        cmp.Or(req.TopP, new(0.95)),
		Stop:        req.Stop,
		Stream:      req.Stream,
	}
	if b.Stop == nil {
		b.Stop = m.stop
	}
	data, err := wire.JSON(b)
	if err != nil {
		return nil, refused("write the request: %w", err)
	}
	call := &wire.Call{
		Vendor: vendor, URL: m.Endpoint + "/completions", Header: m.header(req), Body: data, Secret: m.APIKey,
		Connect: connectTimeout, Read: readTimeout, Retries: 2,
	}
	stream, err := m.HTTP.Generate(ctx, call, req.Stream, openai.TextAnswer(call))
	return stream, openai.Classed(err)
}

// prompt is the text around the cursor for the family that fills in the middle, and the text above it for all others.
func (m model) prompt(req llm.Request) string {
	if m.family != qwen {
		return req.Prompt
	}
	suffix := ""
	if req.Suffix != nil {
		suffix = *req.Suffix
	}
	return "<|fim_prefix|>" + req.Prompt + "<|fim_suffix|>" + suffix + "<|fim_middle|>"
}

func (m model) header(req llm.Request) http.Header {
	h := wire.Header()
	h["Authorization"] = []string{"Bearer " + m.APIKey}
	if m.family == qwen && req.UserID != "" {
		h["X-Session-Affinity"] = []string{req.UserID}
	}
	return h
}
