package text

import "strings"

// SplitLines splits s on every line boundary (spec/code-suggestions.md 1.2, LB) and drops the boundaries. A trailing boundary doesn't
// make a last empty line, and the empty string has no lines.
func SplitLines(s string) []string {
	var lines []string
	for s != "" {
		length, next := firstLine(s)
		lines = append(lines, s[:length])
		s = s[next:]
	}
	return lines
}

// AttachedLines splits s so that each line carries the line feed in front of it instead of the one behind it; a line feed at the
// end of s is an element of its own (spec/code-suggestions.md 7.4).
//
// Joined, the lines are s again as long as every boundary in it is "\n" or "\r\n". Each other boundary gains a line feed.
func AttachedLines(s string) []string {
	if s == "" {
		return nil
	}
	lines := make([]string, 0, strings.Count(s, "\n")+1)
	for start := 0; start < len(s); {
		_, next := firstLine(s[start:])
		end := start + len(strings.TrimSuffix(s[start:start+next], "\n"))
		switch {
		case start == 0:
			lines = append(lines, s[:end])
		case s[start-1] == '\n':
			lines = append(lines, s[start-1:end])
		default:
			lines = append(lines, "\n"+s[start:end])
		}
		start += next
	}
	if strings.HasSuffix(s, "\n") {
		lines = append(lines, "\n")
	}
	return lines
}

// firstLine is the length of the first line of s, and where the next one starts.
func firstLine(s string) (length, next int) {
	for i := range len(s) {
		switch s[i] {
		case '\n', '\v', '\f', 0x1C, 0x1D, 0x1E:
			return i, i + 1
		case '\r':
			if strings.HasPrefix(s[i+1:], "\n") {
				return i, i + 2
			}
			return i, i + 1
		case 0xC2:
			if strings.HasPrefix(s[i:], "\u0085") {
				return i, i + 2
			}
		case 0xE2:
			if strings.HasPrefix(s[i:], "\u2028") || strings.HasPrefix(s[i:], "\u2029") {
				return i, i + 3
			}
		}
	}
	return len(s), len(s)
}
