package template

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/mitsuhiko/minijinja/minijinja-go/v2/value"
)

// format is "text".format(…): {}, {0}, {name}, {name.attribute[key]!r:>8}.
func (i *invocation) format(text string) string {
	var b strings.Builder
	i.formatTo(&b, text, &formatArgs{list: i.args, named: i.kwargs}, 0)
	i.read(b.Len())
	return b.String()
}

type formatArgs struct {
	list  []value.Value
	next  int
	named map[string]value.Value
}

func (i *invocation) formatTo(b *strings.Builder, text string, args *formatArgs, depth int) {
	for text != "" {
		at := strings.IndexAny(text, "{}")
		if at < 0 {
			b.WriteString(text)
			return
		}
		b.WriteString(text[:at])
		if at+1 < len(text) && text[at+1] == text[at] {
			b.WriteByte(text[at])
			text = text[at+2:]
			continue
		}
		end := fieldEnd(text[at:])
		if text[at] == '}' || end < 0 || depth > 1 {
			fail("a lone brace in a format")
		}
		b.WriteString(i.field(text[at+1:at+end], args, depth))
		text = text[at+end+1:]
	}
}

// fieldEnd is the place of the brace that closes a field at the beginning of text.
func fieldEnd(text string) int {
	depth := 0
	for at, r := range text {
		switch r {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return at
			}
		}
	}
	return -1
}

// field writes one replacement field, the text between its braces.
func (i *invocation) field(field string, args *formatArgs, depth int) string {
	name, spec, _ := strings.Cut(field, ":")
	name, conversion, _ := strings.Cut(name, "!")
	v := i.fieldValue(name, args)
	if strings.Contains(spec, "{") {
		var b strings.Builder
		i.formatTo(&b, spec, args, depth+1)
		spec = b.String()
	}
	switch conversion {
	case "":
	case "s":
		v = value.FromString(i.text(v))
	case "r", "a":
		v = value.FromString(represented(v))
	default:
		fail("unknown conversion %s", conversion)
	}
	return i.laidOut(v, spec)
}

func (i *invocation) fieldValue(name string, args *formatArgs) value.Value {
	end := strings.IndexAny(name, ".[")
	if end < 0 {
		end = len(name)
	}
	first, path := name[:end], name[end:]
	if first == "" {
		first = strconv.Itoa(args.next)
		args.next++
	}
	v, found := args.named[first]
	if n, err := strconv.Atoi(first); err == nil {
		if n >= len(args.list) {
			fail("there are too few values")
		}
		v, found = args.list[n], true
	}
	if !found {
		fail("there is no value %s", first)
	}
	for path != "" {
		if key, rest, closed := strings.Cut(strings.TrimPrefix(path, "["), "]"); path[0] == '[' {
			if !closed {
				fail("a bracket in a format is not closed")
			}
			var index value.Value
			if n, err := strconv.Atoi(key); err == nil {
				index = value.FromInt(int64(n))
			} else {
				index = value.FromString(key)
			}
			v, path = item(&invocation{budget: i.budget, state: i.state, args: []value.Value{v, index}}), rest
			continue
		}
		path = path[1:]
		end := strings.IndexAny(path, ".[")
		if end < 0 {
			end = len(path)
		}
		v, path = i.attribute(v, path[:end]), path[end:]
	}
	return v
}

// laidOut writes a value by a format specification: [[fill]align][sign][#][0][width][,][.precision][type].
func (i *invocation) laidOut(v value.Value, spec string) string {
	l := layout{precision: -1}
	if r, size := utf8.DecodeRuneInString(spec); size < len(spec) && strings.IndexByte("<>^=", spec[size]) >= 0 {
		l.fill, l.align, spec = string(r), spec[size], spec[size+1:]
	} else if spec != "" && strings.IndexByte("<>^=", spec[0]) >= 0 {
		l.align, spec = spec[0], spec[1:]
	}
	if spec != "" && strings.IndexByte("+- ", spec[0]) >= 0 {
		if l.sign = spec[0]; l.sign == '-' {
			l.sign = 0
		}
		spec = spec[1:]
	}
	if rest, found := strings.CutPrefix(spec, "#"); found {
		l.alternate, spec = true, rest
	}
	if strings.HasPrefix(spec, "0") && l.align == 0 {
		l.align, l.fill = '=', "0"
	}
	l.width, spec = i.measure(spec, nil)
	if spec != "" && (spec[0] == ',' || spec[0] == '_') {
		l.group, spec = spec[:1], spec[1:]
	}
	if rest, found := strings.CutPrefix(spec, "."); found {
		l.precision, spec = i.measure(rest, nil)
	}
	if len(spec) > 1 {
		fail("unknown format %s", spec)
	}
	if spec != "" {
		l.verb = spec[0]
	}
	n, isNumber := numberOf(v)
	if _, isBool := v.AsBool(); !isNumber || isBool && l.verb == 0 {
		if l.verb != 0 && l.verb != 's' {
			fail("the format %s needs a number, not %s", spec, kindOf(v))
		}
		return l.text(i.text(v), '<', i)
	}
	if l.verb == 0 && !n.isFloat {
		l.verb = 'd'
	}
	return l.number(n, i)
}
