package postprocess

import (
	"strings"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/syntax"
	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/text"
)

// TrimByMinAllowedContext cuts a completion where the innermost block that it starts in ends (spec/code-suggestions.md 13.4). The place is the
// parser's, whatever script and line ends stand before it. When the file can't be parsed, the completion is returned as it is, with the error.
func TrimByMinAllowedContext(completion string, file File) (string, error) {
	start := strings.IndexFunc(completion, func(r rune) bool { return !text.IsSpace(r) })
	if start < 0 {
		return completion, nil
	}
	sample := file.Prefix + completion
	tree, err := syntax.Parse(file.Language, sample)
	if err != nil {
		return completion, err
	}
	block := tree.MinimumBlock(syntax.PointAt(sample, len(file.Prefix)+start))
	end := max(beforeLineEnd(sample, block.EndByte), len(file.Prefix))
	return sample[len(file.Prefix):end], nil
}

// beforeLineEnd is end, but never between the two characters of a "\r\n".
func beforeLineEnd(sample string, end int) int {
	if strings.HasSuffix(sample[:end], "\r") && strings.HasPrefix(sample[end:], "\n") {
		return end - 1
	}
	return end
}
