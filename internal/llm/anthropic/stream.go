package anthropic

import (
	"encoding/json"
	"errors"
	"io"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
)

// messageStream turns the stream of POST /v1/messages into chunks.
//
// The vendor opens with message_start (input tokens), sends one content_block_delta a piece, and closes with message_delta (stop
// reason, output tokens) and message_stop. A ping may come anywhere, and so may an event that we don't know. An overload in the middle
// of a stream is an "error" event under status 200; that is why errors are mapped here and not only where the status is read. A
// stream that just ends is complete.
//
// Every piece is a chunk, also an empty one. The stop reason comes with the token counts in a chunk without text.
type messageStream struct {
	call    *wire.Call
	opening bool // message_start is a chunk without text, and a stream without any event is an error

	begun bool
	input int // tokens
	text  wire.Joiner
}

func (s *messageStream) read(body *wire.Body) llm.Stream {
	return func(yield func(llm.Chunk, error) bool) {
		defer body.Close()
		for events := wire.NewEvents(body); ; {
			e, err := nextEvent(s.call, events)
			if err == io.EOF {
				s.end(yield)
				return
			}
			if err == nil && e.Type == "message_stop" {
				body.Finish()
				return
			}
			var chunk llm.Chunk
			there := false
			if err == nil {
				chunk, there, err = s.chunk(e)
			}
			if err != nil {
				yield(llm.Chunk{}, err)
				return
			}
			if there && !yield(chunk, nil) {
				return
			}
		}
	}
}

// chunk is what an event says, if anything.
func (s *messageStream) chunk(e *event) (c llm.Chunk, there bool, err error) {
	s.begun = true
	switch e.Type {
	case "message_start":
		if e.Message == nil && s.opening {
			return c, false, wire.Garbled(vendor, errors.New("message_start has no message"))
		}
		s.input = e.inputTokens()
		return c, s.opening, nil
	case "content_block_delta":
		if e.isText() {
			return llm.Chunk{Text: s.text.Add(e.Delta.Text)}, true, nil
		}
	case "message_delta":
		return e.last(s.text.End(), s.input), true, nil
	}
	return c, false, nil
}

// end says what is left to say when the vendor has hung up.
func (s *messageStream) end(yield func(llm.Chunk, error) bool) {
	if s.opening && !s.begun {
		yield(llm.Chunk{}, wire.Garbled(vendor, errors.New("the stream has no event")))
	} else if text := s.text.End(); text != "" {
		yield(llm.Chunk{Text: text}, nil)
	}
}

// completionStream turns the stream of POST /v1/complete into chunks: one a completion event, also when that is empty. It ends when the
// connection does.
func completionStream(call *wire.Call, body *wire.Body) llm.Stream {
	return func(yield func(llm.Chunk, error) bool) {
		defer body.Close()
		var text wire.Joiner
		for events := wire.NewEvents(body); ; {
			e, err := nextEvent(call, events)
			if err == io.EOF {
				if left := text.End(); left != "" {
					yield(llm.Chunk{Text: left}, nil)
				}
				return
			}
			if err != nil {
				yield(llm.Chunk{}, err)
				return
			}
			if e.Type == "completion" && !yield(llm.Chunk{Text: text.Add(e.Completion), Finish: e.StopReason}, nil) {
				return
			}
		}
	}
}

// event is what streams of both interfaces consist of. Which members are there depends on the type.
type event struct {
	Type    string `json:"type"`
	Message *struct {
		Usage *usage `json:"usage"`
	} `json:"message"` // message_start
	Delta struct {
		Type       string     `json:"type"`
		Text       wire.Piece `json:"text"`        // content_block_delta
		StopReason string     `json:"stop_reason"` // message_delta
	} `json:"delta"`
	Usage *usage `json:"usage"` // message_delta

	Completion wire.Piece `json:"completion"`  // completion
	StopReason string     `json:"stop_reason"` // completion

	Error json.RawMessage `json:"error"` // error; a host of Claude's sends it without a type
}

// isText tells a piece of the answer from those of thoughts and tool calls.
func (e *event) isText() bool { return e.Delta.Type == "text_delta" || e.Delta.Type == "" }

// inputTokens is what message_start counted.
func (e *event) inputTokens() int {
	if e.Message == nil || e.Message.Usage == nil {
		return 0
	}
	return e.Message.Usage.InputTokens
}

// last is the chunk of message_delta. Its text is half a character that nobody completed, or nothing.
func (e *event) last(text string, input int) llm.Chunk {
	c := llm.Chunk{Text: text, Finish: e.Delta.StopReason, Usage: e.Usage.counted()}
	if c.Usage != nil && c.Usage.InputTokens == 0 {
		c.Usage.InputTokens = input
	}
	return c
}

// nextEvent returns the next event that is known by name. An "error" event is returned as an error.
func nextEvent(call *wire.Call, events *wire.Events) (*event, error) {
	for {
		sse, err := events.Next()
		if err == io.EOF {
			return nil, err
		}
		if err != nil {
			return nil, wire.StreamError(vendor, err)
		}
		switch string(sse.Name) {
		case "message_start", "content_block_delta", "message_delta", "message_stop", "completion":
		case "error":
			return nil, failed(call, sse.Data)
		default:
			continue
		}
		e, err := parse(call, sse.Data)
		if err == nil && e.Type == "" {
			e.Type = string(sse.Name)
		}
		return e, err
	}
}

// parse reads the data of an event. That of an error is returned as an error.
func parse(call *wire.Call, data []byte) (*event, error) {
	var e event
	if err := json.Unmarshal(data, &e); err != nil {
		return nil, wire.Garbled(vendor, err)
	}
	if e.Type == "error" || len(e.Error) > 0 && string(e.Error) != "null" {
		return nil, failed(call, data)
	}
	return &e, nil
}
