package chat

import (
	"strings"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/text"
)

// answer passes a final answer on (spec/chat-agent.md 8): all but white space is shown at once, white space when more follows. The end
// marker ends it. The zero value is ready for use.
type answer struct {
	shown  int    // bytes
	blanks []byte // white space that came after what was shown
	marker int    // how many bytes of the end marker are the last that were shown
	ended  bool
}

// add reads the next piece and returns what there is to show, if anything.
//
// Part of an end marker that was cut has been shown when its rest comes. It cannot be taken back; the contract shows an empty text then.
func (a *answer) add(piece string) (delta string, some bool) {
	switch {
	case a.ended:
		return "", false
	case a.marker > 0 && strings.HasPrefix(piece, endMarker[a.marker:]):
		a.ended = true
		return "", a.shown > a.marker
	}
	a.findMarker(piece)
	piece, _, a.ended = strings.Cut(piece, endMarker)
	if a.shown == 0 {
		piece = text.StripLeft(piece)
	}
	visible := text.StripRight(piece)
	if visible == "" {
		a.blanks = append(a.blanks, piece...)
		return "", false
	}
	delta = string(a.blanks) + visible
	a.blanks = append(a.blanks[:0], piece[len(visible):]...)
	a.shown += len(delta)
	return delta, true
}

// findMarker notes how much of an end marker the answer ends with after a piece. Its first character occurs in it only once.
func (a *answer) findMarker(piece string) {
	if a.marker > 0 && strings.HasPrefix(endMarker[a.marker:], piece) {
		a.marker += len(piece)
		return
	}
	a.marker = 0
	if at := strings.LastIndexByte(piece, endMarker[0]); at >= 0 && strings.HasPrefix(endMarker, piece[at:]) {
		a.marker = len(piece) - at
	}
}
