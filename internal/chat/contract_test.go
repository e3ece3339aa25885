package chat

import (
	"strings"
	"unicode/utf8"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/text"
)

// contract is spec/chat-agent.md 7 and 8 word by word: after every piece the whole text is parsed anew. It is the oracle for the parser, for
// users who have every tool.
func contract(pieces []string) (said []Event) {
	var (
		all    string
		prev   Event
		n      int // length of the answer emitted so far, in code points
		answer bool
	)
	for _, piece := range pieces {
		all += piece
		e := contractParse(all)
		if e == prev {
			continue
		}
		prev = e
		if final, ok := e.(contractAnswer); ok {
			answer = true
			if shown := []rune(string(final)); len(shown) > 0 {
				said = append(said, FinalAnswerDelta{Text: string(shown[min(n, len(shown)):])})
				n = len(shown)
			}
		}
	}
	switch {
	case answer:
		return said
	case prev == nil:
		return append(said, Unknown{})
	default:
		return append(said, prev)
	}
}

// contractAnswer is the whole answer so far.
type contractAnswer string

func (contractAnswer) event() {}

func contractParse(s string) Event {
	t := text.Strip(s)
	value := func(key string) (string, bool) {
		at := strings.Index(t, key)
		if at < 0 {
			return "", false
		}
		v := t[at+len(key):]
		if end := strings.Index(v, "</message>"); end >= 0 {
			v = v[:end]
		}
		return text.Strip(v), true
	}
	if answer, found := value("Final Answer:"); found {
		return contractAnswer(answer)
	}
	i := strings.Index(t, "Action:")
	if i < 0 {
		return Unknown{Text: t}
	}
	j := strings.Index(t[i+7:], "Action")
	input, found := value("Action Input:")
	if j < 0 || !found {
		return Unknown{Text: t}
	}
	tool := text.Strip(t[i+7 : i+7+j])
	if tool == "MergeRequestReader" {
		tool = "merge_request_reader"
	} else {
		tool = strings.ReplaceAll(tool, `\_`, "_")
	}
	return Action{Tool: tool, ToolInput: input, Thought: strings.ReplaceAll(text.Strip(t[:i]), `\_`, "_")}
}

// cuts are ways to cut a text into pieces: whole, at every place, at every two places that are not far apart, and everywhere at once.
func cuts(whole string, yield func(pieces []string)) {
	var places []int
	for at := range whole {
		if at > 0 {
			places = append(places, at)
		}
	}
	yield([]string{whole})
	for i, at := range places {
		yield([]string{whole[:at], whole[at:]})
		for _, to := range places[i+1 : min(i+1+len(endMarker), len(places))] {
			yield([]string{whole[:at], whole[at:to], "", whole[to:]})
		}
	}
	var single []string
	for s := whole; s != ""; {
		_, size := utf8.DecodeRuneInString(s)
		single = append(single, s[:size])
		s = s[size:]
	}
	yield(single)
}
