package template

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/mitsuhiko/minijinja/minijinja-go/v2/value"
)

// toJSON writes a value as JSON with sorted keys, in ASCII, so that it can stand in HTML.
func toJSON(i *invocation) value.Value {
	w := &jsonWriter{}
	if i.given(0) && !i.args[0].IsNone() {
		w.indent = strings.Repeat(" ", min(max(0, integerIn(i.args[0], "the indent")), 100))
		w.lines = true
	}
	w.write(i.subject, 0)
	i.read(w.Len())
	return value.FromString(w.String())
}

type jsonWriter struct {
	strings.Builder
	lines  bool
	indent string
}

func (w *jsonWriter) write(v value.Value, depth int) {
	if w.Len() > maxText {
		panic(failure{errTooLong})
	}
	if depth > maxValues {
		fail("a list is too deep for JSON")
	}
	if l := listIn(v); l != nil {
		w.sequence("[", len(l.items), depth, func(n int) { w.write(l.items[n], depth+1) }, "]")
		return
	}
	if d := dictIn(v); d != nil {
		entries := slices.Clone(d.entries)
		if slices.ContainsFunc(entries, func(e entry) bool { return e.key.Kind() != entries[0].key.Kind() }) {
			fail("the keys cannot be sorted")
		}
		slices.SortStableFunc(entries, func(a, b entry) int { return strings.Compare(jsonKey(a.key), jsonKey(b.key)) })
		w.sequence("{", len(entries), depth, func(n int) {
			w.quote(jsonKey(entries[n].key))
			w.WriteString(": ")
			w.write(entries[n].value, depth+1)
		}, "}")
		return
	}
	w.scalar(v)
}

func (w *jsonWriter) scalar(v value.Value) {
	if text, ok := v.AsString(); ok {
		w.quote(text)
		return
	}
	switch v.Kind() {
	case value.KindNone:
		w.WriteString("null")
	case value.KindBool:
		w.WriteString(strconv.FormatBool(v.IsTrue()))
	case value.KindNumber:
		w.WriteString(jsonNumber(v))
	default:
		fail("%s has no JSON", kindOf(v))
	}
}

func jsonNumber(v value.Value) string {
	if f, ok := v.Raw().(float64); ok {
		switch {
		case math.IsNaN(f):
			return "NaN"
		case math.IsInf(f, 1):
			return "Infinity"
		case math.IsInf(f, -1):
			return "-Infinity"
		}
	}
	return printed(v)
}

// jsonKey is a key of a map, which JSON wants to be text.
func jsonKey(v value.Value) string {
	if text, ok := v.AsString(); ok {
		return text
	}
	switch v.Kind() {
	case value.KindNone:
		return "null"
	case value.KindBool:
		return strconv.FormatBool(v.IsTrue())
	case value.KindNumber:
		return jsonNumber(v)
	}
	fail("%s cannot be a key of JSON", kindOf(v))
	return ""
}

func (w *jsonWriter) sequence(open string, n, depth int, element func(int), shut string) {
	w.WriteString(open)
	for k := range n {
		switch {
		case k > 0 && w.lines:
			w.WriteString(",")
		case k > 0:
			w.WriteString(", ")
		}
		w.line(depth + 1)
		element(k)
	}
	if n > 0 {
		w.line(depth)
	}
	w.WriteString(shut)
}

func (w *jsonWriter) line(depth int) {
	if w.lines {
		w.WriteString("\n" + strings.Repeat(w.indent, depth))
	}
}

func (w *jsonWriter) quote(text string) {
	w.WriteByte('"')
	for _, r := range text {
		switch r {
		case '"', '\\':
			w.WriteByte('\\')
			w.WriteRune(r)
		case '\n':
			w.WriteString(`\n`)
		case '\r':
			w.WriteString(`\r`)
		case '\t':
			w.WriteString(`\t`)
		case '\b':
			w.WriteString(`\b`)
		case '\f':
			w.WriteString(`\f`)
		case '<', '>', '&', '\'':
			w.unicode(r)
		default:
			w.rune(r)
		}
	}
	w.WriteByte('"')
}

func (w *jsonWriter) rune(r rune) {
	switch {
	case ' ' <= r && r < 0x7f:
		w.WriteRune(r)
	case r > 0xffff:
		w.unicode(0xd800 + (r-0x10000)>>10)
		w.unicode(0xdc00 + (r-0x10000)&0x3ff)
	default:
		w.unicode(r)
	}
}

func (w *jsonWriter) unicode(r rune) {
	w.WriteString(`\u` + strconv.FormatInt(int64(r)+0x10000, 16)[1:])
}
