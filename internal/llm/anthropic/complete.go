package anthropic

import (
	"encoding/json"
	"errors"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
)

// completeBody is the request of POST /v1/complete.
type completeBody struct {
	Model         string   `json:"model"`
	Prompt        string   `json:"prompt"`
	MaxTokens     int      `json:"max_tokens_to_sample"`
	Temperature   *float64 `json:"temperature,omitempty"`
	TopK          *int     `json:"top_k,omitempty"`
	TopP          *float64 `json:"top_p,omitempty"`
	StopSequences []string `json:"stop_sequences,omitempty"`
	Stream        *bool    `json:"stream,omitempty"`
}

// completion reads the whole answer of POST /v1/complete.
func completion(data []byte) (llm.Chunk, error) {
	var a struct {
		Completion *string `json:"completion"`
		StopReason string  `json:"stop_reason"`
	}
	if err := json.Unmarshal(data, &a); err != nil {
		return llm.Chunk{}, wire.Garbled(vendor, err)
	}
	if a.Completion == nil {
		return llm.Chunk{}, wire.Garbled(vendor, errors.New("it has no completion"))
	}
	return llm.Chunk{Text: *a.Completion, Finish: a.StopReason}, nil
}
