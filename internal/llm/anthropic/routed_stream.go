package anthropic

import (
	"io"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
)

// routedStream turns the stream of either interface into chunks by the rules of the router (spec/models-and-providers.md 9.9): names of
// events are not needed, empty pieces are left out, pieces after message_delta are ignored, and one chunk without text comes last.
type routedStream struct {
	call *wire.Call

	input int // tokens
	text  wire.Joiner
	loop  wire.Loop
	last  llm.Chunk
	ended bool // message_delta was there
}

func (s *routedStream) read(body *wire.Body) llm.Stream {
	lines := wire.NewDataLines(body)
	next := func() (llm.Chunk, error) {
		piece, err := s.next(lines)
		return llm.Chunk{Text: piece}, err
	}
	last := func() llm.Chunk {
		s.last.Text += s.text.End()
		return s.last
	}
	return wire.Pieces(body, next, last, classed)
}

// next reads an event and returns its piece of the answer, if it has one. The error is [io.EOF] when the model, or the stream, is done.
func (s *routedStream) next(lines *wire.DataLines) (piece string, err error) {
	data, err := lines.Next()
	if err == io.EOF {
		return "", err
	}
	if err != nil {
		return "", wire.StreamError(vendor, err)
	}
	e, err := parse(s.call, data)
	if err != nil {
		return "", err
	}
	switch {
	case e.Type == "message_start":
		s.input = e.inputTokens()
	case e.Type == "content_block_delta" && e.isText() && !s.ended:
		piece = s.text.Add(e.Delta.Text)
	case e.Type == "completion":
		piece, s.last.Finish = s.text.Add(e.Completion), e.StopReason
	case e.Type == "message_delta":
		s.last, s.ended = e.last(s.text.End(), s.input), true
	case e.Type == "message_stop":
		return "", io.EOF
	}
	if s.loop.Add(piece) {
		return "", &llm.Error{Kind: llm.Unavailable, Vendor: vendor, Err: wire.ErrLoop}
	}
	return piece, nil
}
