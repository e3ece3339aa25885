package vertex

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"

	"github.com/ai-gateway/ai-gateway/internal/llm"
)

// predictions is the answer of predict.
type predictions struct {
	Predictions []prediction `json:"predictions"`
	Metadata    struct {
		TokenMetadata *struct {
			Input  tokenCount `json:"inputTokenCount"`
			Output tokenCount `json:"outputTokenCount"`
		} `json:"tokenMetadata"`
	} `json:"metadata"`
}

type prediction struct {
	Content *string          `json:"content"`
	Score   *float64         `json:"score"`
	Safety  safetyAttributes `json:"safetyAttributes"`
}

type tokenCount struct {
	Total whole `json:"totalTokens"`
}

// answers are the chunks of an answer, one a prediction. Their token counts are those of the call as a whole.
func (f *family) answers(data []byte) ([]llm.Chunk, error) {
	var p predictions
	if err := json.Unmarshal(data, &p); err != nil {
		return nil, err
	}
	if len(p.Predictions) == 0 && !f.silent {
		return nil, errors.New("it has no predictions")
	}
	chunks := make([]llm.Chunk, len(p.Predictions))
	for i := range p.Predictions {
		c, err := f.answer(&p.Predictions[i])
		if err != nil {
			return nil, fmt.Errorf("prediction %d: %w", i, err)
		}
		c.Candidate, c.Usage = i, p.usage()
		chunks[i] = c
	}
	return chunks, nil
}

func (f *family) answer(p *prediction) (llm.Chunk, error) {
	if p.Content == nil {
		return llm.Chunk{}, errors.New("it has no content")
	}
	if p.Score == nil && f.rated {
		return llm.Chunk{}, errors.New("it has no score")
	}
	return llm.Chunk{Text: *p.Content, Score: p.Score, Safety: p.Safety.found()}, nil
}

func (p *predictions) usage() *llm.Usage {
	t := p.Metadata.TokenMetadata
	if t == nil {
		return nil
	}
	return &llm.Usage{InputTokens: int(t.Input.Total), OutputTokens: int(t.Output.Total)}
}

// safetyAttributes is what the filter found in a prediction. It may be missing, but not be null.
type safetyAttributes struct {
	Blocked    bool     `json:"blocked"`
	Categories []string `json:"categories"`
	Errors     []whole  `json:"errors"`
}

// UnmarshalJSON implements [json.Unmarshaler].
func (s *safetyAttributes) UnmarshalJSON(raw []byte) error {
	if string(raw) == "null" {
		return errors.New("safetyAttributes is null")
	}
	type plain safetyAttributes
	return json.Unmarshal(raw, (*plain)(s))
}

func (s *safetyAttributes) found() *llm.Safety {
	f := &llm.Safety{Blocked: s.Blocked, Categories: s.Categories}
	for _, number := range s.Errors {
		f.Errors = append(f.Errors, int(number))
	}
	return f
}

// whole is an integer that may be written as 10, 10.0 or "10".
type whole int

// UnmarshalJSON implements [json.Unmarshaler].
func (w *whole) UnmarshalJSON(raw []byte) error {
	if text, err := strconv.Unquote(string(raw)); err == nil {
		raw = []byte(text)
	}
	n, err := strconv.ParseFloat(string(raw), 64)
	if err != nil || n != math.Trunc(n) || math.Abs(n) > 1<<53 {
		return fmt.Errorf("%.20q is no integer", raw)
	}
	*w = whole(n)
	return nil
}
