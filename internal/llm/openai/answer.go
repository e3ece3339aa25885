package openai

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
)

// answer is a whole answer or an event of a stream, of either interface. They differ in where the text is.
type answer struct {
	Choices []choice        `json:"choices"`
	Usage   *usage          `json:"usage"`
	Error   json.RawMessage `json:"error"`
}

type choice struct {
	Text    wire.Piece `json:"text"` // POST /completions
	Message struct {
		thoughts
		Content *content `json:"content"`
	} `json:"message"` // POST /chat/completions
	Delta struct {
		thoughts
		Content content `json:"content"`
	} `json:"delta"` // the same, streamed
	FinishReason string `json:"finish_reason"`
}

type usage struct {
	PromptTokens     int `json:"prompt_tokens"`
	CompletionTokens int `json:"completion_tokens"`
}

func (u *usage) counted() *llm.Usage {
	if u == nil {
		return nil
	}
	return &llm.Usage{InputTokens: u.PromptTokens, OutputTokens: u.CompletionTokens}
}

// answers reads what a server answers to a call.
type answers struct {
	call  *wire.Call
	model *model
}

// parse reads an answer. An error in it, which servers send under status 200, is returned as an error.
func (a answers) parse(data []byte) (*answer, error) {
	var v answer
	err := json.Unmarshal(data, &v)
	if len(v.Error) > 0 && string(v.Error) != "null" {
		return nil, a.call.Refused(errorCode(v.Error), data)
	}
	if err != nil {
		return nil, wire.Garbled(a.model.vendor, err)
	}
	return &v, nil
}

// errorCode is the number that the "code" of an error is, where it has one that is an error's status, else 422
// (spec/models-and-providers.md 9.10).
func errorCode(raw json.RawMessage) int {
	var e struct {
		Code json.Number `json:"code"`
	}
	if json.Unmarshal(raw, &e) == nil {
		if code, err := e.Code.Int64(); err == nil && 400 <= code && code <= 599 {
			return int(code)
		}
	}
	return 422
}

// whole reads an answer that is not streamed. Null in place of the text is an empty text, but a direct model must say something, or have
// thought.
func (a answers) whole(data []byte) (llm.Chunk, error) {
	v, err := a.parse(data)
	if err != nil {
		return llm.Chunk{}, err
	}
	if len(v.Choices) == 0 {
		return llm.Chunk{}, wire.Garbled(a.model.vendor, errors.New("it has no choices"))
	}
	first := v.Choices[0]
	text := first.Text
	if !a.model.dialect.text {
		switch {
		case first.Message.Content != nil:
			text = wire.Piece(*first.Message.Content)
		case a.model.dialect.direct && first.Message.said() == "":
			return llm.Chunk{}, wire.Garbled(a.model.vendor, errors.New("it has no content"))
		}
	}
	var j wire.Joiner
	return llm.Chunk{Text: j.Add(text) + j.End(), Hidden: first.Message.said(), Finish: first.FinishReason, Usage: v.Usage.counted()}, nil
}

// thoughts are what the model thought, where the server knows to keep that apart, under its older and its newer name (vLLM, SGLang,
// llama.cpp, DeepSeek). Nobody gets to see it. A model that came to its limit thinking has it and no content.
type thoughts struct {
	ReasoningContent json.RawMessage `json:"reasoning_content"`
	Reasoning        json.RawMessage `json:"reasoning"`
}

// said is their text. Whatever else a server has there is taken for one: it is hidden all the same.
func (t *thoughts) said() string {
	for _, raw := range []json.RawMessage{t.ReasoningContent, t.Reasoning} {
		var text *string
		if err := json.Unmarshal(raw, &text); len(raw) > 0 && err != nil {
			return string(raw)
		} else if text != nil && *text != "" {
			return *text
		}
	}
	return ""
}

// pieces turns a stream into chunks (spec/models-and-providers.md 9.9).
//
// Each event is one "data:" line; the last is [DONE], but a stream that just ends is complete, too. Pieces without text are left out. One
// chunk without text comes last, with the stop reason and the token counts, wherever in the stream the server told them.
func (a answers) pieces(b *wire.Body) llm.Stream {
	s := &stream{answers: a, lines: wire.NewDataLines(b)}
	last := func() llm.Chunk {
		s.last.Text = s.text.End()
		return s.last
	}
	return wire.Pieces(b, s.next, last, a.model.classed)
}

type stream struct {
	answers
	lines *wire.DataLines
	text  wire.Joiner
	loop  wire.Loop
	last  llm.Chunk
}

// next reads an event and returns its text, and what the model thought. The error is [io.EOF] when the model, or the stream, is done.
func (s *stream) next() (llm.Chunk, error) {
	data, err := s.lines.Next()
	if err == io.EOF {
		return llm.Chunk{}, err
	}
	if err != nil {
		return llm.Chunk{}, wire.StreamError(s.model.vendor, err)
	}
	if string(bytes.TrimSpace(data)) == "[DONE]" {
		return llm.Chunk{}, io.EOF
	}
	v, err := s.parse(data)
	if err != nil {
		return llm.Chunk{}, err
	}
	if v.Usage != nil {
		s.last.Usage = v.Usage.counted()
	}
	if len(v.Choices) == 0 {
		return llm.Chunk{}, nil
	}
	first := &v.Choices[0]
	if first.FinishReason != "" {
		s.last.Finish = first.FinishReason
	}
	text := s.text.Add(wire.Piece(first.Delta.Content) + first.Text) // one of them is empty
	if s.loop.Add(text) {
		return llm.Chunk{}, &llm.Error{Kind: llm.Unavailable, Vendor: s.model.vendor, Err: wire.ErrLoop}
	}
	return llm.Chunk{Text: text, Hidden: first.Delta.said()}, nil
}
