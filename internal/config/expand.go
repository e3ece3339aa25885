package config

import "strings"

// maxExpanded bounds an expanded value, since values that name others can grow without end.
const maxExpanded = 1 << 20

// expand replaces ${NAME} and ${NAME:-default} in a value (spec/settings-and-operations.md 1.4, rule 9). A name that lookup doesn't
// know is empty, $NAME without braces stands for itself. It reports false when the result is longer than maxExpanded.
func expand(value string, lookup func(name string) (string, bool)) (string, bool) {
	var out strings.Builder
	for out.Len() <= maxExpanded {
		before, after, found := strings.Cut(value, "${")
		out.WriteString(before)
		if !found {
			return out.String(), out.Len() <= maxExpanded
		}
		name, fallback, length := reference(after)
		if name == nil {
			out.WriteString("${")
			out.WriteString(after[:length])
		} else if known, ok := lookup(*name); ok {
			out.WriteString(known)
		} else {
			out.WriteString(fallback)
		}
		value = after[length:]
	}
	return "", false
}

// reference reads a reference behind its opening "${", and returns its length with the closing brace. The name is nil when it is
// none; then no other reference begins within length.
func reference(text string) (name *string, fallback string, length int) {
	end := strings.IndexAny(text, "}:")
	if end < 0 {
		return nil, "", len(text)
	}
	read := text[:end]
	if text[end] == '}' {
		return &read, "", end + 1
	}
	rest, found := strings.CutPrefix(text[end:], ":-")
	if !found {
		return nil, "", end
	}
	size := strings.IndexByte(rest, '}')
	if size < 0 {
		return nil, "", len(text)
	}
	return &read, rest[:size], end + len(":-") + size + 1
}
