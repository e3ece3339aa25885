package anthropic

import (
	"encoding/json"
	"errors"
	"iter"
	"strings"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
)

// messagesBody is the request of POST /v1/messages.
type messagesBody struct {
	Model         string    `json:"model"`
	Messages      []message `json:"messages"`
	System        any       `json:"system,omitempty"` // a string or []block
	MaxTokens     int       `json:"max_tokens"`
	Temperature   *float64  `json:"temperature,omitempty"`
	TopK          *int      `json:"top_k,omitempty"`
	TopP          *float64  `json:"top_p,omitempty"`
	StopSequences []string  `json:"stop_sequences,omitempty"`
	Stream        *bool     `json:"stream,omitempty"`
}

type message struct {
	Role    llm.Role `json:"role"`
	Content any      `json:"content"` // a string or []block
}

type block struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

// blocks is a list of the messages' texts.
func blocks(turns []llm.Message) []block {
	list := make([]block, len(turns))
	for i, turn := range turns {
		list[i] = block{"text", turn.Content}
	}
	return list
}

// runs cuts a conversation where another role begins to speak.
func runs(turns []llm.Message) iter.Seq[[]llm.Message] {
	return func(yield func([]llm.Message) bool) {
		for from, i := 0, 1; i <= len(turns); i++ {
			if i < len(turns) && turns[i].Role == turns[from].Role {
				continue
			}
			if !yield(turns[from:i]) {
				return
			}
			from = i
		}
	}
}

// messagesAnswer is the whole answer of POST /v1/messages.
type messagesAnswer struct {
	Content []struct {
		Type string  `json:"type"`
		Text *string `json:"text"`
	} `json:"content"`
	StopReason string `json:"stop_reason"`
	Usage      *usage `json:"usage"`
}

type usage struct {
	InputTokens  int `json:"input_tokens"`
	OutputTokens int `json:"output_tokens"`
}

func (u *usage) counted() *llm.Usage {
	if u == nil {
		return nil
	}
	return &llm.Usage{InputTokens: u.InputTokens, OutputTokens: u.OutputTokens}
}

// firstBlock reads an answer whose first block alone counts, and must be a text (spec/models-and-providers.md 6.2).
func firstBlock(data []byte) (llm.Chunk, error) {
	var a messagesAnswer
	if err := json.Unmarshal(data, &a); err != nil {
		return llm.Chunk{}, wire.Garbled(vendor, err)
	}
	if len(a.Content) == 0 || a.Content[0].Text == nil {
		return llm.Chunk{}, wire.Garbled(vendor, errors.New("its content does not begin with a text"))
	}
	return llm.Chunk{Text: *a.Content[0].Text, Finish: a.StopReason, Usage: a.Usage.counted()}, nil
}

// allBlocks reads an answer whose texts are joined.
func allBlocks(data []byte) (llm.Chunk, error) {
	var a messagesAnswer
	if err := json.Unmarshal(data, &a); err != nil {
		return llm.Chunk{}, wire.Garbled(vendor, err)
	}
	if a.Content == nil {
		return llm.Chunk{}, wire.Garbled(vendor, errors.New("it has no content"))
	}
	var text strings.Builder
	for _, b := range a.Content {
		if b.Text != nil {
			text.WriteString(*b.Text)
		}
	}
	return llm.Chunk{Text: text.String(), Finish: a.StopReason, Usage: a.Usage.counted()}, nil
}
