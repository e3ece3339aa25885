// Package syntax finds out what a piece of source code is made of: its imports, the signatures of its functions, whether it is nothing but
// comments, which block encloses a place, where it is in error (spec/code-suggestions.md 6).
//
// [Parse] returns a [Tree], which answers these questions. Code at a cursor is half-written more often than not, so parsing tolerates
// errors: within the limits of size and work, every text of a known language has a tree.
//
// A tree knows the first 1000 nodes of a text, depth first; what comes later is invisible to it. It is a plain value: there is nothing to
// close, and it may be used by several goroutines at once.
package syntax

import (
	"errors"
	"time"
	"unicode/utf8"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/lang"
)

// Limits of one parse.
const (
	maxSource = 1 << 20                // bytes
	maxMemory = 64 << 20               // bytes
	maxWork   = 150 * time.Millisecond // of a processor
	maxWait   = 500 * time.Millisecond // for a parser
)

// Why a text has no tree.
var (
	ErrUnsupported = errors.New("unsupported language")
	ErrTooLarge    = errors.New("the code is too large")
	ErrNotUTF8     = errors.New("the code is not UTF-8")
	ErrTooComplex  = errors.New("the code takes too much time or memory")
	ErrParser      = errors.New("the parser failed")
	ErrBusy        = errors.New("too much code is being parsed")
)

// Tree is what is known of a text.
type Tree struct {
	kinds    *kindTable
	source   string
	visited  []node // the root first
	children []node // of nodes that are asked for them, see childrenOf
}

// Parse returns the tree of source. Without one, the error is [ErrUnsupported] for [lang.None], or another of those above.
//
// It waits half a second for a parser at most, which then works for no more than 150 milliseconds. 3 KB take about half of one.
func Parse(language lang.Language, source string) (*Tree, error) {
	g := grammars[language]
	switch {
	case g == nil:
		return nil, ErrUnsupported
	case len(source) > maxSource:
		return nil, ErrTooLarge
	case !utf8.ValidString(source):
		return nil, ErrNotUTF8
	}
	p, err := parsers.take()
	if err != nil {
		return nil, err
	}
	defer parsers.put(p)
	return p.parse(g, source)
}

// HasErrors reports whether anything in the text doesn't belong, or is missing.
func (t *Tree) HasErrors() bool { return t.visited[0].hasError }

// text is the part of the source that a node spans.
func (t *Tree) text(n *node) string { return t.source[n.start:n.end] }

// childrenOf are the direct children of an import or a function, also those that weren't visited.
func (t *Tree) childrenOf(n *node) []node { return t.children[n.firstChild : n.firstChild+n.kept] }

// collect returns what pick finds in the nodes, by the order of their visit, up to maxSource bytes: nested ones can repeat the text many times over.
func (t *Tree) collect(pick func(i int) (string, bool)) []string {
	var texts []string
	size := 0
	for i := range t.visited {
		text, ok := pick(i)
		if !ok {
			continue
		}
		if size += len(text); size > maxSource {
			break
		}
		texts = append(texts, text)
	}
	return texts
}
