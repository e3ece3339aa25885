package chat

import (
	"bytes"
	"strings"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/text"
)

// The keywords of the model's lines. They count wherever they stand, in this spelling only.
const (
	finalAnswerKey = "Final Answer:"
	actionKey      = "Action:"
	actionWord     = "Action"
	actionInputKey = "Action Input:"
	endMarker      = "</message>" // ends an answer and an input
)

// parser reads the model's output as it comes (spec/chat-agent.md 7). The contract defines what the whole text so far means, anew
// after every piece; the parser looks at each byte a fixed number of times instead. The zero value is ready for use.
type parser struct {
	text   []byte  // all so far; nothing once the answer has begun
	answer *answer // nil until the keyword has come
}

// add reads the next piece. It returns what there is to show of the final answer now, if anything: an empty text is something, too.
func (p *parser) add(piece string) (delta string, some bool) {
	if p.answer != nil {
		return p.answer.add(piece)
	}
	from := max(0, len(p.text)-len(finalAnswerKey)+1) // the keyword may be cut
	p.text = append(p.text, piece...)
	at := bytes.Index(p.text[from:], []byte(finalAnswerKey))
	if at < 0 {
		return "", false
	}
	rest := string(p.text[from+at+len(finalAnswerKey):])
	p.text, p.answer = nil, &answer{}
	return p.answer.add(rest)
}

// held is how much text is kept, in bytes.
func (p *parser) held() int {
	if p.answer != nil {
		return len(p.answer.blanks)
	}
	return len(p.text)
}

// end returns what the output means when it has no final answer: an [Action], for any tool, or [Unknown].
func (p *parser) end() Event {
	output := text.Strip(string(p.text))
	thought, rest, hasAction := strings.Cut(output, actionKey)
	tool, _, hasWord := strings.Cut(rest, actionWord)
	input, hasInput := value(output, actionInputKey)
	if !hasAction || !hasWord || !hasInput {
		return Unknown{Text: output}
	}
	return Action{Tool: toolName(text.Strip(tool)), ToolInput: input, Thought: unescape(text.Strip(thought))}
}

// value is what follows a keyword.
func value(output, key string) (v string, found bool) {
	_, rest, found := strings.Cut(output, key)
	v, _, _ = strings.Cut(rest, endMarker)
	return text.Strip(v), found
}

// toolName undoes what models do to the names of tools.
func toolName(name string) string {
	if name == "MergeRequestReader" {
		return "merge_request_reader"
	}
	return unescape(name)
}
