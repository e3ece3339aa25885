package syntax

import (
	"strings"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/lang"
)

// CommentsOnly reports whether the text is comments and white space; never for PHP, where text is no code (spec/code-suggestions.md 6.5).
func (t *Tree) CommentsOnly() bool {
	for i := range t.visited {
		if t.kinds.role(&t.visited[i])&isComment == 0 {
			return false
		}
	}
	return true
}

// MayBeComments reports whether it is worth parsing source to learn that it is comments only. It looks at how the text starts.
func MayBeComments(language lang.Language, source string) bool {
	g := grammars[language]
	if g == nil || g.comments == nil {
		return false
	}
	for i := range len(source) {
		switch c := source[i]; {
		case c == '\\' || c >= 0x7F:
			return true // a continued line, white space of another script: that is for the grammar to know
		case c > ' ':
			return strings.IndexByte(g.commentStarts, c) >= 0
		}
	}
	return true
}

// endLineComments ends comments at the end of their line. Rust's documentation comments also take the line feed, and would be blocks of
// two rows.
func (t *Tree) endLineComments() {
	for i := range t.visited {
		n := &t.visited[i]
		if t.kinds.way(n) == skipInside && n.endRow == n.startRow+1 && n.endColumn == 0 {
			n.end--
			n.endRow--
			n.endColumn = n.startColumn + n.end - n.start
		}
	}
}
