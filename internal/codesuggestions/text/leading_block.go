package text

import "strings"

// DropIncompleteLeadingBlock drops what a cut has left over of a block at the start of s: everything up to the first line that starts
// a block, if one starts within the first tenth of s (spec/code-suggestions.md 7.6). A line starts a block when its
// first character is an ASCII letter or opens a comment.
func DropIncompleteLeadingBlock(s string) string {
	limit := int(0.1 * float64(Length(s)))
	head := s[:prefixOf(s, limit)]
	for start := 0; ; {
		i := strings.IndexByte(head[start:], '\n')
		if i < 0 {
			return s
		}
		start += i + 1
		if startsBlock(head[start:]) {
			return s[start:]
		}
	}
}

func startsBlock(line string) bool {
	if line == "" {
		return false
	}
	letter := line[0] | 0x20 // lower case
	return 'a' <= letter && letter <= 'z' || line[0] == '#' || strings.HasPrefix(line, "//") || strings.HasPrefix(line, "/*")
}

// prefixOf is the length in bytes of the first n code points of s.
func prefixOf(s string, n int) int {
	for i := range s {
		if n == 0 {
			return i
		}
		n--
	}
	return len(s)
}
