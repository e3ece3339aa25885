package postprocess

import (
	"strings"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/text"
)

// Beginning sets the beginning of generated code right that comes in pieces: [PrependLineFeed], and [StripWhitespaces] for an answer of
// nothing else.
type Beginning struct {
	Prefix string // the whole text above the cursor
	blanks strings.Builder
	begun  bool
}

// Add takes the next piece and returns what of the code has become clear: all from the first character on that is no white space.
func (b *Beginning) Add(piece string) string {
	if b.begun {
		return piece
	}
	if text.StripLeft(piece) == "" && b.blanks.Len() < maxBlanks {
		b.blanks.WriteString(piece)
		return ""
	}
	b.begun = true
	return PrependLineFeed(b.blanks.String()+piece, b.Prefix)
}

// maxBlanks bounds the white space that is held back, in bytes.
const maxBlanks = 64 << 10

// End returns nothing: white space alone is no code.
func (b *Beginning) End() string { return "" }

// Ended says that nothing more will come, which can't be known.
func (b *Beginning) Ended() bool { return false }
