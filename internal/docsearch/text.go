package docsearch

import (
	"strings"
	"unicode"
)

// StripPunctuation deletes every character that is neither a word character nor white space, which joins what it stood between:
// "commit-graph" becomes "commitgraph". Questions are read, and pages indexed, in this form (spec/docs-search.md 4.2, 5).
func StripPunctuation(text string) string {
	return strings.Map(func(r rune) rune {
		if IsWord(r) || IsSpace(r) {
			return r
		}
		return -1
	}, text)
}

// IsWord tells whether words are made of r: a letter, a number of any kind, or an underscore, but no combining mark.
func IsWord(r rune) bool {
	if r < 0x80 {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_'
	}
	return unicode.IsLetter(r) || unicode.IsNumber(r)
}

// IsSpace tells whether r is white space in the sense of spec/chat-agent.md 7: Unicode's white space and four control characters.
func IsSpace(r rune) bool {
	return unicode.IsSpace(r) || r >= 0x1c && r <= 0x1f
}
