package bedrock

import (
	"encoding/json"
	"errors"
	"strings"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
)

// converseBody is the request. Lists and objects are sent even when they are empty, except that nil stop sequences are left out.
type converseBody struct {
	Messages        []message       `json:"messages"`
	Additional      struct{}        `json:"additionalModelRequestFields"`
	System          []part          `json:"system"`
	InferenceConfig inferenceConfig `json:"inferenceConfig"`
}

type message struct {
	Role    llm.Role `json:"role"`
	Content []part   `json:"content"`
}

type part struct {
	Text string `json:"text"`
}

type inferenceConfig struct {
	Temperature   *float64 `json:"temperature,omitempty"`
	TopP          *float64 `json:"topP,omitempty"`
	MaxTokens     int      `json:"maxTokens,omitempty"`
	StopSequences []string `json:"stopSequences,omitzero"`
}

// newConverseBody takes the system messages out of the conversation, and makes one message of neighbouring ones of one role.
func newConverseBody(req llm.Request) *converseBody {
	body := &converseBody{
		Messages: []message{},
		System:   []part{},
		InferenceConfig: inferenceConfig{
			Temperature: req.Temperature, TopP: req.TopP, MaxTokens: req.MaxTokens, StopSequences: req.Stop,
		},
	}
	for _, turn := range wire.Conversation(req) {
		n := len(body.Messages)
		switch {
		case turn.Role == llm.System:
			body.System = append(body.System, part{turn.Content})
		case n > 0 && body.Messages[n-1].Role == turn.Role:
			body.Messages[n-1].Content = append(body.Messages[n-1].Content, part{turn.Content})
		default:
			body.Messages = append(body.Messages, message{turn.Role, []part{{turn.Content}}})
		}
	}
	return body
}

// converseAnswer is the whole answer.
type converseAnswer struct {
	Output struct {
		Message *struct {
			Content []struct {
				Text wire.Piece `json:"text"`
			} `json:"content"`
		} `json:"message"`
	} `json:"output"`
	StopReason string `json:"stopReason"`
	Usage      *usage `json:"usage"`
}

type usage struct {
	InputTokens  int `json:"inputTokens"`
	OutputTokens int `json:"outputTokens"`
}

func (u *usage) counted() *llm.Usage {
	if u == nil {
		return nil
	}
	return &llm.Usage{InputTokens: u.InputTokens, OutputTokens: u.OutputTokens}
}

// whole reads an answer that is not streamed: all its texts, joined.
func whole(data []byte) (llm.Chunk, error) {
	var a converseAnswer
	if err := json.Unmarshal(data, &a); err != nil {
		return llm.Chunk{}, wire.Garbled(vendor, err)
	}
	if a.Output.Message == nil {
		return llm.Chunk{}, wire.Garbled(vendor, errors.New("it has no message"))
	}
	var (
		text  strings.Builder
		joint wire.Joiner
	)
	for _, block := range a.Output.Message.Content {
		text.WriteString(joint.Add(block.Text))
	}
	text.WriteString(joint.End())
	return llm.Chunk{Text: text.String(), Finish: a.StopReason, Usage: a.Usage.counted()}, nil
}
