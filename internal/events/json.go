package events

import (
	"bytes"
	"encoding/json"
)

// marshal is v as JSON with every character as it is. What is marshalled in this package are structs of texts, numbers and lists, which
// have no way to fail.
func marshal(v any) []byte {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		panic("events: " + err.Error())
	}
	return bytes.TrimSuffix(b.Bytes(), []byte{'\n'})
}
