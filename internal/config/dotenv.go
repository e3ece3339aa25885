package config

import (
	"strings"
	"unicode"
)

// statement is one assignment of a .env file.
type statement struct {
	key   string
	value string
	set   bool // false when there is no equals sign: the key is there without a value
	line  int  // counted from 1
}

// parseDotenv reads the text of a .env file (spec/settings-and-operations.md 1.4). It never fails: lines that are no statement are
// skipped, and their numbers returned.
func parseDotenv(text string) (statements []statement, skipped []int) {
	d := &dotenv{text: text, line: 1}
	for d.skipBlank(); d.rest() != ""; d.skipBlank() {
		line := d.line
		s, ok := d.statement()
		switch {
		case !ok:
			skipped = append(skipped, line)
			d.take(lineLength(d.rest()))
		case s.key != "":
			s.line = line
			statements = append(statements, s)
		}
	}
	return statements, skipped
}

// dotenv is a place in the text of a .env file.
type dotenv struct {
	text string
	at   int
	line int
}

func (d *dotenv) rest() string { return d.text[d.at:] }

// take moves on by n bytes and returns them. A line ends with \n, \r\n or a lone \r.
func (d *dotenv) take(n int) string {
	taken := d.text[d.at : d.at+n]
	d.line += strings.Count(taken, "\n") + strings.Count(taken, "\r") - strings.Count(taken, "\r\n")
	d.at += n
	return taken
}

// skipBlank moves over white space and ends of lines.
func (d *dotenv) skipBlank() {
	d.take(len(d.rest()) - len(strings.TrimLeftFunc(d.rest(), unicode.IsSpace)))
}

// skipBlanks moves over white space within the line.
func (d *dotenv) skipBlanks() {
	d.take(len(d.rest()) - len(strings.TrimLeftFunc(d.rest(), isBlank)))
}

// statement reads one statement or comment with the end of its line. The key of a comment is empty. When it reports false, the
// place is where the text stopped making sense.
func (d *dotenv) statement() (statement, bool) {
	if after, found := strings.CutPrefix(d.rest(), "export"); found && strings.TrimLeftFunc(after, isBlank) != after {
		d.take(len("export"))
		d.skipBlanks()
	}
	var s statement
	if !strings.HasPrefix(d.rest(), "#") {
		var ok bool
		if s.key, ok = d.key(); !ok {
			return s, false
		}
		d.skipBlanks()
		if strings.HasPrefix(d.rest(), "=") {
			d.take(1)
			d.skipBlanks()
			if s.value, ok = d.value(); !ok {
				return s, false
			}
			s.set = true
		}
	}
	d.skipBlanks()
	if strings.HasPrefix(d.rest(), "#") {
		d.take(lineLength(d.rest()))
	}
	return s, d.rest() == "" || isLineEnd(rune(d.rest()[0]))
}

// key reads a name, in single quotes or up to an equals sign, a comment or white space.
func (d *dotenv) key() (string, bool) {
	rest := d.rest()
	if strings.HasPrefix(rest, "'") {
		end := strings.IndexByte(rest[1:], '\'')
		if end < 1 {
			return "", false
		}
		return d.take(end + 2)[1 : end+1], true
	}
	end := strings.IndexFunc(rest, func(r rune) bool { return r == '=' || r == '#' || unicode.IsSpace(r) })
	if end < 0 {
		end = len(rest)
	}
	return d.take(end), end > 0
}

// value reads what stands after the equals sign.
func (d *dotenv) value() (string, bool) {
	switch rest := d.rest(); {
	case strings.HasPrefix(rest, `'`):
		return d.quoted(singleQuoteEscapes)
	case strings.HasPrefix(rest, `"`):
		return d.quoted(doubleQuoteEscapes)
	default:
		return uncomment(d.take(lineLength(rest))), true
	}
}

// The escapes of a quoted value: what follows the backslash, and what is meant.
var (
	singleQuoteEscapes = map[byte]byte{'\\': '\\', '\'': '\''}
	doubleQuoteEscapes = map[byte]byte{
		'\\': '\\', '\'': '\'', '"': '"', 'a': '\a', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t', 'v': '\v',
	}
)

// quoted reads a value in quotes, ends of lines included. Backslashes that begin no escape stand for themselves.
func (d *dotenv) quoted(escapes map[byte]byte) (string, bool) {
	rest := d.rest()
	quote := rest[0]
	var value strings.Builder
	for i := 1; i < len(rest); i++ {
		switch c := rest[i]; c {
		case quote:
			d.take(i + 1)
			return value.String(), true
		case '\\':
			if i+1 < len(rest) {
				if meant, ok := escapes[rest[i+1]]; ok {
					value.WriteByte(meant)
					i++
					continue
				}
			}
			value.WriteByte(c)
		default:
			value.WriteByte(c)
		}
	}
	return "", false
}

// uncomment cuts a value without quotes at the first white space that a # follows, and the white space at its end.
func uncomment(value string) string {
	blank := false
	for i, r := range value {
		if r == '#' && blank {
			value = value[:i]
			break
		}
		blank = unicode.IsSpace(r)
	}
	return strings.TrimRightFunc(value, unicode.IsSpace)
}

// lineLength is the length of a line without its end.
func lineLength(text string) int {
	if end := strings.IndexAny(text, "\r\n"); end >= 0 {
		return end
	}
	return len(text)
}

func isLineEnd(r rune) bool { return r == '\n' || r == '\r' }

func isBlank(r rune) bool { return unicode.IsSpace(r) && !isLineEnd(r) }
