package testkit

import "strings"

// Script says how one call to a fake is answered. Several scripts answer calls one after another; the last one that
// applies repeats. Without any, a model says "mock answer".
//
// A script with nothing but a Text is the answer of a well-behaved server in the wire format that belongs to the path of
// the call, streamed when the call asks for it. The other fields make it slower, partial or wrong.
//
// A body that ends too early without being streamed is scripted by a Content-Length in Headers that Body does not reach.
type Script struct {
	Path        string            `json:"path,omitempty"`         // only for calls whose path contains this
	Text        string            `json:"text,omitempty"`         // whole answer
	Chunks      []string          `json:"chunks,omitempty"`       // streamed pieces; default: Text in pieces of 7 bytes
	Events      []string          `json:"events,omitempty"`       // raw pieces, streamed as they are instead of well-formed frames
	ContentType string            `json:"content_type,omitempty"` // of Events (default text/event-stream) or Body (default JSON)
	Status      int               `json:"status,omitempty"`       // default 200
	Headers     map[string]string `json:"headers,omitempty"`
	Body        string            `json:"body,omitempty"`        // raw body, used when it or another status than 200 is given
	BodyBase64  string            `json:"body_base64,omitempty"` // the same for a body that is not text
	Echo        bool              `json:"echo,omitempty"`        // show the call, headers and all, in the message of an error; with a Status
	DelayMS     int               `json:"delay_ms,omitempty"`    // before the head
	ChunkMS     int               `json:"chunk_ms,omitempty"`    // before each piece
	Finish      string            `json:"finish,omitempty"`      // finish or stop reason
	CutAt       int               `json:"cut_at,omitempty"`      // drop the connection after this many pieces
	CutHead     bool              `json:"cut_head,omitempty"`    // drop the connection before any answer
	Score       *float64          `json:"score,omitempty"`       // of a Vertex prediction; default -1

	Hold <-chan struct{} `json:"-"` // nothing is answered before something is received from it, or it is closed
	Step <-chan struct{} `json:"-"` // the same before each piece: a test hands out the pieces one by one
}

// pieceBytes is how much of a Text one streamed piece holds at least; a piece never ends within a character.
const pieceBytes = 7

// pieces are the streamed parts of the answer.
func (s Script) pieces() []string {
	if s.Chunks != nil {
		return s.Chunks
	}
	var pieces []string
	rest := s.Text
	for len(rest) > pieceBytes {
		end := pieceBytes
		for end < len(rest) && rest[end]&0xC0 == 0x80 {
			end++
		}
		pieces = append(pieces, rest[:end])
		rest = rest[end:]
	}
	return append(pieces, rest)
}

// whole is the answer in one piece.
func (s Script) whole() string {
	if s.Text == "" {
		return strings.Join(s.Chunks, "")
	}
	return s.Text
}

// finish is the scripted finish reason, or the one that the vendor gives for a complete answer.
func (s Script) finish(usual string) string {
	if s.Finish == "" {
		return usual
	}
	return s.Finish
}
