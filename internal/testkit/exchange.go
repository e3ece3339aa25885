package testkit

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"time"
)

// exchange is one call on its way to an answer.
type exchange struct {
	w      http.ResponseWriter
	r      *http.Request
	body   []byte
	script Script
	left   func() // notes that the caller went away
}

// run does what the script asks for, and leaves a usual answer to wellFormed.
func (e *exchange) run(wellFormed func(*exchange)) {
	if !e.pause(e.script.DelayMS, e.script.Hold) {
		return
	}
	if e.script.CutHead {
		panic(http.ErrAbortHandler)
	}
	for name, value := range e.script.Headers {
		e.w.Header().Set(name, value)
	}
	switch body := e.rawBody(); {
	case body != "" || (e.script.Status != 0 && e.script.Status != http.StatusOK):
		e.raw(body)
	case e.script.Events != nil:
		e.stream(frames{pieces: e.script.Events})
	default:
		wellFormed(e)
	}
}

func (e *exchange) rawBody() string {
	if e.script.Echo {
		return e.echo()
	}
	if e.script.BodyBase64 == "" {
		return e.script.Body
	}
	body, err := base64.StdEncoding.DecodeString(e.script.BodyBase64)
	if err != nil {
		return "bad body_base64 in the script: " + err.Error()
	}
	return string(body)
}

// echo is the answer of a server that shows what it did not like: in a message, and once more as it came.
func (e *exchange) echo() string {
	var headers strings.Builder
	_ = e.r.Header.Write(&headers)
	body, _ := json.Marshal(object{"error": object{"type": "invalid_request_error", "message": "no: " + headers.String() + string(e.body), "input": string(e.body)}})
	return string(body)
}

func (e *exchange) raw(body string) {
	e.w.Header().Set("Content-Type", e.contentType("application/json"))
	status := e.script.Status
	if status == 0 {
		status = http.StatusOK
	}
	e.w.WriteHeader(status)
	io.WriteString(e.w, body) //nolint:errcheck // the caller may be gone
}

func (e *exchange) contentType(usual string) string {
	if e.script.ContentType == "" {
		return usual
	}
	return e.script.ContentType
}

// pause waits for a time and for a channel that is not nil. It is false when the caller went away meanwhile.
func (e *exchange) pause(ms int, hold <-chan struct{}) bool {
	var clock <-chan time.Time
	if ms > 0 {
		clock = time.After(time.Duration(ms) * time.Millisecond)
	}
	for clock != nil || hold != nil {
		select {
		case <-clock:
			clock = nil
		case <-hold:
			hold = nil
		case <-e.r.Context().Done():
			e.left()
			return false
		}
	}
	return true
}

// wantsStream tells whether the call asks for a streamed answer in its body.
func (e *exchange) wantsStream() bool {
	var body struct {
		Stream bool `json:"stream"`
	}
	return json.Unmarshal(e.body, &body) == nil && body.Stream
}

// frames is a streamed answer: the vendor's opening, one frame a piece, the vendor's closing. Pauses and cuts count in pieces.
type frames struct{ opening, pieces, closing []string }

// stream writes frame after frame and flushes each.
func (e *exchange) stream(f frames) {
	e.w.Header().Set("Content-Type", e.contentType("text/event-stream"))
	e.w.WriteHeader(http.StatusOK)
	for _, frame := range f.opening {
		e.writeFrame(frame)
	}
	for i, frame := range f.pieces {
		if !e.pause(e.script.ChunkMS, e.script.Step) {
			return
		}
		e.cutAt(i)
		e.writeFrame(frame)
	}
	for i, frame := range f.closing {
		e.cutAt(len(f.pieces) + i)
		e.writeFrame(frame)
	}
}

func (e *exchange) cutAt(piece int) {
	if e.script.CutAt > 0 && piece >= e.script.CutAt {
		panic(http.ErrAbortHandler)
	}
}

func (e *exchange) writeFrame(frame string) {
	io.WriteString(e.w, frame) //nolint:errcheck // the caller may be gone
	e.w.(http.Flusher).Flush()
}

func (e *exchange) writeJSON(status int, v any) {
	e.w.Header().Set("Content-Type", "application/json")
	e.w.WriteHeader(status)
	io.WriteString(e.w, compact(v)+"\n") //nolint:errcheck // the caller may be gone
}

// compact is v as JSON on one line, with <, > and & as they are.
func compact(v any) string {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		panic(err) // the fakes encode maps of plain values
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// dataFrame is an event without a name, eventFrame one with a name.
func dataFrame(v any) string { return "data: " + compact(v) + "\n\n" }

func eventFrame(name string, v any) string {
	return "event: " + name + "\ndata: " + compact(v) + "\n\n"
}

// object is a JSON object.
type object = map[string]any
