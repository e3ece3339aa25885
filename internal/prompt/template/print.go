package template

import (
	"math"
	"strconv"
	"strings"
	"unicode"

	"github.com/mitsuhiko/minijinja/minijinja-go/v2"
	"github.com/mitsuhiko/minijinja/minijinja-go/v2/value"
)

// formatted writes {{ value }} for the engine.
func formatted(state *minijinja.State, v value.Value, _ func(string) string) string {
	text := budgetOf(state.Context()).text(v)
	if state.AutoEscape().IsHTML() && !v.IsSafe() {
		return escaped(text)
	}
	return text
}

// printed is how a template prints a value: text as it is, everything else as spec/prompts.md 1.5 has it, with None, True and 'quoted'.
func printed(v value.Value) string {
	if text, ok := v.AsString(); ok {
		return text
	}
	return represented(v)
}

// represented is how a value prints inside a list.
func represented(v value.Value) string {
	var p printer
	p.print(v, 0)
	return p.String()
}

type printer struct{ strings.Builder }

func (p *printer) print(v value.Value, depth int) {
	if p.Len() > maxText {
		panic(failure{errTooLong})
	}
	if depth > maxValues {
		fail("a list is too deep to print")
	}
	switch raw := v.Raw().(type) {
	case bool:
		if raw {
			p.WriteString("True")
		} else {
			p.WriteString("False")
		}
	case float64:
		p.WriteString(printedFloat(raw))
	case *list:
		p.list(raw, depth)
	case *dict:
		p.dict(raw, depth)
	case *namespace:
		p.WriteString("<Namespace ")
		p.dict(&raw.dict, depth)
		p.WriteByte('>')
	default:
		p.other(v)
	}
}

func (p *printer) other(v value.Value) {
	if text, ok := v.AsString(); ok {
		p.quote(text)
		return
	}
	switch v.Kind() {
	case value.KindUndefined:
		p.WriteString("Undefined")
	case value.KindNone:
		p.WriteString("None")
	case value.KindNumber:
		p.WriteString(v.String())
	default:
		p.WriteString("<" + kindOf(v) + ">") // a macro, a namespace, a loop
	}
}

func (p *printer) list(l *list, depth int) {
	before, after := "[", "]"
	switch l.kind {
	case tupleList:
		before, after = "(", ")"
		if len(l.items) == 1 {
			after = ",)"
		}
	case rangeList:
		p.WriteString(l.label)
		return
	case keysList:
		before, after = "dict_keys([", "])"
	case valuesList:
		before, after = "dict_values([", "])"
	case itemsList:
		before, after = "dict_items([", "])"
	}
	p.WriteString(before)
	for i, item := range l.items {
		p.separate(i)
		p.print(item, depth+1)
	}
	p.WriteString(after)
}

func (p *printer) dict(d *dict, depth int) {
	p.WriteByte('{')
	for i, e := range d.entries {
		p.separate(i)
		p.print(e.key, depth+1)
		p.WriteString(": ")
		p.print(e.value, depth+1)
	}
	p.WriteByte('}')
}

func (p *printer) separate(i int) {
	if i > 0 {
		p.WriteString(", ")
	}
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

// quote writes a text as it stands inside a list: in ' unless it has these and no ", and with what cannot be seen escaped.
func (p *printer) quote(text string) {
	quote := '\''
	if strings.Contains(text, "'") && !strings.Contains(text, `"`) {
		quote = '"'
	}
	p.WriteRune(quote)
	for _, r := range text {
		switch {
		case r == quote || r == '\\':
			p.WriteByte('\\')
			p.WriteRune(r)
		case r == '\n':
			p.WriteString(`\n`)
		case r == '\r':
			p.WriteString(`\r`)
		case r == '\t':
			p.WriteString(`\t`)
		case unicode.IsPrint(r):
			p.WriteRune(r)
		default:
			p.escape(r)
		}
	}
	p.WriteRune(quote)
}

func (p *printer) escape(r rune) {
	letter, width := byte('U'), 8
	if r < 0x100 {
		letter, width = 'x', 2
	} else if r < 0x10000 {
		letter, width = 'u', 4
	}
	digits := strconv.FormatInt(int64(r), 16)
	p.WriteByte('\\')
	p.WriteByte(letter)
	p.WriteString(strings.Repeat("0", width-len(digits)))
	p.WriteString(digits)
}

var htmlEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "'", "&#39;", `"`, "&#34;")

func escaped(text string) string { return htmlEscapes.Replace(text) }
