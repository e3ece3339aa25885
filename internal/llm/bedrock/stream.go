package bedrock

import (
	"encoding/json"
	"io"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
)

// stream turns the frames of converse-stream into chunks by the rules of the router (spec/models-and-providers.md 9.9).
//
// The vendor sends one contentBlockDelta a piece and closes with messageStop (stop reason) and metadata (token counts). An overload in the
// middle is a frame, too: its message type is "exception". Pieces without text are left out, and one chunk without text comes last.
type stream struct {
	call   *wire.Call
	body   *wire.Body
	frames *frames
	text   wire.Joiner
	loop   wire.Loop
	last   llm.Chunk
}

func newStream(call *wire.Call, body *wire.Body) *stream {
	return &stream{call: call, body: body, frames: newFrames(body)}
}

func (s *stream) read() llm.Stream {
	next := func() (llm.Chunk, error) {
		piece, err := s.next()
		return llm.Chunk{Text: piece}, err
	}
	last := func() llm.Chunk {
		s.last.Text = s.text.End()
		return s.last
	}
	return wire.Pieces(s.body, next, last, classed)
}

// event is what the payloads of all frames consist of. Which members are there depends on the type.
type event struct {
	Delta struct {
		Text wire.Piece `json:"text"`
	} `json:"delta"` // contentBlockDelta
	StopReason string `json:"stopReason"` // messageStop
	Usage      *usage `json:"usage"`      // metadata
}

// next reads a frame and returns its piece of the answer, if it has one. The error is [io.EOF] when the model, or the stream, is done.
func (s *stream) next() (piece string, err error) {
	f, err := s.frames.next()
	if err == io.EOF { //nolint:errorlint // the same
		return "", err
	}
	if err != nil {
		return "", wire.StreamError(vendor, err)
	}
	if kind := f.header(":message-type"); kind != "event" {
		return "", failed(s.call, kind, f)
	}
	var e event
	if err := json.Unmarshal(f.payload, &e); err != nil {
		return "", wire.Garbled(vendor, err)
	}
	switch f.header(":event-type") {
	case "contentBlockDelta":
		piece = s.text.Add(e.Delta.Text)
	case "messageStop":
		s.last.Finish = e.StopReason
	case "metadata":
		s.last.Usage = e.Usage.counted()
		return "", io.EOF
	}
	if s.loop.Add(piece) {
		return "", &llm.Error{Kind: llm.Unavailable, Vendor: vendor, Err: wire.ErrLoop}
	}
	return piece, nil
}
