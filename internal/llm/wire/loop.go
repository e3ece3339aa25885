package wire

import (
	"errors"
	"unicode/utf8"
)

// maxRepeats is how often a model may send the same piece in a row.
const maxRepeats = 100

// ErrLoop is the failure of a model that repeats itself.
var ErrLoop = errors.New("the model repeats itself")

// Loop notices a model that has fallen into a loop (spec/models-and-providers.md 9.9, rule 4). The zero value is ready for use.
type Loop struct {
	last  string
	times int
}

// Add takes the next piece of text. It is true for the one that follows 100 equal pieces of more than two characters, whatever that
// one is: the stream must fail with [ErrLoop]. Pieces without text don't count.
func (l *Loop) Add(text string) bool {
	switch {
	case text == "":
	case l.times >= maxRepeats && utf8.RuneCountInString(l.last) > 2:
		return true
	case text == l.last:
		l.times++
	default:
		l.last, l.times = text, 1
	}
	return false
}
