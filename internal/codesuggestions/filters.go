package codesuggestions

import (
	"github.com/ai-gateway/ai-gateway/internal/llm"
)

// filter takes out of an answer, which comes in pieces, what is no part of a suggestion. It serves one answer.
type filter interface {
	// Add takes the next piece and returns what of the suggestion has become clear.
	Add(piece string) string
	// End returns what was held back when the answer has ended.
	End() string
	// Ended says that nothing more will come, whatever is added.
	Ended() bool
}

// afterReasoning is a filter for models that reason: it takes nothing out of an answer that begins without.
type afterReasoning struct {
	filter
	on, begun bool
}

func (a *afterReasoning) Add(piece string) string {
	if a.begun = a.begun || piece != ""; !a.on {
		return piece
	}
	return a.filter.Add(piece)
}

func (a *afterReasoning) End() string {
	if !a.on {
		return ""
	}
	return a.filter.End()
}

// reasoned tells the filters that the model has thought, unless it has answered already.
func (fs filters) reasoned() {
	for _, f := range fs {
		if a, ok := f.(*afterReasoning); ok && !a.begun {
			a.on = true
		}
	}
}

// filters are passed one after another.
type filters []filter

func (fs filters) add(piece string) string {
	for _, f := range fs {
		piece = f.Add(piece)
	}
	return piece
}

func (fs filters) end() string {
	rest := ""
	for _, f := range fs {
		rest = f.Add(rest) + f.End()
	}
	return rest
}

func (fs filters) ended() bool {
	for _, f := range fs {
		if f.Ended() {
			return true
		}
	}
	return false
}

// whole is what the filters leave of an answer in one piece.
func (fs filters) whole(text string) string { return fs.add(text) + fs.end() }

// stream is what they leave of one in pieces. When they say that it has ended, the call to the model is, too.
func (fs filters) stream(answer llm.Stream) llm.Stream {
	if len(fs) == 0 {
		return answer
	}
	return func(yield func(llm.Chunk, error) bool) {
		var failure error
		for chunk, err := range answer {
			if failure = err; err != nil {
				break
			}
			if chunk.Hidden != "" {
				fs.reasoned()
			}
			said := chunk.Text != ""
			chunk.Text = fs.add(chunk.Text)
			held := said && chunk.Text == "" && chunk.Finish == "" && chunk.Usage == nil
			if !held && !yield(chunk, nil) {
				return
			}
			if fs.ended() {
				break
			}
		}
		if rest := fs.end(); rest != "" && !yield(llm.Chunk{Text: rest}, nil) {
			return
		}
		if failure != nil {
			yield(llm.Chunk{}, failure)
		}
	}
}
