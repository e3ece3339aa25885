package index

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strconv"
	"strings"

	"github.com/ai-gateway/ai-gateway/internal/asciijson"
	"github.com/ai-gateway/ai-gateway/internal/docsearch/markdown"
	"github.com/ai-gateway/ai-gateway/internal/docsearch/sqlite"
)

// longestSection is how many bytes of a section are returned at most, its headings aside. Longer ones are cut into several: some models
// of self-hosted installations have small windows, and up to 20 sections must fit.
const longestSection = 4000

// newPage takes a page apart for the index.
func newPage(file File, webRoot string) sqlite.Page {
	source := markdown.Split(file.Text)
	page := sqlite.Page{Row: newRow(file), Title: source.Title}
	var headings []string
	pieces := map[string]int{} // by anchor
	for i, section := range source.Sections {
		if own := len(section.Headings) - 1; own >= 0 && section.Headings[own].Text != source.Title {
			headings = append(headings, section.Headings[own].Text)
		}
		if i+1 < len(source.Sections) && onlyLeadsTo(section, source.Sections[i+1]) {
			continue
		}
		for n, text := range markdown.Pieces(section.Text, longestSection) {
			if !word.MatchString(text) {
				continue
			}
			piece := newSection(file, source.Title, section, n, text, webRoot)
			piece.ID = identify(file.Path, section.Anchor, strconv.Itoa(pieces[section.Anchor]))
			pieces[section.Anchor]++
			page.Sections = append(page.Sections, piece)
		}
	}
	page.Headings = strings.Join(headings, "\n")
	return page
}

// word is what a piece must have to be worth finding.
var word = regexp.MustCompile(`[\pL\pN_]`)

// onlyLeadsTo tells whether a section is nothing but a heading, which the next section has above its own.
func onlyLeadsTo(s, next markdown.Section) bool {
	return len(s.Headings) > 0 && len(next.Headings) > len(s.Headings) && !strings.Contains(strings.TrimSpace(s.Text), "\n")
}

// newSection makes the n-th piece of a section, all but its ID. It is returned below all of its headings, so that a reader who has only this piece knows
// what it is about.
func newSection(file File, title string, s markdown.Section, n int, text, webRoot string) sqlite.Section {
	var above, names strings.Builder
	heading := func(level int, name string) {
		above.WriteString(strings.Repeat("#", level) + " " + name + "\n\n")
	}
	if title != "" && (len(s.Headings) == 0 || s.Headings[0].Text != title) {
		heading(1, title)
	}
	for i, h := range s.Headings {
		if h.Text != title {
			names.WriteString(h.Text + "\n")
		}
		if own := i == len(s.Headings)-1; !own || n > 0 { // the text of the first piece begins with its own heading
			heading(h.Level, h.Text)
		}
	}
	link := pageURL(webRoot, file.Path)
	if s.Anchor != "" {
		link += "#" + s.Anchor
	}
	return sqlite.Section{
		Headings: names.String(),
		Body:     markdown.Searchable(text),
		Content:  above.String() + strings.Trim(text, "\n"),
		Metadata: asJSON(asciijson.Object{
			{Name: "title", Value: cmp.Or(title, file.Path)},
			{Name: "source", Value: file.Path},
			{Name: "source_type", Value: "doc"},
			{Name: "source_url", Value: link},
			{Name: "filename", Value: "/" + file.Path},
		}),
	}
}

// identify makes an id of lower-case letters and digits, which is what clients find again in a model's answer (spec/clients.md 12). It
// stays the same from one index to the next.
func identify(place ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(place, "#")))
	return hex.EncodeToString(sum[:16])
}
