package postprocess

import (
	"strings"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/text"
)

// StripAsterisks empties a completion that starts with five asterisks or more (spec/code-suggestions.md 13.8). No chain uses it.
func StripAsterisks(completion string) string {
	if strings.HasPrefix(text.StripLeft(completion), "*****") {
		return ""
	}
	return completion
}
