package docs

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
)

const root = "../.."

// page is what tests want to know of a page of Markdown.
type page struct {
	path   string // from the module's root
	source []byte

	blocks   []block
	spans    []string // inline code
	links    []string
	anchors  map[string]bool
	headings []string
}

// block is a block of code.
type block struct {
	line     int    // of its first line
	language string // of its fence; empty for an indented one, "-" for a fence without
	text     string
}

// pages are the README, everything in docs, and CONTRIBUTING.md.
func pages(t *testing.T) []page {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	all := make([]page, 0, len(paths)+2)
	for _, path := range append(paths, filepath.Join(root, "README.md"), filepath.Join(root, "CONTRIBUTING.md")) {
		all = append(all, readPage(t, path))
	}
	return all
}

func readPage(t *testing.T, path string) page {
	t.Helper()
	source, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	relative, err := filepath.Rel(root, path)
	if err != nil {
		t.Fatal(err)
	}
	p := page{path: relative, source: source, anchors: map[string]bool{}}
	document := goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser().Parse(text.NewReader(source))
	err = ast.Walk(document, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			p.add(node)
		}
		return ast.WalkContinue, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (p *page) add(node ast.Node) {
	switch node := node.(type) {
	case *ast.FencedCodeBlock:
		language := string(node.Language(p.source))
		if language == "" {
			language = "-"
		}
		p.addBlock(node, language)
	case *ast.CodeBlock:
		p.addBlock(node, "")
	case *ast.CodeSpan:
		p.spans = append(p.spans, plain(node, p.source))
	case *ast.Link:
		p.links = append(p.links, string(node.Destination))
	case *ast.Heading:
		heading := plain(node, p.source)
		p.headings = append(p.headings, heading)
		p.anchors[anchor(heading)] = true
	}
}

func (p *page) addBlock(node ast.Node, language string) {
	lines := node.Lines()
	if lines.Len() == 0 {
		return
	}
	first := 1 + bytes.Count(p.source[:lines.At(0).Start], []byte("\n"))
	p.blocks = append(p.blocks, block{first, language, string(lines.Value(p.source))})
}

// plain is the text of a node without its markup.
func plain(node ast.Node, source []byte) string {
	var b strings.Builder
	for child := node.FirstChild(); child != nil; child = child.NextSibling() {
		if leaf, isText := child.(*ast.Text); isText {
			b.Write(leaf.Value(source))
		} else {
			b.WriteString(plain(child, source))
		}
	}
	return b.String()
}

var notInAnchors = regexp.MustCompile(`[^\p{L}\p{N} _-]`)

// anchor is what GitLab and GitHub make of a heading.
func anchor(heading string) string {
	return strings.ReplaceAll(notInAnchors.ReplaceAllString(strings.ToLower(heading), ""), " ", "-")
}
