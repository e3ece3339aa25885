package markdown

import "regexp"

// Searchable is a text without what is not meant for readers: comments, and the addresses that links lead to.
func Searchable(text string) string {
	return comment.ReplaceAllString(destination.ReplaceAllString(text, "]"), " ")
}

var (
	comment     = regexp.MustCompile(`(?s)<!--.*?-->`)
	destination = regexp.MustCompile(`\]\([^()\n]*\)`)
)
