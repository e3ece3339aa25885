package postprocess

import "github.com/ai-gateway/ai-gateway/internal/codesuggestions/text"

// StripWhitespaces empties a completion of nothing but white space. It trims no other (spec/code-suggestions.md 13.6).
func StripWhitespaces(completion string) string {
	if text.IsBlank(completion) {
		return ""
	}
	return completion
}
