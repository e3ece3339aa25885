package prompting

import "strings"

// Raw is a prompt that the client made: a text, or the contents of its messages. It is measured as one text and never cut; the error is
// a [*TooLargeError] when it has more than total tokens (spec/code-suggestions.md 9.5).
func Raw(tokens Tokens, total int, texts ...string) (Prompt, error) {
	prompt := strings.Join(texts, "")
	count := tokens.Count(prompt)
	if count > total {
		return Prompt{}, &TooLargeError{Tokens: count, Limit: total}
	}
	return Prompt{Prefix: prompt, Components: []Component{component("prompt", prompt, count)}}, nil
}
