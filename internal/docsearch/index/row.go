package index

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"

	"github.com/ai-gateway/ai-gateway/internal/asciijson"
	"github.com/ai-gateway/ai-gateway/internal/docsearch"
	"github.com/ai-gateway/ai-gateway/internal/docsearch/sqlite"
)

// newRow makes a page's row of doc_index, exactly as the contract has it (spec/docs-search.md 5).
func newRow(file File) sqlite.Row {
	return sqlite.Row{Processed: processed(file.Text), Content: file.Text, Metadata: asJSON(asciijson.Object{{Name: "filename", Value: "/" + file.Path}})}
}

// processed is the searchable form of a text in doc_index. What counts as front matter there is anything between two runs of dashes, so
// tables and rules lose what stands before them; the sections, which are searched first, lose nothing.
func processed(text string) string {
	return docsearch.StripPunctuation(cases.Lower(language.Und).String(withoutFrontMatter(text)))
}

// withoutFrontMatter drops what stands before the second "---", with its first two dashes, and the last character of the text.
func withoutFrontMatter(text string) string {
	const dashes = "---"
	opening := strings.Index(text, dashes)
	if opening < 0 {
		return text
	}
	from := 0 // the first dash is a character of one byte, so is any at which the second run can begin
	if closing := strings.Index(text[opening+1:], dashes); closing >= 0 {
		from = opening + 1 + closing + 2
	} else if _, size := utf8.DecodeRuneInString(text); size > 0 {
		from = size
	}
	_, last := utf8.DecodeLastRuneInString(text)
	if end := len(text) - last; from < end {
		return text[from:end]
	}
	return ""
}

// asJSON writes metadata in the contract's form.
func asJSON(metadata asciijson.Object) string {
	b, err := asciijson.Marshal(metadata)
	if err != nil {
		panic(err) // texts can always be written
	}
	return string(b)
}
