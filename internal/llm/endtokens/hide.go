package endtokens

import (
	"strings"

	"github.com/ai-gateway/ai-gateway/internal/llm"
)

// hide moves end tokens at the end of an answer out of its text. A piece is held back from where an end token may begin, as long as nothing else
// follows.
func hide(answer llm.Stream) llm.Stream {
	return func(yield func(llm.Chunk, error) bool) {
		held := ""
		for chunk, err := range answer {
			if err != nil {
				if held == "" || yield(llm.Chunk{Text: held}, nil) {
					yield(llm.Chunk{}, err)
				}
				return
			}
			if held == "" && strings.IndexByte(chunk.Text, '<') < 0 {
				if !yield(chunk, nil) {
					return
				}
				continue
			}
			chunk.Text, held = split(held + chunk.Text)
			if chunk.Finish != "" { // the last piece that has text
				chunk, held = finished(chunk, held), ""
			}
			if chunk != (llm.Chunk{}) && !yield(chunk, nil) {
				return
			}
		}
		if held != "" {
			yield(finished(llm.Chunk{}, held), nil)
		}
	}
}

// finished is the last piece of an answer, with what was held back.
func finished(chunk llm.Chunk, held string) llm.Chunk {
	if _, ended := cutToken(held); ended {
		chunk.Hidden += held
	} else {
		chunk.Text += held
	}
	return chunk
}

// maxHeld bounds what is held back, in bytes: an end token or several, and white space.
const maxHeld = 1 << 10

// split parts a text where the end of an answer may begin.
func split(text string) (before, end string) {
	for at := 0; ; at++ {
		next := strings.IndexByte(text[at:], '<')
		if next < 0 {
			return text, ""
		}
		at += next
		if mayEnd(text[at:]) && len(text)-at <= maxHeld {
			return text[:at], text[at:]
		}
	}
}

// mayEnd says that a text is nothing but end tokens with white space behind them, the last of which may yet be incomplete.
func mayEnd(text string) bool {
	for text != "" {
		rest, found := cutToken(text)
		if !found {
			return isPrefix(text)
		}
		text = strings.TrimLeft(rest, " \t\r\n")
	}
	return true
}

func cutToken(text string) (rest string, found bool) {
	for _, token := range tokens {
		if rest, found = strings.CutPrefix(text, token); found {
			return rest, true
		}
	}
	return text, false
}

func isPrefix(text string) bool {
	for _, token := range tokens {
		if strings.HasPrefix(token, text) {
			return true
		}
	}
	return false
}
