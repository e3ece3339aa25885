// Package asciijson writes JSON the way the contract's streams, echoes and tokens have it: every character beyond printable ASCII is a
// \uXXXX escape (two for characters above U+FFFF), and, unless it is compact, a blank follows each comma and colon.
//
// What is encoded, and how, is encoding/json's business.
package asciijson

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"unicode/utf16"
)

// Marshal encodes v with a blank behind each comma and colon. The errors are those of json.Marshal.
func Marshal(v any) ([]byte, error) { return marshal(v, true) }

// MarshalCompact encodes v without blanks. The errors are those of json.Marshal.
func MarshalCompact(v any) ([]byte, error) { return marshal(v, false) }

// Object is an object whose members keep their order.
type Object []Member

// Member is one member of an [Object].
type Member struct {
	Name  string
	Value any
}

// MarshalJSON implements [json.Marshaler].
func (o Object) MarshalJSON() ([]byte, error) {
	b := []byte{'{'}
	for i, m := range o {
		if i > 0 {
			b = append(b, ',')
		}
		name, err := encode(m.Name)
		if err != nil {
			return nil, err
		}
		value, err := encode(m.Value)
		if err != nil {
			return nil, fmt.Errorf("member %q: %w", m.Name, err)
		}
		b = append(append(append(b, name...), ':'), value...)
	}
	return append(b, '}'), nil
}

// Float is a number that keeps its fraction: 1.0 stays 1.0. It is null when it is no number.
type Float float64

// MarshalJSON implements [json.Marshaler].
func (f Float) MarshalJSON() ([]byte, error) {
	v := float64(f)
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return []byte("null"), nil
	}
	if a := math.Abs(v); a != 0 && (a < 1e-4 || a >= 1e16) {
		return strconv.AppendFloat(nil, v, 'e', -1, 64), nil
	}
	b := strconv.AppendFloat(nil, v, 'f', -1, 64)
	if bytes.IndexByte(b, '.') < 0 {
		b = append(b, ".0"...)
	}
	return b, nil
}

func marshal(v any, spaced bool) ([]byte, error) {
	compact, err := encode(v)
	if err != nil {
		return nil, err
	}
	return rewrite(make([]byte, 0, len(compact)+len(compact)/4), compact, spaced), nil
}

// encode is json.Marshal without escapes for HTML.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte{'\n'}), nil
}

// rewrite appends compact JSON to b with its strings in ASCII.
func rewrite(b, compact []byte, spaced bool) []byte {
	for i := 0; i < len(compact); i++ {
		switch c := compact[i]; {
		case c == '"':
			end := closingQuote(compact, i)
			b = appendASCII(b, compact[i:end+1])
			i = end
		case spaced && (c == ',' || c == ':'):
			b = append(b, c, ' ')
		default:
			b = append(b, c)
		}
	}
	return b
}

// closingQuote is where the string that begins at i ends.
func closingQuote(compact []byte, i int) int {
	for i++; compact[i] != '"'; i++ {
		if compact[i] == '\\' {
			i++
		}
	}
	return i
}

func appendASCII(b, text []byte) []byte {
	for _, r := range string(text) {
		switch {
		case ' ' <= r && r <= '~':
			b = append(b, byte(r))
		case r > 0xFFFF:
			high, low := utf16.EncodeRune(r)
			b = appendEscape(appendEscape(b, high), low)
		default:
			b = appendEscape(b, r)
		}
	}
	return b
}

func appendEscape(b []byte, r rune) []byte {
	const digits = "0123456789abcdef"
	return append(b, '\\', 'u', digits[r>>12&15], digits[r>>8&15], digits[r>>4&15], digits[r&15])
}
