package codesuggestions

import "github.com/ai-gateway/ai-gateway/internal/llm"

// TokenEvent says how many tokens a part of a request had (18.4).
type TokenEvent struct {
	Action string // tokens_per_user_request_prompt or tokens_per_user_request_response
	Label  string // code_completion or code_generation
	Tokens *int   // nil when nobody knows
}

// tokenEvents reports a pipeline's tokens. The zero value reports nothing.
type tokenEvents struct {
	track func(TokenEvent)
	label string
}

const (
	completionTokens = "code_completion"
	generationTokens = "code_generation"
)

func (t tokenEvents) prompt(n *int)   { t.report("tokens_per_user_request_prompt", n) }
func (t tokenEvents) response(n *int) { t.report("tokens_per_user_request_response", n) }

func (t tokenEvents) report(action string, n *int) {
	if t.track != nil {
		t.track(TokenEvent{Action: action, Label: t.label, Tokens: n})
	}
}

// tokensAsked reports the prompt of a generation, which is known before the call.
func (p *Pipeline) tokensAsked() {
	if p.tokenEvents.label != generationTokens {
		return
	}
	n := 0
	for _, part := range p.prompt.Components {
		n += part.Tokens
	}
	p.tokenEvents.prompt(&n)
}

// tokensAnswered reports what a whole answer took: for completions as the vendor or else we count, for generations as we do.
func (p *Pipeline) tokensAnswered(answer llm.Answer) {
	switch {
	case p.tokenEvents.track == nil:
	case p.tokenEvents.label == generationTokens:
		n := p.service.tokens.Count(answer.Hidden + answer.Text)
		p.tokenEvents.response(&n)
	default:
		consumed := p.legacyTokens(answer)
		p.tokenEvents.prompt(consumed.InputTokens)
		p.tokenEvents.response(consumed.OutputTokens)
	}
}

// tokensStreamed reports the tokens of a stream at its end, also when it was left early: those of its pieces, counted one by one.
func (p *Pipeline) tokensStreamed(stream llm.Stream) llm.Stream {
	if p.tokenEvents.track == nil {
		return stream
	}
	return func(yield func(llm.Chunk, error) bool) {
		n := 0
		defer func() { p.tokenEvents.response(&n) }()
		for chunk, err := range stream {
			n += p.service.tokens.Count(chunk.Hidden + chunk.Text)
			if !yield(chunk, err) {
				return
			}
		}
	}
}
