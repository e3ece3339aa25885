package text

import "strings"

// LineFeedBoundary is the offset, at or after start, where a line starts: start itself when only spaces and tabs lie between it
// and the line feed before it, else the place behind the next line feed. False if no line feed follows (spec/code-suggestions.md 7.3).
func LineFeedBoundary(s string, start int) (int, bool) {
	if strings.HasSuffix(strings.TrimRight(s[:start], " \t"), "\n") {
		return start, true
	}
	i := strings.IndexByte(s[start:], '\n')
	if i < 0 {
		return 0, false
	}
	return start + i + 1, true
}
