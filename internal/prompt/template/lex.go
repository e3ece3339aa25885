package template

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// piece is a part of a template's source: a tag, or else what stands as it is (text, comments, raw blocks).
type piece struct {
	text string
	tag  *tag
}

// tag is what stands between two delimiters.
type tag struct {
	statement   bool   // {% … %}, else {{ … }}
	left, right string // signs at its ends that say what happens to white space around it: "-", "+" or none
	tokens      []token
	line        int // on which it begins, from 1
	breaks      int // line feeds in it
}

// word is the first word of a statement: "if", "endif", "include".
func (t *tag) word() string {
	if t.statement && len(t.tokens) > 0 && t.tokens[0].kind == word {
		return t.tokens[0].text
	}
	return ""
}

// token is a word, literal or operator inside a tag.
type token struct {
	kind tokenKind
	text string // of a literal text what stands between its quotes
	line int
}

type tokenKind int

const (
	end tokenKind = iota // behind the last one
	word
	number
	literal
	operator
)

func (t token) is(kind tokenKind, text string) bool { return t.kind == kind && t.text == text }

// String is the token for errors.
func (t token) String() string {
	switch t.kind {
	case end:
		return "the end of the tag"
	case literal:
		return "a text"
	default:
		return "'" + t.text + "'"
	}
}

// lex cuts a source into pieces. It panics with a *SyntaxError.
func lex(source string) []piece {
	l := &lexer{source: source, line: 1}
	var pieces []piece
	for l.at < len(source) {
		from := l.at
		opener := l.toTag()
		if from < l.at {
			pieces = append(pieces, piece{text: source[from:l.at]})
		}
		from = l.at
		switch opener {
		case 0:
		case '#':
			l.past("#}", "a comment is not closed")
			pieces = append(pieces, piece{text: source[from:l.at]})
		default:
			t := l.tag(opener)
			if t.word() != "raw" {
				pieces = append(pieces, piece{tag: t})
				continue
			}
			l.pastRaw(t)
			pieces = append(pieces, piece{text: source[from:l.at]})
		}
	}
	return pieces
}

type lexer struct {
	source string
	at     int // offset of the next byte
	line   int // of the last place asked for
	seen   int // offset up to which lines are counted
}

func (l *lexer) fail(offset int, text string) {
	panic(&SyntaxError{Line: l.lineAt(offset), Text: text})
}

// lineAt counts lines up to an offset that never decreases.
func (l *lexer) lineAt(offset int) int {
	if offset > l.seen {
		l.line += strings.Count(l.source[l.seen:offset], "\n")
		l.seen = offset
	}
	return l.line
}

// toTag moves to the next opening delimiter and returns its second byte, or moves to the end and returns 0.
func (l *lexer) toTag() byte {
	for {
		brace := strings.IndexByte(l.source[l.at:], '{')
		if brace < 0 || l.at+brace+1 >= len(l.source) {
			l.at = len(l.source)
			return 0
		}
		l.at += brace
		if second := l.source[l.at+1]; second == '{' || second == '%' || second == '#' {
			return second
		}
		l.at++
	}
}

// past moves behind the next occurrence of a text.
func (l *lexer) past(text, otherwise string) {
	i := strings.Index(l.source[l.at+2:], text)
	if i < 0 {
		l.fail(l.at, otherwise)
	}
	l.at += 2 + i + len(text)
}

// pastRaw moves behind the {% endraw %} of a raw block, whose tag was read.
func (l *lexer) pastRaw(raw *tag) {
	if len(raw.tokens) > 1 {
		panic(&SyntaxError{Line: raw.line, Text: "raw takes no arguments"})
	}
	for at := l.at; ; {
		i := strings.Index(l.source[at:], "{%")
		if i < 0 {
			panic(&SyntaxError{Line: raw.line, Text: "raw is not closed"})
		}
		at += i + 2
		rest := strings.TrimLeft(l.source[at:], "-+ \t\r\n")
		if rest, found := strings.CutPrefix(rest, "endraw"); found {
			rest = strings.TrimLeft(rest, " \t\r\n")
			if rest = strings.TrimLeft(rest, "-+"); strings.HasPrefix(rest, "%}") {
				l.at = len(l.source) - len(rest) + 2
				return
			}
		}
	}
}

