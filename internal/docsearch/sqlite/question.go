package sqlite

import (
	"strings"
	"unicode"

	"github.com/ai-gateway/ai-gateway/internal/docsearch"
)

// mostTerms bounds what a question is searched for.
const mostTerms = 24

// term is something that a page should mention: phrases any one of which will do. A phrase is one or more words in a row.
type term []string

// parseQuestion finds the terms of a question: its words without those that every question has, and without operators, as people and models
// write AND and NOT in capitals for other reasons. What is written together, such as ".gitlab-ci.yml", is one phrase. Terms that
// have other names (synonyms.go) have them as alternatives.
func parseQuestion(question string) []term {
	words := wordsOf(question)
	var terms []term
	seen := map[string]bool{}
	for i := 0; i < len(words) && len(terms) < mostTerms; {
		t, length := synonymsAt(words[i:])
		if t == nil {
			t, length = term{words[i]}, 1
			if stopWords[words[i]] {
				t = nil
			}
		}
		i += length
		if t != nil && !seen[t[0]] {
			seen[t[0]] = true
			terms = append(terms, t)
		}
	}
	return terms
}

// wordsOf are the words of a text in lower case; parts that only punctuation holds together are one word, with a blank between them.
func wordsOf(text string) []string {
	var words []string
	for field := range strings.FieldsFuncSeq(text, docsearch.IsSpace) {
		field = strings.ToLower(field)
		if at := strings.IndexAny(field, "'’"); at > 0 && len(field)-at <= len("’")+2 { // don't, user's
			field = field[:at]
		}
		parts := strings.FieldsFunc(field, func(r rune) bool { return !docsearch.IsWord(r) && !unicode.IsMark(r) })
		if len(parts) > 0 {
			words = append(words, cut(strings.Join(parts, " ")))
		}
		if len(words) >= 8*mostTerms {
			break
		}
	}
	return words
}

// cut bounds the length of a word.
func cut(word string) string {
	if len(word) <= longestWord {
		return word
	}
	runes := []rune(word)
	return string(runes[:min(len(runes), longestWord)])
}

// expression is the FTS5 expression for pages with the term; with prefix its phrases may go on.
func (t term) expression(prefix bool) string {
	star := ""
	if prefix {
		star = " *"
	}
	if len(t) == 1 {
		return `"` + t[0] + `"` + star
	}
	return `("` + strings.Join(t, `"`+star+` OR "`) + `"` + star + `)`
}

// parts are the words of a term that is one phrase of several words, each a term of its own.
func (t term) parts() []term {
	words := strings.Fields(t[0])
	if len(words) < 2 {
		return nil
	}
	var parts []term
	for _, w := range words {
		if !stopWords[w] {
			parts = append(parts, term{w})
		}
	}
	return parts
}
