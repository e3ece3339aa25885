package schema

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// MarshalJSON implements json.Marshaler.
func (v Value) MarshalJSON() ([]byte, error) { return v.AppendJSON(nil), nil }

// MarshalJSON implements json.Marshaler. The zero Object is null.
func (o Object) MarshalJSON() ([]byte, error) { return o.value.AppendJSON(nil), nil }

// AppendJSON appends v as compact JSON with characters beyond ASCII as they are. Numbers that JSON lacks, NaN and infinities, are null.
func (v Value) AppendJSON(dst []byte) []byte {
	switch v.Kind() {
	case KindBool:
		return strconv.AppendBool(dst, v.Bool())
	case KindInt:
		return append(dst, v.numberText()...)
	case KindFloat:
		if f := v.Float(); math.IsNaN(f) || math.IsInf(f, 0) {
			return append(dst, "null"...)
		}
		return append(dst, v.numberText()...)
	case KindString:
		return appendQuoted(dst, v.Text())
	case KindArray:
		dst = append(dst, '[')
		between := ""
		for element := range v.Elements() {
			dst = element.AppendJSON(append(dst, between...))
			between = ","
		}
		return append(dst, ']')
	case KindObject:
		dst = append(dst, '{')
		between := ""
		for key, member := range v.Object().All() {
			dst = appendQuoted(append(dst, between...), key)
			dst = member.AppendJSON(append(dst, ':'))
			between = ","
		}
		return append(dst, '}')
	}
	return append(dst, "null"...)
}

// numberText is a number as the contract writes it, which is not always how it was written.
func (v Value) numberText() string {
	text := v.doc.textOf(v.at)
	switch {
	case v.Kind() == KindFloat:
		return formatFloat(v.Float())
	case text == "-0":
		return "0"
	}
	return text
}

// formatFloat writes the shortest decimal that reads back as f, with ".0" when it is whole, and with an exponent when it is very large
// or small.
func formatFloat(f float64) string {
	switch {
	case math.IsNaN(f):
		return "nan"
	case math.IsInf(f, 1):
		return "inf"
	case math.IsInf(f, -1):
		return "-inf"
	}
	scientific := strconv.FormatFloat(f, 'e', -1, 64)
	exponent, _ := strconv.Atoi(scientific[strings.IndexByte(scientific, 'e')+1:])
	if exponent < -4 || exponent >= 16 {
		return scientific
	}
	decimal := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(decimal, ".") {
		decimal += ".0"
	}
	return decimal
}

// appendQuoted appends a string in JSON's notation.
func appendQuoted(dst []byte, s string) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	for i := 0; ; {
		end := skipOrdinary(s, i)
		dst = append(dst, s[i:end]...)
		if end == len(s) {
			return append(dst, '"')
		}
		switch c := s[end]; c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\n':
			dst = append(dst, `\n`...)
		case '\r':
			dst = append(dst, `\r`...)
		case '\t':
			dst = append(dst, `\t`...)
		case '\b':
			dst = append(dst, `\b`...)
		case '\f':
			dst = append(dst, `\f`...)
		default:
			dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
		i = end + 1
	}
}

// appendLiteral appends v in the literal notation of spec/http-api.md 8.6.
func (v Value) appendLiteral(dst []byte) []byte {
	switch v.Kind() {
	case KindBool:
		if v.Bool() {
			return append(dst, "True"...)
		}
		return append(dst, "False"...)
	case KindInt, KindFloat:
		return append(dst, v.numberText()...)
	case KindString:
		return appendLiteralString(dst, v.Text())
	case KindArray:
		dst = append(dst, '[')
		between := ""
		for element := range v.Elements() {
			dst = element.appendLiteral(append(dst, between...))
			between = ", "
		}
		return append(dst, ']')
	case KindObject:
		dst = append(dst, '{')
		between := ""
		for key, member := range v.Object().All() {
			dst = appendLiteralString(append(dst, between...), key)
			dst = member.appendLiteral(append(dst, ": "...))
			between = ", "
		}
		return append(dst, '}')
	}
	return append(dst, "None"...)
}

// appendLiteralString appends a string in single quotes, or in double ones if that spares a backslash.
func appendLiteralString(dst []byte, s string) []byte {
	quote := '\''
	if strings.Contains(s, "'") && !strings.Contains(s, `"`) {
		quote = '"'
	}
	dst = append(dst, byte(quote))
	for _, r := range s {
		switch {
		case r == quote || r == '\\':
			dst = append(dst, '\\', byte(r))
		case r == '\n':
			dst = append(dst, `\n`...)
		case r == '\r':
			dst = append(dst, `\r`...)
		case r == '\t':
			dst = append(dst, `\t`...)
		case strconv.IsPrint(r):
			dst = utf8.AppendRune(dst, r)
		default:
			dst = appendHexEscape(dst, r)
		}
	}
	return append(dst, byte(quote))
}

func appendHexEscape(dst []byte, r rune) []byte {
	letter, digits := byte('U'), 8
	switch {
	case r <= 0xFF:
		letter, digits = 'x', 2
	case r <= 0xFFFF:
		letter, digits = 'u', 4
	}
	dst = append(dst, '\\', letter)
	for shift := 4 * (digits - 1); shift >= 0; shift -= 4 {
		dst = append(dst, "0123456789abcdef"[r>>shift&15])
	}
	return dst
}
