package postprocess

import (
	"strings"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/text"
)

const fence = "```"

// StripCodeFence deletes the lines of a Markdown fence, and all backticks at the end of the text (spec/code-suggestions.md 13.9). A
// line of a fence starts with three backticks, holds no white space and ends with "\n".
func StripCodeFence(completion string) string {
	var kept strings.Builder
	kept.Grow(len(completion))
	for line := range strings.SplitAfterSeq(completion, "\n") {
		if !isFence(line) {
			kept.WriteString(line)
		}
	}
	return strings.TrimRight(kept.String(), "`")
}

func isFence(line string) bool {
	marker, ended := strings.CutSuffix(line, "\n")
	return ended && strings.HasPrefix(marker, fence) && !strings.ContainsFunc(marker, text.IsSpace)
}
