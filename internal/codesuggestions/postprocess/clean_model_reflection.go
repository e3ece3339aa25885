package postprocess

import (
	"strings"
	"unicode/utf8"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/text"
)

// Limits of what counts as a large repetition (spec/code-suggestions.md 13.7). Below the two shares a block reads like prose or
// plain code, and not like the punctuation and closing brackets that code repeats anyway.
const (
	largeGroup        = 5    // lines
	specialShare      = 0.25 // characters that are special
	diversityShare    = 0.35 // characters that are distinct
	specialCharacters = "()[];.,$%^&*@#!{}/"
)

// CleanModelReflection removes lines in which a model repeats context, the text above the cursor: single comment lines and large
// blocks (spec/code-suggestions.md 13.7). The rest of the cursor's line stays as it is.
//
// Unmatched lines inside of a repeated block go with it. Behind a line boundary other than "\n" or "\r\n" a line feed is inserted.
func CleanModelReflection(completion, context string) string {
	whole := context + completion
	boundary, ok := text.LineFeedBoundary(whole, len(context))
	if !ok {
		return completion // of the cursor's line only
	}
	before, after := text.AttachedLines(whole[:boundary]), text.AttachedLines(whole[boundary:])
	strippedAfter := strip(after)

	var cleaned strings.Builder
	cleaned.WriteString(whole[len(context):boundary])
	next := 0
	for _, group := range text.CommonLineGroups(strip(before), strippedAfter) {
		first, end := group[0], group[len(group)-1]+1
		write(&cleaned, after[next:first])
		if span := strippedAfter[first:end]; !isCommentLine(span) && !isLarge(len(group), span) {
			write(&cleaned, after[first:end])
		}
		next = end
	}
	write(&cleaned, after[next:])
	return cleaned.String()
}

// isCommentLine reports whether stripped lines are one line that starts like a comment, in whatever language.
func isCommentLine(lines []string) bool {
	return len(lines) == 1 &&
		(strings.HasPrefix(lines[0], "/*") || strings.HasPrefix(lines[0], "//") || strings.HasPrefix(lines[0], "#"))
}

// isLarge reports whether stripped lines, matched of which repeat lines of the context, are a large repetition.
func isLarge(matched int, lines []string) bool {
	if matched < largeGroup {
		return false
	}
	length, special := 0, 0
	distinct := make(map[rune]struct{})
	for _, line := range lines {
		length += utf8.RuneCountInString(line)
		for _, r := range line {
			if strings.ContainsRune(specialCharacters, r) {
				special++
			}
			distinct[r] = struct{}{}
		}
	}
	if length == 0 {
		return false
	}
	share := func(n int) float64 { return float64(n) / float64(length) }
	return share(special) < specialShare && share(len(distinct)) < diversityShare
}

func strip(lines []string) []string {
	stripped := make([]string, len(lines))
	for i, line := range lines {
		stripped[i] = text.Strip(line)
	}
	return stripped
}

func write(b *strings.Builder, lines []string) {
	for _, line := range lines {
		b.WriteString(line)
	}
}
