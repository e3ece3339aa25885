package reasoning

import (
	"bytes"
	"strings"
)

// start says where an answer may begin.
type start int

const (
	outside start = iota // of a section: only an opening tag begins one
	unsure               // maybe inside of a section: a closing tag tells
	inside               // of a section as a rule: as unsure, but an answer that is cut before its closing tag is all reasoning
)

// splitter parts an answer, which comes in pieces, into reasoning and text. How it is cut into pieces makes no difference.
type splitter struct {
	start start
	state state
	held  []byte // text whose meaning is not clear yet
	blank int    // how many bytes held begins with that are white space, as far as they were counted
	from  int    // where in held there may be a closing tag
	end   string // closing tag of the section
	// orphan says that the section ended with a closing tag that no opening one belongs to.
	orphan bool
}

type state int

const (
	opening   state = iota // nothing but white space and perhaps the beginning of a tag has come
	waiting                // there is no opening tag, but there may be a closing one
	reasoning              // inside of a section
	closed                 // behind a section, where a line feed or several are no part of the answer
	answering
)

// maxHeld bounds what is held back until a tag comes, in bytes: more than a model thinks within its limit. What is longer is reasoning when a
// closing tag was awaited, and an answer when it is all white space.
const maxHeld = 256 << 10

const blanks = " \t\r\n"

// add takes the next piece. It returns what has become clear: reasoning, and the text that comes behind it. Together they are what was held
// and the piece, less what is held now.
func (s *splitter) add(piece string) (hidden, text string) {
	if s.state == answering {
		return "", piece
	}
	s.held = append(s.held, piece...)
	if s.state == opening {
		hidden = s.findOpening()
	}
	if s.state == waiting {
		hidden += s.findOrphan(false)
	}
	if s.state == reasoning {
		hidden += s.findEnd()
	}
	if s.state == closed {
		hidden += s.skipLineFeeds()
	}
	if s.state == answering {
		text = s.take(len(s.held))
	}
	return hidden, text
}

// finish returns what is held when the answer has ended; cut says that more would have come.
func (s *splitter) finish(cut bool) (hidden, text string) {
	switch s.state {
	case reasoning, closed:
		hidden = s.take(len(s.held))
	case waiting:
		hidden = s.findOrphan(true)
		if s.state == closed {
			hidden += s.skipLineFeeds()
		} else if s.state == waiting && s.start == inside && cut {
			hidden = s.take(len(s.held))
		}
	}
	s.state = answering
	return hidden, s.take(len(s.held))
}

// undecided says that it is not clear yet whether the answer begins with reasoning.
func (s *splitter) undecided() bool {
	return len(s.held) > 0 && (s.state == opening || s.state == waiting)
}

// findOpening looks for an opening tag at the start of the answer.
func (s *splitter) findOpening() (hidden string) {
	if s.countBlanks() && len(s.held) <= maxHeld {
		return ""
	}
	tag := s.held[s.blank:]
	for _, section := range sections {
		switch {
		case bytes.HasPrefix(tag, []byte(section.open)):
			s.end = section.end
			if s.state = reasoning; s.end == "" {
				s.state = closed
			}
			return s.take(s.blank + len(section.open))
		case bytes.HasPrefix([]byte(section.open), tag):
			return ""
		}
	}
	if s.state = waiting; s.start == outside {
		s.state = answering
	}
	return ""
}

// findOrphan looks for a closing tag that no opening one belongs to.
func (s *splitter) findOrphan(complete bool) (hidden string) {
	tag, end, next := findThink(s.held, s.from, complete)
	s.from = next
	switch {
	case tag == thinkEnd:
		s.state, s.orphan = closed, true
		return s.take(end)
	case tag == think:
		s.state = answering
	case len(s.held) > maxHeld:
		s.state, s.end = reasoning, thinkEnd
	}
	return ""
}

// findEnd looks for the closing tag of the section. All before it is reasoning, and so is it itself.
func (s *splitter) findEnd() (hidden string) {
	if at := bytes.Index(s.held, []byte(s.end)); at >= 0 {
		s.state = closed
		return s.take(at + len(s.end))
	}
	return s.take(len(s.held) - overlap(s.held, s.end))
}

// overlap is how many bytes at the end of text may be the beginning of a tag.
func overlap(text []byte, tag string) int {
	for n := min(len(text), len(tag)-1); n > 0; n-- {
		if strings.HasPrefix(tag, string(text[len(text)-n:])) {
			return n
		}
	}
	return 0
}

// skipLineFeeds takes away the empty lines that set the answer apart, and leaves its indentation.
func (s *splitter) skipLineFeeds() (hidden string) {
	switch blank := s.countBlanks(); {
	case blank && len(s.held) <= maxHeld:
		return ""
	case !blank:
		s.state = answering
	}
	return s.take(bytes.LastIndexByte(s.held[:s.blank], '\n') + 1)
}

// countBlanks counts the white space that held begins with, and says whether there is nothing else.
func (s *splitter) countBlanks() bool {
	for s.blank < len(s.held) && strings.IndexByte(blanks, s.held[s.blank]) >= 0 {
		s.blank++
	}
	return s.blank == len(s.held)
}

// take takes n bytes off what is held.
func (s *splitter) take(n int) string {
	taken := string(s.held[:n])
	s.held = append(s.held[:0], s.held[n:]...)
	s.from, s.blank = max(0, s.from-n), 0
	return taken
}
