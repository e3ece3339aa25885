package postprocess

import "strings"

// PrependLineFeed makes a completion start on a line of its own when context, the text above the cursor, doesn't end a line
// (spec/code-suggestions.md 13.10). An empty context ends none.
func PrependLineFeed(completion, context string) string {
	if completion == "" || strings.HasSuffix(context, "\n") || strings.HasPrefix(completion, "\n") {
		return completion
	}
	return "\n" + completion
}
