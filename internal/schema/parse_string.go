package schema

import (
	"math/bits"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// string reads a string. One without escapes is not copied.
func (p *parser) string() error {
	open := p.at
	end := skipOrdinary(p.text, open+1)
	if end == len(p.text) || p.text[end] != '"' {
		return p.stringWithEscapes(open, end)
	}
	p.at = end + 1
	if text := p.text[open+1 : end]; p.surrogates && !utf8.ValidString(text) {
		p.doc.addOwn(KindString, strings.ToValidUTF8(text, "\uFFFD"), unpaired)
	} else {
		p.doc.add(node{kind: KindString, a: uint32(open + 1), b: uint32(end)})
	}
	return nil
}

// escaped is what the letter behind a backslash stands for.
var escaped = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// stringWithEscapes reads the string that opens at open and has nothing but ordinary characters before i.
func (p *parser) stringWithEscapes(open, i int) error {
	p.scratch = append(p.scratch[:0], p.text[open+1:i]...)
	lone := false
	for {
		switch {
		case i == len(p.text):
			return p.wrong("Unterminated string starting at", open)
		case p.text[i] < ' ':
			return p.wrong("Invalid control character at", i)
		case p.text[i] == '"':
			return p.addScratch(i, lone)
		}
		next, half, err := p.escape(open, i)
		if err != nil {
			return err
		}
		lone = lone || half
		i = skipOrdinary(p.text, next)
		p.scratch = append(p.scratch, p.text[next:i]...)
	}
}

// addScratch adds the string that ends with the quote at i.
func (p *parser) addScratch(i int, lone bool) error {
	p.at = i + 1
	text := string(p.scratch)
	if p.surrogates && !utf8.ValidString(text) {
		text, lone = strings.ToValidUTF8(text, "\uFFFD"), true
	}
	var f flags
	if lone {
		f = unpaired
	}
	p.doc.addOwn(KindString, text, f)
	return nil
}

// escape reads the escape at i and adds to scratch what it stands for. It returns the offset behind, and whether it was half a
// surrogate pair.
func (p *parser) escape(open, i int) (next int, half bool, err error) {
	if i+1 == len(p.text) {
		return 0, false, p.wrong("Unterminated string starting at", open)
	}
	if p.text[i+1] != 'u' {
		char := escaped[p.text[i+1]]
		if char == 0 {
			return 0, false, p.wrong(`Invalid \escape`, i)
		}
		p.scratch = append(p.scratch, char)
		return i + 2, false, nil
	}
	char, ok := p.hex(i + 2)
	if !ok {
		return 0, false, p.wrong(`Invalid \uXXXX escape`, i+1)
	}
	i += 6
	if char >= 0xD800 && char < 0xDC00 && strings.HasPrefix(p.text[i:], `\u`) {
		low, ok := p.hex(i + 2)
		if !ok {
			return 0, false, p.wrong(`Invalid \uXXXX escape`, i+1)
		}
		if pair := utf16.DecodeRune(char, low); pair != utf8.RuneError {
			p.scratch = utf8.AppendRune(p.scratch, pair)
			return i + 6, false, nil
		}
	}
	p.scratch = utf8.AppendRune(p.scratch, char) // half a pair becomes U+FFFD
	return i, utf16.IsSurrogate(char), nil
}

// hex reads the four digits at i. Something must follow them: where the text ends, the contract complains of the escape, not of the
// string.
func (p *parser) hex(i int) (char rune, ok bool) {
	if i+4 >= len(p.text) {
		return 0, false
	}
	for _, c := range []byte(p.text[i : i+4]) {
		char <<= 4
		switch {
		case isDigit(c):
			char |= rune(c - '0')
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			char |= rune(c|0x20-'a') + 10
		default:
			return 0, false
		}
	}
	return char, true
}

// skipOrdinary returns the offset of the first quote, backslash or control character in text from i on; the text's length if there is
// none. Bodies are mostly the insides of long strings, so it looks at eight bytes at a time.
func skipOrdinary(text string, i int) int {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	for ; i+8 <= len(text); i += 8 {
		s := text[i : i+8]
		eight := uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
			uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
		quote, backslash := eight^(ones*'"'), eight^(ones*'\\')
		// x-ones sets the top bit of each byte that was 0 (or, for control, below a blank), and of others only behind one that was.
		special := ((quote-ones)&^quote | (backslash-ones)&^backslash | (eight-ones*' ')&^eight) & tops
		if special != 0 {
			return i + bits.TrailingZeros64(special)/8
		}
	}
	for i < len(text) && text[i] != '"' && text[i] != '\\' && text[i] >= ' ' {
		i++
	}
	return i
}
