package template

import (
	"strings"

	"github.com/mitsuhiko/minijinja/minijinja-go/v2/value"
)

// percent is "text" % values: %s, %d, %(name)s and so on.
func (i *invocation) percent(text string, values value.Value) string {
	i.read(len(text))
	var b strings.Builder
	p := &percentArgs{named: dictIn(values), list: []value.Value{values}}
	if l := listIn(values); l != nil && l.kind == tupleList {
		p.list = l.items
	}
	for text != "" {
		before, directive, found := strings.Cut(text, "%")
		b.WriteString(before)
		if !found {
			break
		}
		text = i.directive(&b, directive, p)
	}
	if l := listIn(values); p.next < len(p.list) && (isScalar(values) || l != nil && l.kind == tupleList) {
		fail("not all values are written")
	}
	i.read(b.Len())
	return b.String()
}

// percentArgs are the values of percent formatting, one after another or by name.
type percentArgs struct {
	list  []value.Value
	next  int
	named *dict
}

func (p *percentArgs) take() value.Value {
	if p.next >= len(p.list) {
		fail("there are too few values")
	}
	p.next++
	return p.list[p.next-1]
}

// directive writes one value and returns what follows the directive.
func (i *invocation) directive(b *strings.Builder, s string, p *percentArgs) string {
	l := layout{precision: -1}
	var v value.Value
	named := false
	if rest, found := strings.CutPrefix(s, "("); found {
		name, behind, closed := strings.Cut(rest, ")")
		if !closed || p.named == nil {
			fail("a name needs a map of values")
		}
		v, named = p.named.GetAttr(name), true
		s = behind
	}
	for ; s != "" && strings.IndexByte("-+ #0", s[0]) >= 0; s = s[1:] {
		switch s[0] {
		case '-':
			l.align = '<'
		case '0':
			if l.align == 0 {
				l.align, l.fill = '=', "0"
			}
		case '#':
			l.alternate = true
		default:
			l.sign = s[0]
		}
	}
	l.width, s = i.measure(s, p)
	if rest, found := strings.CutPrefix(s, "."); found {
		l.precision, s = i.measure(rest, p)
	}
	if s == "" {
		fail("the format is incomplete")
	}
	l.verb = s[0]
	switch {
	case l.verb == '%':
		b.WriteByte('%')
		return s[1:]
	case !named:
		v = p.take()
	}
	b.WriteString(i.written(v, l))
	return s[1:]
}

// measure reads a width or precision; * takes it from the values.
func (i *invocation) measure(s string, p *percentArgs) (n int, rest string) {
	if rest, found := strings.CutPrefix(s, "*"); found && p != nil {
		return min(max(0, integerIn(p.take(), "a width")), maxWidth), rest
	}
	for ; s != "" && isDigit(rune(s[0])); s = s[1:] {
		n = min(10*n+int(s[0]-'0'), maxWidth)
	}
	return n, s
}

func (i *invocation) written(v value.Value, l layout) string {
	switch l.verb {
	case 's', 'r', 'a':
		text := represented(v)
		if l.verb == 's' {
			text = i.text(v)
		}
		if l.align == '=' {
			l.align, l.fill = 0, ""
		}
		return l.text(text, '>', i)
	case 'i', 'u':
		l.verb = 'd'
	case 'F':
		l.verb = 'f'
	case 'd', 'x', 'X', 'o', 'e', 'E', 'f', 'g', 'G':
	case 'c':
		if text, ok := v.AsString(); ok {
			return l.text(text, '>', i)
		}
	default:
		fail("unknown format %%%c", l.verb)
	}
	n, ok := numberOf(v)
	if !ok {
		fail("%%%c needs a number, not %s", l.verb, kindOf(v))
	}
	return l.number(n, i)
}
