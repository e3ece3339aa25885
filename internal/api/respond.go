package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/observe"
)

// writeJSON answers with compact JSON: null fields present, non-ASCII unescaped (spec/http-api.md 9).
func writeJSON(w http.ResponseWriter, status int, body any) error {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(body); err != nil {
		return fmt.Errorf("encode the answer: %w", err)
	}
	writeBytes(w, status, bytes.TrimSuffix(b.Bytes(), []byte("\n")))
	return nil
}

// writeBytes answers with JSON that is encoded already.
func writeBytes(w http.ResponseWriter, status int, b []byte) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(b)))
	w.WriteHeader(status)
	_, _ = w.Write(b)
}

// writeDetail answers with the contract's error body, and tells the access log.
func writeDetail(w http.ResponseWriter, r *http.Request, status int, detail string) {
	observe.RecordFrom(r.Context()).Set("http_exception_details", fmt.Sprintf("%d: %s", status, detail))
	writeError(w, status, detail)
}

// writeError answers with the contract's error body.
func writeError(w http.ResponseWriter, status int, detail string) {
	_ = writeJSON(w, status, struct {
		Detail string `json:"detail"`
	}{detail})
}

// writeText streams a model's answer as it comes: the bare text, without any framing, although the content type says otherwise
// (spec/http-api.md 9). When the model fails half-way the connection is cut, never ended as if the answer were whole.
func writeText(w http.ResponseWriter, stream llm.Stream) error {
	w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
	w.WriteHeader(http.StatusOK)
	conn := http.NewResponseController(w)
	_ = conn.Flush() // clients wait 30 s for the head, models may take longer
	for chunk, err := range stream {
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		if chunk.Text == "" {
			continue
		}
		if _, err := io.WriteString(w, chunk.Text); err != nil {
			panic(http.ErrAbortHandler) // the client left
		}
		if err := conn.Flush(); err != nil {
			panic(http.ErrAbortHandler)
		}
	}
	return nil
}

// writeLines streams an answer as one JSON object a line. Like [writeText] it cuts the connection when the model fails half-way.
func writeLines(w http.ResponseWriter, stream llm.Stream, object func(llm.Chunk) any) error {
	return writeText(w, func(yield func(llm.Chunk, error) bool) {
		for chunk, err := range stream {
			if err != nil {
				yield(llm.Chunk{}, err)
				return
			}
			if chunk.Silent() {
				continue
			}
			line, err := json.Marshal(object(chunk))
			if !yield(llm.Chunk{Text: string(line) + "\n"}, err) {
				return
			}
		}
	})
}

// readAll reads r to its end into a buffer of the announced size, when that is plausible.
func readAll(r io.Reader, announced int64) ([]byte, error) {
	const plausible = 1 << 20
	if announced < 0 || announced > plausible {
		return io.ReadAll(r)
	}
	body := make([]byte, announced)
	if _, err := io.ReadFull(r, body); err != nil {
		return nil, err
	}
	return body, nil
}
