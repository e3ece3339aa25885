package prompt

import (
	"math"
	"strconv"
	"strings"
	"unicode"

	"github.com/mitsuhiko/minijinja/minijinja-go/v2/value"
)

// printed is how a template prints a value: text as it is, everything else as spec/prompts.md 1.5 has it, with None, True and 'quoted'.
func printed(v value.Value) string {
	if text, ok := v.AsString(); ok {
		return text
	}
	var b strings.Builder
	printTo(&b, v)
	return b.String()
}

func printTo(b *strings.Builder, v value.Value) {
	switch v.Kind() {
	case value.KindUndefined:
		b.WriteString("Undefined")
	case value.KindNone:
		b.WriteString("None")
	case value.KindBool:
		if v.IsTrue() {
			b.WriteString("True")
		} else {
			b.WriteString("False")
		}
	case value.KindString:
		text, _ := v.AsString()
		quoteTo(b, text)
	case value.KindSeq, value.KindIterable:
		printItems(b, '[', v.Iter(), func(item value.Value) { printTo(b, item) }, ']')
	case value.KindMap:
		printItems(b, '{', v.Iter(), func(key value.Value) {
			printTo(b, key)
			b.WriteString(": ")
			printTo(b, v.GetItem(key))
		}, '}')
	default:
		if f, ok := v.AsFloat(); ok && v.IsActualFloat() {
			b.WriteString(printedFloat(f))
		} else {
			b.WriteString(v.String())
		}
	}
}

func printItems(b *strings.Builder, open byte, items []value.Value, item func(value.Value), shut byte) {
	b.WriteByte(open)
	for i, v := range items {
		if i > 0 {
			b.WriteString(", ")
		}
		item(v)
	}
	b.WriteByte(shut)
}

// printedFloat has the shortest digits that read back as f, with an exponent when that is below -4 or at least 16.
func printedFloat(f float64) string {
	switch {
	case math.IsNaN(f):
		return "nan"
	case math.IsInf(f, 0):
		return strings.TrimPrefix(strings.ToLower(strconv.FormatFloat(f, 'g', -1, 64)), "+")
	}
	scientific := strconv.FormatFloat(f, 'e', -1, 64)
	exponent, _ := strconv.Atoi(scientific[strings.IndexByte(scientific, 'e')+1:])
	if exponent < -4 || exponent >= 16 {
		return scientific
	}
	plain := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(plain, ".") {
		plain += ".0"
	}
	return plain
}

// quoteTo writes a text as it stands inside a list: in ' unless it has these and no ", and with what cannot be seen escaped.
func quoteTo(b *strings.Builder, text string) {
	quote := '\''
	if strings.Contains(text, "'") && !strings.Contains(text, `"`) {
		quote = '"'
	}
	b.WriteRune(quote)
	for _, r := range text {
		switch {
		case r == quote || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case unicode.IsPrint(r):
			b.WriteRune(r)
		default:
			escapeTo(b, r)
		}
	}
	b.WriteRune(quote)
}

func escapeTo(b *strings.Builder, r rune) {
	letter, width := byte('U'), 8
	if r < 0x100 {
		letter, width = 'x', 2
	} else if r < 0x10000 {
		letter, width = 'u', 4
	}
	digits := strconv.FormatInt(int64(r), 16)
	b.WriteByte('\\')
	b.WriteByte(letter)
	b.WriteString(strings.Repeat("0", width-len(digits)))
	b.WriteString(digits)
}
