package template

import (
	"strconv"
	"strings"
)

func (p *parser) number(t token) string {
	text := strings.ReplaceAll(t.text, "_", "")
	if strings.ContainsAny(text, ".") || strings.ContainsAny(text, "eE") && !strings.HasPrefix(strings.ToLower(text), "0x") {
		return text
	}
	if len(text) > 1 && text[0] == '0' && isDigit(rune(text[1])) && strings.Trim(text, "0") != "" {
		p.fail(t, "a number does not begin with 0")
	}
	if n, err := strconv.ParseInt(text, 0, 64); err == nil {
		return strconv.FormatInt(n, 10)
	}
	return call("__integer", quoted(text))
}

func call(function string, args ...string) string {
	return function + "(" + strings.Join(args, ", ") + ")"
}

// quoted writes a text as a literal of the engine.
func quoted(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r < ' ':
			b.WriteString(`\x` + strconv.FormatInt(int64(r)+0x100, 16)[1:])
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// unquote reads what stands between the quotes of a text.
func (p *parser) unquote(t token) string {
	if !strings.Contains(t.text, `\`) {
		return t.text
	}
	var b strings.Builder
	for rest := t.text; rest != ""; {
		if rest[0] != '\\' || len(rest) == 1 {
			b.WriteByte(rest[0])
			rest = rest[1:]
			continue
		}
		size := 2
		switch c := rest[1]; c {
		case '\n':
		case '\\', '\'', '"':
			b.WriteByte(c)
		case 'a', 'b', 'f', 'n', 'r', 't', 'v':
			b.WriteByte("\a\b\f\n\r\t\v"[strings.IndexByte("abfnrtv", c)])
		case 'x', 'u', 'U':
			size += map[byte]int{'x': 2, 'u': 4, 'U': 8}[c]
			code, err := strconv.ParseUint(rest[2:min(size, len(rest))], 16, 32)
			if err != nil || len(rest) < size || code > 0x10ffff {
				p.fail(t, "a text has a broken "+rest[:2])
			}
			b.WriteRune(rune(code))
		case '0', '1', '2', '3', '4', '5', '6', '7':
			for size < 4 && size < len(rest) && '0' <= rest[size] && rest[size] <= '7' {
				size++
			}
			code, _ := strconv.ParseUint(rest[1:size], 8, 32)
			b.WriteRune(rune(code))
		default: // a backslash that means nothing stays
			b.WriteString(rest[:2])
		}
		rest = rest[size:]
	}
	return b.String()
}
