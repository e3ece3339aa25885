package codesuggestions

import "github.com/ai-gateway/ai-gateway/internal/llm"

// Suggestion is the answer to a request.
type Suggestion struct {
	Choices     []string  // never empty texts; none is a normal answer
	Scores      []float64 // of the choices (15.1)
	Model       llm.ID
	Language    string             // label of the file's language (2.1), "" when unknown
	Tokens      *TokensConsumption // nil when there is no choice, and for generations
	Experiments []Experiment
}

// TokensConsumption tells the editor what its request cost, in tokens (16). A nil count is one that nobody took.
type TokensConsumption struct {
	InputTokens       *int `json:"input_tokens"`
	OutputTokens      *int `json:"output_tokens"`
	ContextTokensSent *int `json:"context_tokens_sent"`
	ContextTokensUsed *int `json:"context_tokens_used"`
}

// Experiment is one that ran for a request (17).
type Experiment struct {
	Name    string `json:"name"`
	Variant int    `json:"variant"`
}

// inputTokens is the consumption of a prompt that was built by 9 or taken by 9.5 (16.2).
func (p *Pipeline) inputTokens(output int) *TokensConsumption {
	input, sent, used := 0, 0, 0
	for _, c := range p.prompt.Components {
		input += c.Tokens
	}
	if c := p.prompt.Context; c != nil {
		sent, used = c.Pre.Tokens, c.Post.Tokens
	}
	return &TokensConsumption{&input, &output, &sent, &used}
}

// legacyTokens is the consumption of the default completion model: the vendor's counts, else estimates (16.1).
func (p *Pipeline) legacyTokens(answer llm.Answer) *TokensConsumption {
	var output int
	if answer.Usage != nil {
		output = answer.Usage.OutputTokens
	} else {
		output = p.service.tokens.Count(answer.Text)
	}
	consumed := p.inputTokens(output)
	if answer.Usage != nil {
		*consumed.InputTokens = answer.Usage.InputTokens
	}
	return consumed
}
