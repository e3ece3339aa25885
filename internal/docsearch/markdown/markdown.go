// Package markdown takes pages of GitLab's documentation apart: a page into sections, one a heading, each with the anchor under which a
// browser finds it.
//
// Nothing is lost: the texts of a page's sections, put together, are the page without its front matter. Horizontal rules are text like any
// other; only a block between two rules that opens a page is front matter.
package markdown

import (
	"bytes"
	"slices"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
)

// Page is a page of documentation.
type Page struct {
	Title    string // first heading of level 1, else what the front matter says, else the first heading; may be empty
	Sections []Section
}

// Section is what stands below one heading, up to the next one; the first section of a page may have none.
type Section struct {
	Headings []Heading // those that it stands below, from the outermost to its own
	Anchor   string    // fragment of its address; empty for the text before the first heading, and for the page's title
	Text     string    // as in the file, its own heading included
}

// Heading is a heading without markup.
type Heading struct {
	Level int // 1 to 6
	Text  string
}

// Split takes the text of a page apart.
func Split(source string) Page {
	matter, body := cutFrontMatter(source)
	outline := outlineOf([]byte(body))
	page := Page{Title: titleOf(matter, outline)}

	if len(outline) == 0 || outline[0].start > 0 {
		end := len(body)
		if len(outline) > 0 {
			end = outline[0].start
		}
		page.add(Section{Text: body[:end]})
	}
	var above []Heading
	anchors := anchors{}
	for i, h := range outline {
		end := len(body)
		if i+1 < len(outline) {
			end = outline[i+1].start
		}
		for len(above) > 0 && above[len(above)-1].Level >= h.Level {
			above = above[:len(above)-1]
		}
		above = append(above, h.Heading)
		anchor := anchors.next(h.Text)
		if i == 0 && h.Level == 1 {
			anchor = ""
		}
		page.add(Section{Headings: slices.Clone(above), Anchor: anchor, Text: body[h.start:end]})
	}
	return page
}

func (p *Page) add(s Section) {
	if s.Text != "" {
		p.Sections = append(p.Sections, s)
	}
}

// placed is a heading and where its line starts.
type placed struct {
	Heading
	start int
}

// outlineOf finds the headings of a text. Those inside of quotations and lists are no headings of the page; lines in code blocks that
// look like headings are none at all.
func outlineOf(body []byte) []placed {
	var outline []placed
	document := goldmark.DefaultParser().Parse(text.NewReader(body))
	for node := document.FirstChild(); node != nil; node = node.NextSibling() {
		h, isHeading := node.(*ast.Heading)
		if !isHeading || h.Lines().Len() == 0 { // an empty heading stays text
			continue
		}
		at := h.Lines().At(0).Start
		start := bytes.LastIndexByte(body[:at], '\n') + 1
		outline = append(outline, placed{Heading{h.Level, headingText(h, body)}, start})
	}
	return outline
}

// headingText is what a reader sees of a heading, without a badge such as **(PREMIUM)** that says who may use what it is about.
func headingText(h *ast.Heading, body []byte) string {
	var b strings.Builder
	for node := h.FirstChild(); node != nil; node = node.NextSibling() {
		if plain := inlineText(node, body); !isBadge(node, plain) {
			b.WriteString(plain)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func inlineText(node ast.Node, body []byte) string {
	var b strings.Builder
	_ = ast.Walk(node, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Text:
			b.Write(n.Segment.Value(body))
			if n.SoftLineBreak() || n.HardLineBreak() {
				b.WriteByte(' ')
			}
		case *ast.String:
			b.Write(n.Value)
		case *ast.AutoLink:
			b.Write(n.URL(body))
		}
		return ast.WalkContinue, nil
	})
	return b.String()
}

func isBadge(node ast.Node, plain string) bool {
	emphasis, ok := node.(*ast.Emphasis)
	return ok && emphasis.Level == 2 && strings.HasPrefix(plain, "(") && strings.HasSuffix(plain, ")")
}
