package schema

import (
	"strings"
	"sync"
	"unicode/utf8"
)

const (
	// maxDepth is how many arrays and objects may stand in each other. 950 are fine by the contract, a few more may not be.
	maxDepth = 950
	// maxDigits is how many digits an integer may have.
	maxDigits = 4300
)

// syntaxError is what is wrong with a JSON text, in the contract's words (spec/http-api.md 7.4).
type syntaxError struct {
	reason string
	offset int // in characters
}

func (e *syntaxError) Error() string { return e.reason }

// parser reads JSON text in one pass, with no more recursion than maxDepth.
type parser struct {
	text    string
	at      int // in bytes
	depth   int
	doc     *document
	scratch []byte // for strings with escapes; kept for the next parser

	// surrogates: text may hold encoded halves of surrogate pairs, which are not UTF-8.
	surrogates bool
}

// parse reads the value that text consists of. Errors are a [*syntaxError] or an [*UnreadableError].
func parse(text string, surrogates bool) (Value, error) {
	doc := &document{text: text, nodes: make([]node, 0, 16+min(len(text)/64, 1024))}
	room := scratchPool.Get().(*[]byte)
	p := parser{text: text, doc: doc, surrogates: surrogates, scratch: *room}
	defer func() {
		if *room = p.scratch; cap(*room) <= maxScratch {
			scratchPool.Put(room)
		}
	}()
	p.skipBlanks()
	if err := p.value(); err != nil {
		return Value{}, err
	}
	if p.skipBlanks(); p.at < len(text) {
		return Value{}, p.wrong("Extra data", p.at)
	}
	return Value{doc: doc}, nil
}

// scratchPool holds what parsers build strings in. A large one isn't kept: the next text may be small.
var scratchPool = sync.Pool{New: func() any { return new([]byte) }}

const maxScratch = 256 << 10

func (p *parser) value() error {
	switch c := p.peek(); {
	case c == '"':
		return p.string()
	case c == '{':
		return p.object()
	case c == '[':
		return p.array()
	case c == '-' || isDigit(c):
		return p.number()
	}
	return p.word()
}

func (p *parser) object() error {
	if p.depth++; p.depth > maxDepth {
		return errTooDeep
	}
	self := p.doc.add(node{kind: KindObject})
	length := 0
	p.at++
	p.skipBlanks()
	if p.peek() != '}' {
		for more := true; more; length++ {
			if err := p.key(); err != nil {
				return err
			}
			err := p.value()
			if err != nil {
				return err
			}
			if more, err = p.comma('}'); err != nil {
				return err
			}
		}
	}
	p.at++
	p.depth--
	p.doc.close(self, length)
	p.doc.dropRepeated(self)
	return nil
}

// key reads a key, its colon and the blanks behind that.
func (p *parser) key() error {
	if p.peek() != '"' {
		return p.wrong("Expecting property name enclosed in double quotes", p.at)
	}
	if err := p.string(); err != nil {
		return err
	}
	p.skipBlanks()
	if p.peek() != ':' {
		return p.wrong("Expecting ':' delimiter", p.at)
	}
	p.at++
	p.skipBlanks()
	return nil
}

func (p *parser) array() error {
	if p.depth++; p.depth > maxDepth {
		return errTooDeep
	}
	self := p.doc.add(node{kind: KindArray})
	length := 0
	p.at++
	p.skipBlanks()
	if p.peek() != ']' {
		for more := true; more; length++ {
			err := p.value()
			if err != nil {
				return err
			}
			if more, err = p.comma(']'); err != nil {
				return err
			}
		}
	}
	p.at++
	p.depth--
	p.doc.close(self, length)
	return nil
}

// comma stands behind a member. It stops before the end of the container, or behind a comma and its blanks, when there is more.
func (p *parser) comma(end byte) (more bool, err error) {
	p.skipBlanks()
	switch p.peek() {
	case end:
		return false, nil
	case ',':
		p.at++
		p.skipBlanks()
		return true, nil
	}
	return false, p.wrong("Expecting ',' delimiter", p.at)
}

// number reads as much as makes a number: of "01" the 0, of "1." the 1. Whoever comes next stumbles over the rest.
func (p *parser) number() error {
	start := p.at
	i := start
	if p.text[i] == '-' {
		i++
	}
	digits := i
	if strings.HasPrefix(p.text[i:], "0") {
		i++
	} else {
		i = p.skipDigits(i)
	}
	if i == digits {
		return p.word() // "-Infinity", or nothing
	}
	kind := KindInt
	if i+1 < len(p.text) && p.text[i] == '.' && isDigit(p.text[i+1]) {
		kind = KindFloat
		i = p.skipDigits(i + 1)
	}
	if i < len(p.text) && p.text[i]|0x20 == 'e' {
		exponent := i + 1
		if exponent < len(p.text) && (p.text[exponent] == '-' || p.text[exponent] == '+') {
			exponent++
		}
		if end := p.skipDigits(exponent); end > exponent {
			kind = KindFloat
			i = end
		}
	}
	if kind == KindInt && i-digits > maxDigits {
		return errTooManyDigits
	}
	p.doc.add(node{kind: kind, a: uint32(start), b: uint32(i)})
	p.at = i
	return nil
}

// word reads one of the values that are words.
func (p *parser) word() error {
	rest := p.text[p.at:]
	for _, w := range []struct {
		text string
		kind Kind
		a    uint32
	}{
		{"null", KindNull, 0},
		{"true", KindBool, 1},
		{"false", KindBool, 0},
		{"NaN", KindFloat, 0},
		{"Infinity", KindFloat, 0},
		{"-Infinity", KindFloat, 0},
	} {
		if !strings.HasPrefix(rest, w.text) {
			continue
		}
		n := node{kind: w.kind, a: w.a}
		if w.kind == KindFloat {
			n.a, n.b = uint32(p.at), uint32(p.at+len(w.text))
		}
		p.doc.add(n)
		p.at += len(w.text)
		return nil
	}
	return p.wrong("Expecting value", p.at)
}

// peek returns the byte at hand, and 0 at the end of the text; a 0 in the text is as wrong everywhere.
func (p *parser) peek() byte {
	if p.at < len(p.text) {
		return p.text[p.at]
	}
	return 0
}

func (p *parser) skipBlanks() {
	for p.at < len(p.text) {
		switch p.text[p.at] {
		case ' ', '\t', '\n', '\r':
			p.at++
		default:
			return
		}
	}
}

func (p *parser) skipDigits(i int) int {
	for i < len(p.text) && isDigit(p.text[i]) {
		i++
	}
	return i
}

// wrong makes an error of an offset in bytes.
func (p *parser) wrong(reason string, at int) error {
	characters := 0
	for i := range at {
		if utf8.RuneStart(p.text[i]) {
			characters++
		}
	}
	return &syntaxError{reason: reason, offset: characters}
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
