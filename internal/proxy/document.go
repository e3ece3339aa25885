package proxy

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxDepth is how many arrays and objects may stand in each other in a body. The contract takes a few more (spec/http-api.md 7.5).
const maxDepth = 950

// document is what has to be known of a body before it is forwarded as it is. The two values are raw JSON, nil where the body has none, and
// share the body's memory; of members with the same name the last one counts.
type document struct {
	object    bool   // the body is an object, which alone has members
	model     []byte // its member "model"
	ambiguous bool   // there is another model in it: the vendor might take that one
	stream    []byte // its member "stream"
}

// readDocument checks that a body is JSON (RFC 8259) in UTF-8. It builds nothing: a body may hold a million numbers that only the vendor
// has to understand.
func readDocument(body []byte) (d document, ok bool) {
	if !utf8.Valid(body) {
		return d, false
	}
	s := scanner{text: body, found: &d}
	s.blanks()
	d.object = s.peek() == '{'
	if !s.value() {
		return d, false
	}
	s.blanks()
	return d, s.at == len(body)
}

// modelName is the member "model", or "" when it is no string, or not the only one.
func (d document) modelName() string {
	var name string
	if d.ambiguous || json.Unmarshal(d.model, &name) != nil {
		return ""
	}
	return name
}

// wantsStream tells whether the member "stream" selects streaming: every value does but false, 0, null, "", [] and {}, even the string
// "false" (spec/http-api.md 16.1).
func (d document) wantsStream() bool {
	if len(d.stream) == 0 {
		return false
	}
	switch d.stream[0] {
	case 'f', 'n':
		return false
	case 't':
		return true
	case '"':
		return len(d.stream) > len(`""`)
	case '[', '{':
		return len(bytes.TrimLeft(d.stream[1:], blanks)) > len("]")
	default:
		n, _ := strconv.ParseFloat(string(d.stream), 64) // out of range: an infinity, which is not 0
		return n != 0
	}
}

const blanks = " \t\r\n"

// scanner reads JSON in one pass.
type scanner struct {
	text  []byte
	at    int
	depth int
	found *document
}

func (s *scanner) value() bool {
	switch s.peek() {
	case '{':
		return s.members()
	case '[':
		return s.elements()
	case '"':
		return s.string()
	case 't':
		return s.word("true")
	case 'f':
		return s.word("false")
	case 'n':
		return s.word("null")
	default:
		return s.number()
	}
}

// members reads an object.
func (s *scanner) members() bool {
	return s.list('}', func() bool {
		start := s.at
		if s.peek() != '"' || !s.string() {
			return false
		}
		name := s.text[start:s.at]
		if s.blanks(); !s.skip(':') {
			return false
		}
		s.blanks()
		start = s.at
		if !s.value() {
			return false
		}
		if s.depth == 1 {
			s.note(name, s.text[start:s.at])
		}
		return true
	})
}

// elements reads an array.
func (s *scanner) elements() bool { return s.list(']', s.value) }

// list reads what stands between brackets, separated by commas.
func (s *scanner) list(end byte, item func() bool) bool {
	if s.depth++; s.depth > maxDepth {
		return false
	}
	s.at++
	s.blanks()
	if s.skip(end) {
		s.depth--
		return true
	}
	for {
		if !item() {
			return false
		}
		s.blanks()
		if s.skip(end) {
			s.depth--
			return true
		}
		if !s.skip(',') {
			return false
		}
		s.blanks()
	}
}

// note keeps a member of the outermost object when it is one of the two. Names are compared as they are meant: "mo\u0064el" is one.
func (s *scanner) note(name, value []byte) {
	plain := string(name[1 : len(name)-1])
	if bytes.IndexByte(name, '\\') >= 0 && json.Unmarshal(name, &plain) != nil {
		return
	}
	switch plain {
	case "model":
		s.found.ambiguous = s.found.ambiguous || s.found.model != nil && !bytes.Equal(s.found.model, value)
		s.found.model = value
	case "stream":
		s.found.stream = value
	}
}

func (s *scanner) string() bool {
	for s.at++; ; s.at++ {
		s.ordinary()
		switch s.peek() {
		case '"':
			s.at++
			return true
		case '\\':
			if !s.escape() {
				return false
			}
		default: // a control character, or the end
			return false
		}
	}
}

// ordinary skips bytes that mean themselves in a string, eight at a time: bodies are mostly made of them.
func (s *scanner) ordinary() {
	for len(s.text)-s.at >= 8 && !hasSpecial(binary.LittleEndian.Uint64(s.text[s.at:])) {
		s.at += 8
	}
	for s.at < len(s.text) && s.text[s.at] >= ' ' && s.text[s.at] != '"' && s.text[s.at] != '\\' {
		s.at++
	}
}

// hasSpecial tells whether one of eight bytes is a quote, a backslash or a control character: less than something, and so their highest bits
// change when it is subtracted.
func hasSpecial(eight uint64) bool {
	const each, high = 0x0101010101010101, 0x8080808080808080
	quotes, backslashes := eight^each*'"', eight^each*'\\'
	return ((eight-each*' ')&^eight|(quotes-each)&^quotes|(backslashes-each)&^backslashes)&high != 0
}

// escape reads up to the last character of an escape.
func (s *scanner) escape() bool {
	s.at++
	switch s.peek() {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return true
	case 'u':
		for range 4 {
			s.at++
			if c := s.peek(); !isDigit(c) && (c|0x20 < 'a' || c|0x20 > 'f') {
				return false
			}
		}
		return true
	default:
		return false
	}
}

func (s *scanner) number() bool {
	s.skip('-')
	if !s.skip('0') && !s.digits() {
		return false
	}
	if s.skip('.') && !s.digits() {
		return false
	}
	if s.skip('e') || s.skip('E') {
		if !s.skip('+') {
			s.skip('-')
		}
		return s.digits()
	}
	return true
}

// digits reads one or more.
func (s *scanner) digits() bool {
	start := s.at
	for isDigit(s.peek()) {
		s.at++
	}
	return s.at > start
}

func (s *scanner) word(w string) bool {
	if !bytes.HasPrefix(s.text[s.at:], []byte(w)) {
		return false
	}
	s.at += len(w)
	return true
}

func (s *scanner) skip(c byte) bool {
	if s.at < len(s.text) && s.text[s.at] == c {
		s.at++
		return true
	}
	return false
}

func (s *scanner) blanks() {
	for s.at < len(s.text) && strings.IndexByte(blanks, s.text[s.at]) >= 0 {
		s.at++
	}
}

// peek is the byte at hand, and 0, which no JSON has outside of strings, at the end.
func (s *scanner) peek() byte {
	if s.at < len(s.text) {
		return s.text[s.at]
	}
	return 0
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
