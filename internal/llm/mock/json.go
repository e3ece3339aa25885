package mock

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
	"unicode/utf16"

	"github.com/ai-gateway/ai-gateway/internal/llm"
)

// appendValue appends a value as JSON in the style of the contract: a blank behind every comma and colon, nothing but ASCII, and a
// fraction in every floating-point number. Arguments are an object in their order; so are the members of a struct.
//
// A value that JSON cannot hold is null: the mock must not fail over what it is given.
func appendValue(b []byte, value any) []byte {
	switch v := value.(type) {
	case string:
		return appendString(b, v)
	case float64:
		return appendFloat(b, v)
	case *float64:
		if v != nil {
			return appendFloat(b, *v)
		}
		return append(b, "null"...)
	case []llm.Arg:
		return appendObject(b, v)
	case []llm.Message:
		return appendMessages(b, v)
	}
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if enc.Encode(value) != nil {
		return append(b, "null"...)
	}
	return appendSpaced(b, bytes.TrimSpace(buf.Bytes()))
}

func appendObject(b []byte, members []llm.Arg) []byte {
	b = append(b, '{')
	for i, m := range members {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = appendString(b, m.Name)
		b = append(b, ": "...)
		b = appendValue(b, m.Value)
	}
	return append(b, '}')
}

func appendMessages(b []byte, messages []llm.Message) []byte {
	b = append(b, '[')
	for i, m := range messages {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = appendObject(b, []llm.Arg{{Name: "role", Value: string(m.Role)}, {Name: "content", Value: m.Content}})
	}
	return append(b, ']')
}

// appendFloat writes 1.0 where Go would write 1, and has an exponent from 1e16 on and below 1e-4.
func appendFloat(b []byte, f float64) []byte {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return append(b, "null"...)
	}
	format := byte('f')
	if a := math.Abs(f); a != 0 && (a < 1e-4 || a >= 1e16) {
		format = 'e'
	}
	n := len(b)
	b = strconv.AppendFloat(b, f, format, -1, 64)
	if format == 'f' && bytes.IndexByte(b[n:], '.') < 0 {
		b = append(b, ".0"...)
	}
	return b
}

// appendSpaced appends compact JSON in the style of the contract.
func appendSpaced(b, compact []byte) []byte {
	for i := 0; i < len(compact); i++ {
		switch c := compact[i]; c {
		case ',', ':':
			b = append(b, c, ' ')
		case '"':
			end := stringEnd(compact, i)
			for _, r := range string(compact[i : end+1]) {
				b = appendASCII(b, r)
			}
			i = end
		default:
			b = append(b, c)
		}
	}
	return b
}

// stringEnd is where the string that begins at i has its closing quote.
func stringEnd(compact []byte, i int) int {
	for i++; compact[i] != '"'; i++ {
		if compact[i] == '\\' {
			i++
		}
	}
	return i
}

func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	for _, r := range s {
		switch r {
		case '"', '\\':
			b = append(b, '\\', byte(r))
		case '\n':
			b = append(b, '\\', 'n')
		case '\r':
			b = append(b, '\\', 'r')
		case '\t':
			b = append(b, '\\', 't')
		case '\b':
			b = append(b, '\\', 'b')
		case '\f':
			b = append(b, '\\', 'f')
		default:
			b = appendASCII(b, r)
		}
	}
	return append(b, '"')
}

// appendASCII appends a character, with a \u escape unless it is printable ASCII: a surrogate pair above U+FFFF.
func appendASCII(b []byte, r rune) []byte {
	switch {
	case ' ' <= r && r < 0x7F:
		return append(b, byte(r))
	case r > 0xFFFF:
		high, low := utf16.EncodeRune(r)
		return appendEscape(appendEscape(b, high), low)
	default:
		return appendEscape(b, r)
	}
}

func appendEscape(b []byte, r rune) []byte {
	const digits = "0123456789abcdef"
	return append(b, '\\', 'u', digits[r>>12&15], digits[r>>8&15], digits[r>>4&15], digits[r&15])
}
