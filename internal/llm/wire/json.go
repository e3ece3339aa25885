package wire

import (
	"bytes"
	"encoding/json"
	"sync"
)

// JSON writes a request's document. Unlike [json.Marshal] it leaves <, > and & alone, of which source code is full.
func JSON(v any) ([]byte, error) {
	buf := buffers.Get().(*bytes.Buffer)
	buf.Reset()
	enc := json.NewEncoder(buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	document := bytes.Clone(bytes.TrimSuffix(buf.Bytes(), []byte("\n")))
	if buf.Cap() <= maxBuffer {
		buffers.Put(buf)
	}
	return document, nil
}

// buffers hold documents while they are written and grow. A large one isn't kept: the next document may be small.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

const maxBuffer = 256 << 10
