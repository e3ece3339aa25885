package chat

import (
	"context"
	"fmt"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/llm"
)

// Question is asked once, in the client's own words (spec/http-api.md 11). Either Messages or Text holds it.
type Question struct {
	Provider string // "anthropic" or "litellm"
	Model    string
	Messages []llm.Message
	Text     string

	Server     llm.Server // of a self-hosted model
	Identifier string     // of a self-hosted model: "provider/model" or "model"; "" for none

	Echo []llm.Arg // what a mock model repeats in place of parameters

	Params *Params // counts for Anthropic only; nil leaves the choice to the model layer
}

// Params are the parameters that a client may set.
type Params struct {
	StopSequences []string
	Temperature   float64 // 0 leaves the choice to the model layer
	MaxTokens     int
}

// maxAnswerTokens is the most that a conversation may ask of Anthropic's older models.
const maxAnswerTokens = 4096

// selfHostedTimeout bounds each phase of a call to a self-hosted model.
const selfHostedTimeout = 30 * time.Second

// SingleTurn asks models questions. It is safe for concurrent use.
type SingleTurn struct {
	models   llm.Provider
	oneChunk bool
}

// NewSingleTurn returns a SingleTurn. With disableStreaming self-hosted models always answer in one piece.
func NewSingleTurn(models llm.Provider, disableStreaming bool) *SingleTurn {
	return &SingleTurn{models: models, oneChunk: disableStreaming}
}

// Streams says whether the answer to q can come piece by piece.
func (s *SingleTurn) Streams(q *Question) bool { return q.Provider != "litellm" || !s.oneChunk }

// Ask returns the model's answer as it comes. The error is an [*llm.Error], or that of a cancelled context.
func (s *SingleTurn) Ask(ctx context.Context, q *Question, stream bool) (llm.Stream, error) {
	ref := llm.Ref{Provider: q.Provider, Name: q.Model, API: llm.Chat}
	req := llm.Request{Messages: q.Messages, Prompt: q.Text, Stream: stream, Echo: q.Echo}
	switch {
	case q.Provider == "litellm":
		ref.Server, ref.Identifier = q.Server, q.Identifier
		req.Timeout = selfHostedTimeout
		if req.Messages == nil {
			req.Messages = []llm.Message{{Role: llm.User, Content: q.Text}}
		}
	case q.Messages == nil:
		ref.API = llm.Text
		q.Params.apply(&req, "max_tokens_to_sample", q.Params.maxTokens(0))
	default:
		q.Params.apply(&req, "max_tokens", q.Params.maxTokens(maxAnswerTokens))
	}
	model, err := s.models.Resolve(ref)
	if err != nil {
		return nil, fmt.Errorf("find model %q of %s: %w", q.Model, q.Provider, err)
	}
	return model.Generate(ctx, req)
}

// maxTokens is what the client wants, no more than limit unless that is 0.
func (p *Params) maxTokens(limit int) int {
	if p == nil {
		return 0
	}
	if limit > 0 {
		return min(p.MaxTokens, limit)
	}
	return p.MaxTokens
}

// apply puts the parameters into a request, and into what a mock model repeats, there under the names of the vendor's API.
func (p *Params) apply(req *llm.Request, tokens string, maxTokens int) {
	if p == nil {
		return
	}
	req.Stop, req.MaxTokens = p.StopSequences, maxTokens
	if p.Temperature != 0 {
		req.Temperature = &p.Temperature
	}
	req.Echo = []llm.Arg{
		{Name: "stop_sequences", Value: p.StopSequences}, {Name: "temperature", Value: p.Temperature}, {Name: tokens, Value: maxTokens},
	}
}
