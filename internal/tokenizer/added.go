package tokenizer

import (
	"strconv"
	"strings"
)

// Ids 0 to 50255 are bytes and merges of GPT-2; then come the added tokens of spec/code-suggestions.md 5.1.
const (
	baseSize       = 50256
	vocabularySize = 51200

	longestSpaces = 31
	firstSpaces   = baseSize + 1
	longestTabs   = 9
	firstTabs     = firstSpaces + longestSpaces - 1 // one space is none of them
	longestMarker = len("<|endoftext|>")
)

// addedTokens lists the texts of the added tokens; the first has id baseSize.
var addedTokens = func() []string {
	tokens := []string{"<|endoftext|>"}
	for n := longestSpaces; n >= 2; n-- {
		tokens = append(tokens, strings.Repeat(" ", n))
	}
	for n := longestTabs; n >= 2; n-- {
		tokens = append(tokens, strings.Repeat("\t", n))
	}
	tokens = append(tokens, "<dummy_0>", "<dummy_1>", "<dummy_2>", "<dummy_3>", "<sep>", "<eom>")
	for n := 899; n >= 1; n-- {
		tokens = append(tokens, "<mask_"+strconv.Itoa(n)+">")
	}
	return tokens
}()

var addedIDs = func() map[string]uint16 {
	ids := make(map[string]uint16, len(addedTokens))
	for i, token := range addedTokens {
		ids[token] = uint16(baseSize + i)
	}
	return ids
}()

// addedID returns the id of an added token. Runs of white space, of which code is full, are in order of their length.
func addedID(token string) uint16 {
	switch token[0] {
	case ' ':
		return firstSpaces + uint16(longestSpaces-len(token))
	case '\t':
		return firstTabs + uint16(longestTabs-len(token))
	}
	return addedIDs[token]
}

// nextAdded finds the first added token from a position on, the longest that begins there. Without one, start and end are the end of
// the text.
func nextAdded(text string, from int) (start, end int) {
	for at := from; at < len(text); at++ {
		size := 0
		switch text[at] {
		case ' ':
			size = repeats(text[at:], longestSpaces)
		case '\t':
			size = repeats(text[at:], longestTabs)
		case '<':
			size = marker(text[at:])
		}
		if size >= 2 {
			return at, at + size
		}
	}
	return len(text), len(text)
}

// repeats returns how often text repeats its first byte, counting up to limit.
func repeats(text string, limit int) int {
	n := 1
	for n < min(len(text), limit) && text[n] == text[0] {
		n++
	}
	return n
}

// marker returns the length of the added token in angle brackets that text begins with, or 0. All of them end at their only ">".
func marker(text string) int {
	size := strings.IndexByte(text[:min(len(text), longestMarker)], '>') + 1
	if _, ok := addedIDs[text[:size]]; !ok {
		return 0
	}
	return size
}