// tag reads a tag that begins with "{" and opener.
func (l *lexer) tag(opener byte) *tag {
	t := &tag{statement: opener == '%', line: l.lineAt(l.at)}
	from := l.at
	l.at += 2
	if l.at < len(l.source) && (l.source[l.at] == '-' || l.source[l.at] == '+') {
		t.left = l.source[l.at : l.at+1]
		l.at++
	}
	shut := "}}"
	if t.statement {
		shut = "%}"
	}
	for depth := 0; ; {
		rest := l.source[l.at:]
		if depth == 0 && strings.HasPrefix(rest, shut) {
			l.at += len(shut)
			break
		}
		if depth == 0 && len(rest) > 2 && (rest[0] == '-' || rest[0] == '+' && t.statement) && strings.HasPrefix(rest[1:], shut) {
			t.right = rest[:1]
			l.at += 1 + len(shut)
			break
		}
		if rest == "" {
			l.fail(from, "a tag is not closed")
		}
		depth = max(0, depth+l.token(t))
	}
	t.breaks = strings.Count(l.source[from:l.at], "\n")
	return t
}

// token reads a token or white space and returns how many brackets it opens.
func (l *lexer) token(t *tag) int {
	rest := l.source[l.at:]
	r, width := utf8.DecodeRuneInString(rest)
	var (
		kind tokenKind
		size int
		text string
	)
	switch {
	case unicode.IsSpace(r):
		l.at += width
		return 0
	case r == '\'' || r == '"':
		kind, size = literal, literalLength(rest)
		if size == 0 {
			l.fail(l.at, "a text is not closed")
		}
		text = rest[1 : size-1]
	case isDigit(r):
		kind, size = number, numberLength(rest, len(t.tokens) > 0 && t.tokens[len(t.tokens)-1].is(operator, "."))
	case isNameRune(r):
		kind, size = word, strings.IndexFunc(rest, func(r rune) bool { return !isNameRune(r) })
		if size < 0 {
			size = len(rest)
		}
	default:
		kind, size = operator, operatorLength(rest)
		if size == 0 {
			l.fail(l.at, "unexpected character "+string(r))
		}
	}
	if kind != literal {
		text = rest[:size]
	}
	t.tokens = append(t.tokens, token{kind: kind, text: text, line: l.lineAt(l.at)})
	l.at += size
	if kind == operator {
		return nesting(text)
	}
	return 0
}

// literalLength is the length of a text in quotes at the beginning of source, or 0 when it is not closed.
func literalLength(source string) int {
	for i := 1; i < len(source); i++ {
		switch source[i] {
		case '\\':
			i++
		case source[0]:
			return i + 1
		}
	}
	return 0
}

// numberLength measures 12, 1_000, 0x1f, 1.5 and 1e3; behind a dot (xs.0.name) a number has neither fraction nor exponent.
func numberLength(source string, attribute bool) int {
	if len(source) > 2 && source[0] == '0' && strings.IndexByte("bBoOxX", source[1]) >= 0 {
		return 2 + digits(source[2:], func(b byte) bool { return isDigit(rune(b)) || 'a' <= b|0x20 && b|0x20 <= 'f' })
	}
	decimal := func(b byte) bool { return isDigit(rune(b)) }
	n := digits(source, decimal)
	if attribute {
		return n
	}
	if n+1 < len(source) && source[n] == '.' && decimal(source[n+1]) {
		n += 1 + digits(source[n+1:], decimal)
	}
	if n+1 < len(source) && source[n]|0x20 == 'e' {
		exponent := n + 1
		if source[exponent] == '+' || source[exponent] == '-' {
			exponent++
		}
		if exponent < len(source) && decimal(source[exponent]) {
			n = exponent + digits(source[exponent:], decimal)
		}
	}
	return n
}

// digits counts digits, with single underscores between them.
func digits(source string, isOne func(byte) bool) int {
	n := 0
	for n < len(source) && (isOne(source[n]) || source[n] == '_' && n+1 < len(source) && isOne(source[n+1])) {
		n++
	}
	return n
}

func operatorLength(source string) int {
	for _, double := range []string{"==", "!=", "<=", ">=", "//", "**"} {
		if strings.HasPrefix(source, double) {
			return 2
		}
	}
	if strings.IndexByte("+-*/%~<>=.,:|()[]{}", source[0]) >= 0 {
		return 1
	}
	return 0
}

func nesting(operator string) int {
	switch operator {
	case "(", "[", "{":
		return 1
	case ")", "]", "}":
		return -1
	}
	return 0
}
