package reasoning

import (
	"cmp"
	"strings"

	"github.com/ai-gateway/ai-gateway/internal/llm"
)

// hide moves the reasoning of an answer out of its text. Pieces of an answer without reasoning come out as they went in.
//
// Learn, unless it is nil, is told whether an answer has turned out to begin inside of a section, when that shows: true for a closing tag
// without an opening one, false for an answer that was awaited to have one and has none.
func hide(answer llm.Stream, begins start, learn func(opened bool)) llm.Stream {
	return func(yield func(llm.Chunk, error) bool) {
		h := hiding{split: splitter{start: begins}, learn: learn, yield: yield}
		for chunk, err := range answer {
			if err != nil {
				if h.end(true) {
					yield(llm.Chunk{}, err)
				}
				return
			}
			if !h.take(chunk) {
				return
			}
		}
		h.end(h.finish == "length")
	}
}

// hiding is the reasoning of one answer being hidden.
type hiding struct {
	split   splitter
	watch   orphanWatch
	pending []llm.Chunk // pieces that are held back, as they came
	many    bool        // too many to keep them apart: pending has all that they said but their text
	finish  string      // why the model stopped
	begun   bool        // the answer has reasoning
	told    bool
	learn   func(opened bool)
	yield   func(llm.Chunk, error) bool
}

// take takes the next piece. It returns false when nobody wants to have more.
func (h *hiding) take(chunk llm.Chunk) bool {
	if chunk.Finish != "" {
		h.finish = chunk.Finish
	}
	switch {
	case chunk.Hidden != "": // somebody has looked at the answer before
		h.begun = true
		return h.end(true) && h.yield(chunk, nil)
	case h.split.state == answering:
		if !h.begun {
			h.see(chunk.Text)
		}
		return h.yield(chunk, nil)
	case chunk.Text == "" && !h.split.undecided():
		return h.yield(chunk, nil)
	}
	hidden, text := h.split.add(chunk.Text)
	if h.split.undecided() {
		h.hold(chunk)
		return true
	}
	h.tell()
	if hidden == "" && h.split.state == answering && !h.begun {
		h.see(text)
		return h.release(strings.TrimSuffix(text, chunk.Text)) && h.yield(chunk, nil)
	}
	h.begun = true
	return h.pass(chunk, hidden, text)
}

// end passes on what is held back at the end of the answer; cut says that more would have come.
func (h *hiding) end(cut bool) bool {
	awaited := h.split.state == waiting && h.split.start == inside
	hidden, text := h.split.finish(cut)
	if hidden != "" {
		h.tell()
		return h.pass(llm.Chunk{}, hidden, text)
	}
	if awaited && !cut && h.learn != nil {
		h.learn(false)
	}
	return h.release(text)
}

// maxPending is how many held pieces are kept apart.
const maxPending = 100

// hold keeps a piece back.
func (h *hiding) hold(chunk llm.Chunk) {
	if len(h.pending) == maxPending {
		joined := h.joined(llm.Chunk{})
		h.pending, h.many = append(h.pending[:0], joined), true
	}
	h.pending = append(h.pending, chunk)
}

// release passes held pieces on as they came. Text is what stands in them.
func (h *hiding) release(text string) bool {
	if h.many {
		return h.pass(llm.Chunk{}, "", text)
	}
	for _, chunk := range h.pending {
		if !h.yield(chunk, nil) {
			return false
		}
	}
	h.pending = nil
	return true
}

// joined is a piece with all that the held ones said, but their text.
func (h *hiding) joined(chunk llm.Chunk) llm.Chunk {
	for _, held := range h.pending {
		chunk.Finish = cmp.Or(chunk.Finish, held.Finish)
		chunk.Usage = cmp.Or(chunk.Usage, held.Usage)
	}
	h.pending, h.many = nil, false
	return chunk
}

// pass passes on a piece with another text, together with all else that the held ones said.
func (h *hiding) pass(chunk llm.Chunk, hidden, text string) bool {
	chunk = h.joined(chunk)
	chunk.Hidden, chunk.Text = hidden, text
	if chunk == (llm.Chunk{}) {
		return true
	}
	return h.yield(chunk, nil)
}

// tell reports a section that no tag has opened.
func (h *hiding) tell() {
	if h.split.orphan && h.learn != nil && !h.told {
		h.told = true
		h.learn(true)
	}
}

// see looks for a closing tag in text that has been passed on, too late for this answer.
func (h *hiding) see(text string) {
	if h.learn != nil && h.watch.add(text) {
		h.learn(true)
	}
}
