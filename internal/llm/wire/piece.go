package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Piece is a JSON string whose first or last character may be half of one: a vendor that counts in UTF-16 or in bytes cuts an emoji
// in two. Half a surrogate pair (\ud83d) is kept as the three bytes that UTF-8 would have for it, an incomplete UTF-8 sequence as
// it is. Send all pieces through a [Joiner].
//
// In JSON null and an absent member leave it empty.
type Piece string

var errNoText = errors.New("a text is not a JSON string")

// UnmarshalJSON implements [json.Unmarshaler]. encoding/json would put U+FFFD in place of each half.
func (p *Piece) UnmarshalJSON(raw []byte) error {
	if string(raw) == "null" {
		return nil
	}
	if len(raw) < 2 || raw[0] != '"' {
		return errNoText
	}
	raw = raw[1 : len(raw)-1]
	if bytes.IndexByte(raw, '\\') < 0 {
		*p = Piece(raw)
		return nil
	}
	*p = Piece(unescape(raw))
	return nil
}

var _ json.Unmarshaler = (*Piece)(nil)

// unescape resolves the escapes of a string that encoding/json has found well-formed.
func unescape(raw []byte) []byte {
	out := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); i++ {
		if raw[i] != '\\' || i+1 == len(raw) {
			out = append(out, raw[i])
			continue
		}
		i++
		switch raw[i] {
		case 'b':
			out = append(out, '\b')
		case 'f':
			out = append(out, '\f')
		case 'n':
			out = append(out, '\n')
		case 'r':
			out = append(out, '\r')
		case 't':
			out = append(out, '\t')
		case 'u':
			r := hex4(raw[i+1:])
			i += 4
			if low := lowHalf(raw[min(i+1, len(raw)):]); utf16.IsSurrogate(r) && r < 0xDC00 && low != 0 {
				r = utf16.DecodeRune(r, low)
				i += 6
			}
			out = appendRune(out, r)
		default: // " \ /
			out = append(out, raw[i])
		}
	}
	return out
}

// lowHalf is the second half of a surrogate pair when raw begins with one, else 0.
func lowHalf(raw []byte) rune {
	if len(raw) < 6 || raw[0] != '\\' || raw[1] != 'u' {
		return 0
	}
	if r := hex4(raw[2:]); 0xDC00 <= r && r <= 0xDFFF {
		return r
	}
	return 0
}

func hex4(digits []byte) (r rune) {
	for _, d := range digits[:min(4, len(digits))] {
		switch {
		case d >= 'a':
			d -= 'a' - 10
		case d >= 'A':
			d -= 'A' - 10
		default:
			d -= '0'
		}
		r = r<<4 | rune(d)
	}
	return r
}

// appendRune appends a character in UTF-8, half a surrogate pair included, which [utf8.AppendRune] would not.
func appendRune(out []byte, r rune) []byte {
	if !utf16.IsSurrogate(r) {
		return utf8.AppendRune(out, r)
	}
	return append(out, 0xE0|byte(r>>12), 0x80|byte(r>>6)&0xBF, 0x80|byte(r)&0xBF)
}

// Joiner makes whole characters of the pieces of a stream: it holds half a character back until the other half comes. The zero value is
// ready for use.
type Joiner struct {
	held string
}

// Add takes the next piece and returns the text that is complete: valid UTF-8, with U+FFFD for what will never be a character.
func (j *Joiner) Add(p Piece) string {
	if j.held == "" && utf8.ValidString(string(p)) {
		return string(p)
	}
	s := joinHalves(j.held + string(p))
	n := len(s) - halfAtEnd(s)
	j.held = s[n:]
	return strings.ToValidUTF8(s[:n], "\uFFFD")
}

// End returns what is left when the stream is over: U+FFFD for half a character, else nothing.
func (j *Joiner) End() string {
	left := strings.ToValidUTF8(j.held, "\uFFFD")
	j.held = ""
	return left
}

// joinHalves makes a character of every two halves of a surrogate pair that stand side by side.
func joinHalves(s string) string {
	var b strings.Builder
	rest := s
	for i := 0; i+6 <= len(rest); i++ {
		high, low := half(rest[i:]), half(rest[i+3:])
		if 0xD800 <= high && high < 0xDC00 && low >= 0xDC00 {
			b.WriteString(rest[:i])
			b.WriteRune(utf16.DecodeRune(high, low))
			rest = rest[i+6:]
			i = -1
		}
	}
	if b.Len() == 0 {
		return s
	}
	b.WriteString(rest)
	return b.String()
}

// half is the half of a surrogate pair that s begins with, else 0.
func half(s string) rune {
	if len(s) < 3 || s[0] != 0xED || s[1] < 0xA0 || s[1] > 0xBF || s[2]&0xC0 != 0x80 {
		return 0
	}
	return 0xD000 | rune(s[1]&0x3F)<<6 | rune(s[2]&0x3F)
}

// halfAtEnd is the length of the half character at the end of s: the first half of a surrogate pair, or an incomplete sequence.
func halfAtEnd(s string) int {
	if n := len(s) - 3; n >= 0 {
		if h := half(s[n:]); h != 0 && h < 0xDC00 {
			return 3
		}
	}
	for n := 1; n <= min(3, len(s)); n++ {
		if c := s[len(s)-n]; utf8.RuneStart(c) {
			if c >= utf8.RuneSelf && !utf8.FullRuneInString(s[len(s)-n:]) {
				return n
			}
			return 0
		}
	}
	return 0
}
