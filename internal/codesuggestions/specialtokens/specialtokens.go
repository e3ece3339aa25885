// Package specialtokens takes the special tokens of a model out of what it suggests.
//
// A model speaks in tokens, some of which are no text but signs: here the code to fill in begins, here the text ends. A server should keep
// them to itself, and ends an answer at the one for its end. When it doesn't know its model, or was told the wrong end, they show:
//
//	return a + b<|endoftext|><|fim_prefix|>def …
//
// A [Filter] ends the suggestion at such a token: what comes behind it belongs to another text. Only what opens an answer, such as
// <|fim_middle|>, is taken away from its start.
//
// The same characters may be code. So only those tokens count that the model's family has; not those that stand in the code around the
// cursor; not x[PREFIX], where these speak of a PREFIX; and </s>, where there is a <s> before it, ends struck text in HTML.
package specialtokens

import (
	"slices"
	"strings"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/text"
)

type token struct {
	text string
	kind kind
}

type kind int

const (
	end   kind = iota // ends the suggestion
	begin             // at the start of an answer it is left out; further on another answer begins
)

// The two that are HTML, too.
const (
	strike    = "<s>"
	strikeEnd = "</s>"
)

// Filter takes the tokens out of one answer, which comes in pieces. How it is cut into pieces makes no difference.
type Filter struct {
	tokens []token
	firsts string   // characters that tokens begin with
	code   []string // around the cursor
	held   string   // what may be the beginning of a token
	begun  bool     // there is more than white space in the answer
	struck bool     // there is <s> in it
	last   byte     // of the answer so far
	ended  bool
}

// Completion returns a filter for what a model of a family writes between pieces of code.
func Completion(family string, code ...string) *Filter {
	v := of(family)
	return newFilter(slices.Concat(v.fim, v.other), code)
}

// Generation returns a filter for what a model of a family writes on request, where it has no middle to fill in.
func Generation(family string, code ...string) *Filter {
	return newFilter(of(family).other, code)
}

func newFilter(tokens []token, code []string) *Filter {
	f := &Filter{tokens: tokens, code: code}
	for _, t := range tokens {
		if first := t.text[:1]; !strings.Contains(f.firsts, first) {
			f.firsts += first
		}
	}
	return f
}

// Add takes the next piece and returns what of the suggestion has become clear.
func (f *Filter) Add(piece string) string { return f.add(piece, false) }

// End returns what was held back when the answer has ended.
func (f *Filter) End() string { return f.add("", true) }

// Ended says that nothing more will come, whatever is added.
func (f *Filter) Ended() bool { return f.ended }

func (f *Filter) add(piece string, complete bool) string {
	if f.ended {
		return ""
	}
	rest := f.held + piece
	f.held = ""
	var kept strings.Builder
	keep := func(n int) {
		kept.WriteString(rest[:n])
		f.note(rest[:n])
		rest = rest[n:]
	}
	for !f.ended {
		at := strings.IndexAny(rest, f.firsts)
		if at < 0 {
			keep(len(rest))
			break
		}
		keep(at)
		found, more := f.match(rest)
		switch {
		case more && !complete:
			f.held = rest
			return kept.String()
		case found.text == "" || f.isCode(found):
			keep(max(1, len(found.text)))
		case found.kind == begin && !f.begun:
			rest = rest[len(found.text):]
		default:
			f.ended = true
		}
	}
	return kept.String()
}

// match finds the longest token that rest begins with; more says that it takes more text to be sure.
func (f *Filter) match(rest string) (found token, more bool) {
	for _, t := range f.tokens {
		if strings.HasPrefix(rest, t.text) {
			if len(t.text) > len(found.text) {
				found = t
			}
		} else if strings.HasPrefix(t.text, rest) {
			more = true
		}
	}
	return found, more
}

// isCode says that a token is none here.
func (f *Filter) isCode(t token) bool {
	stands := strings.TrimSpace(t.text)
	switch {
	case stands == strike && f.begun:
		f.struck = true
		return true
	case stands == strikeEnd:
		if f.struck {
			return true
		}
		stands = strike
	case stands[0] == '[' && isOperand(f.last):
		stands = strings.Trim(stands, "[/]") // as the name of a constant
	}
	for _, code := range f.code {
		if strings.Contains(code, stands) {
			return true
		}
	}
	return false
}

// isOperand says that something may be indexed that ends with c.
func isOperand(c byte) bool {
	return c == '_' || c == ')' || c == ']' || '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' || c >= 0x80
}

// note remembers what the answer has so far.
func (f *Filter) note(kept string) {
	if kept == "" {
		return
	}
	f.begun = f.begun || text.Strip(kept) != ""
	f.last = kept[len(kept)-1]
}
