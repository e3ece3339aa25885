package prompt

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// tag is what stands between two delimiters of a template.
type tag struct {
	statement bool // {% … %}, else {{ … }}
	tokens    []token
}

// name is the first word of a statement: "if", "endif", "include".
func (t tag) name() string {
	if t.statement && len(t.tokens) > 0 && t.tokens[0].kind == word {
		return t.tokens[0].text
	}
	return ""
}

// token is a word, literal or operator inside a tag.
type token struct {
	kind tokenKind
	text string // of a literal text without its quotes
	line int    // from 0
}

type tokenKind int

const (
	word tokenKind = iota
	number
	literal
	operator
)

func (t token) is(kind tokenKind, text string) bool { return t.kind == kind && t.text == text }

// tagsOf cuts the tags out of a template that the engine has compiled. It knows no grammar; see [read] for what it is good for.
func tagsOf(source string) []tag {
	l := &lexer{source: source}
	var tags []tag
	for l.toTag() {
		switch opener := l.source[l.at+1]; opener {
		case '#':
			l.past("#}")
		default:
			l.at += 2
			t := tag{statement: opener == '%', tokens: withoutControl(l.tokens(opener))}
			if t.name() == "raw" {
				l.pastRaw()
				continue
			}
			tags = append(tags, t)
		}
	}
	return tags
}

type lexer struct {
	source string
	at     int // offset of the next byte
	line   int // of at, from 0
	seen   int // offset up to which lines are counted
}

// toTag moves to the next opening delimiter.
func (l *lexer) toTag() bool {
	for {
		brace := strings.IndexByte(l.source[l.at:], '{')
		if brace < 0 || l.at+brace+1 >= len(l.source) {
			return false
		}
		l.at += brace
		if strings.IndexByte("{%#", l.source[l.at+1]) >= 0 {
			return true
		}
		l.at++
	}
}

// past moves behind the next occurrence of end, or to the end of the template.
func (l *lexer) past(end string) {
	if i := strings.Index(l.source[l.at:], end); i >= 0 {
		l.at += i + len(end)
	} else {
		l.at = len(l.source)
	}
}

// pastRaw moves behind the {% endraw %} of a raw block.
func (l *lexer) pastRaw() {
	for l.at < len(l.source) {
		l.past("{%")
		rest := strings.TrimLeft(strings.TrimLeft(l.source[l.at:], "-+"), " \t\r\n")
		if strings.HasPrefix(rest, "endraw") {
			l.past("%}")
			return
		}
	}
}

// tokens reads up to and past the closing delimiter of a tag that began with "{" and opener.
func (l *lexer) tokens(opener byte) []token {
	shut := "%}"
	if opener == '{' {
		shut = "}}"
	}
	var tokens []token
	depth := 0
	for l.at < len(l.source) {
		rest := l.source[l.at:]
		if depth == 0 && strings.HasPrefix(rest, shut) {
			l.at += len(shut)
			return tokens
		}
		t, size := next(rest, tokens)
		if t.kind == operator && len(t.text) == 1 {
			depth = max(0, depth+nesting(t.text))
		}
		if size > 0 && t.text != "" || t.kind == literal {
			t.line = l.lineAt(l.at)
			tokens = append(tokens, t)
		}
		l.at += size
	}
	return tokens
}

// withoutControl drops the signs at both ends of a tag that say what happens to white space around it.
func withoutControl(tokens []token) []token {
	if n := len(tokens); n > 0 && isSign(tokens[n-1]) {
		tokens = tokens[:n-1]
	}
	if len(tokens) > 0 && isSign(tokens[0]) {
		tokens = tokens[1:]
	}
	return tokens
}

func isSign(t token) bool { return t.is(operator, "-") || t.is(operator, "+") }

func nesting(operator string) int {
	switch operator {
	case "(", "[", "{":
		return 1
	case ")", "]", "}":
		return -1
	}
	return 0
}

// next reads one token off a text that is not empty, or the space before one, which is an operator without text.
func next(text string, before []token) (t token, size int) {
	r, width := utf8.DecodeRuneInString(text)
	switch {
	case unicode.IsSpace(r):
		return token{kind: operator}, width
	case r == '\'' || r == '"':
		return literalAt(text)
	case unicode.IsDigit(r):
		size = numberLength(text, len(before) > 0 && before[len(before)-1].is(operator, "."))
		return token{kind: number, text: text[:size]}, size
	case isWordRune(r):
		size = strings.IndexFunc(text, func(r rune) bool { return !isWordRune(r) })
		if size < 0 {
			size = len(text)
		}
		return token{kind: word, text: text[:size]}, size
	}
	for _, double := range []string{"==", "!=", "<=", ">=", "//", "**"} {
		if strings.HasPrefix(text, double) {
			return token{kind: operator, text: double}, 2
		}
	}
	return token{kind: operator, text: text[:width]}, width
}

func literalAt(text string) (t token, size int) {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case text[0]:
			return token{kind: literal, text: text[1:i]}, i + 1
		}
	}
	return token{kind: literal, text: text[1:]}, len(text)
}

// numberLength measures 12, 1_000, 0x1f, 1.5 and 1e3; behind a dot (xs.0.name) a number has no fraction.
func numberLength(text string, attribute bool) int {
	n := 0
	for n < len(text) && isWordByte(text[n]) {
		n++
	}
	if !attribute && n+1 < len(text) && text[n] == '.' && '0' <= text[n+1] && text[n+1] <= '9' {
		for n++; n < len(text) && isWordByte(text[n]); {
			n++
		}
	}
	return n
}

func isWordByte(b byte) bool { return b < utf8.RuneSelf && isWordRune(rune(b)) }

func isWordRune(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

// lineAt counts lines up to an offset that never decreases.
func (l *lexer) lineAt(offset int) int {
	l.line += strings.Count(l.source[l.seen:offset], "\n")
	l.seen = offset
	return l.line
}
