package wire

import (
	"bytes"
	"encoding/json"
)

// JSON writes a request's document. Unlike [json.Marshal] it leaves <, > and & alone, of which source code is full.
func JSON(v any) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n")), nil
}
