package openai

import (
	"encoding/json"
	"errors"

	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
)

// content is the text of a message: a JSON string, or a list of parts of which some are text. Mistral gives what Magistral thinks as parts of
// another type, which are left out.
type content wire.Piece

// UnmarshalJSON implements [json.Unmarshaler].
func (c *content) UnmarshalJSON(raw []byte) error {
	if len(raw) == 0 || raw[0] != '[' {
		return (*wire.Piece)(c).UnmarshalJSON(raw)
	}
	var parts []struct {
		Type string      `json:"type"`
		Text *wire.Piece `json:"text"`
	}
	if err := json.Unmarshal(raw, &parts); err != nil {
		return err
	}
	for _, part := range parts {
		switch {
		case part.Type != "text":
		case part.Text == nil:
			return errors.New("a part that is text has none")
		default:
			*c += content(*part.Text)
		}
	}
	return nil
}
