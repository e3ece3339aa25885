package postprocess

import (
	"strings"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/text"
)

// FencedCode keeps the code of an answer in which a chat model puts it into Markdown fences. The answer comes in pieces; how it is cut makes
// no difference. The zero value is ready for use.
//
// A line that begins with three backticks is a fence and left out. Of an answer that begins with one, what stands between the fences is kept,
// and so is what a fence with a language begins further down; the rest is prose. Other text has come before it can be known to be prose, and
// is kept. A line is held back only while it may be a fence.
type FencedCode struct {
	held  strings.Builder // of a line that begins like a fence
	state fenceState
	mid   bool // the last piece ended inside of a line that is no fence
}

type fenceState int

const (
	unfenced fenceState = iota // nothing but empty lines has come
	loose                      // text that no fence stands before
	fenced                     // between an opening and a closing fence
	prose                      // behind a closing one
)

// Add takes the next piece and returns what of the code has become clear.
func (f *FencedCode) Add(piece string) string {
	var kept strings.Builder
	for line := range strings.SplitAfterSeq(piece, "\n") {
		kept.WriteString(f.add(line))
	}
	return kept.String()
}

// End returns what was held back when the answer has ended.
func (f *FencedCode) End() string {
	line := f.held.String()
	f.held.Reset()
	switch marker := f.marker(line); {
	case !strings.HasPrefix(marker, fence):
		return f.keep(line)
	case isCodeSpan(marker):
		return f.keep(strings.Trim(marker, "`"))
	}
	return ""
}

// Ended says that nothing more will come. That can't be known: there may be another block.
func (f *FencedCode) Ended() bool { return false }

// add takes a line, or a part of one.
func (f *FencedCode) add(part string) string {
	if part == "" {
		return ""
	}
	complete := strings.HasSuffix(part, "\n")
	if f.mid {
		f.mid = !complete
		return f.keep(part)
	}
	f.held.WriteString(part)
	line := f.held.String()
	marker := f.marker(line)
	switch isFence := strings.HasPrefix(marker, fence) && len(line) <= maxFence; {
	case !complete && (isFence || strings.HasPrefix(fence, marker)):
		return ""
	case isFence && isCodeSpan(marker):
		line = strings.Trim(strings.TrimSuffix(marker, "\n"), "`") + "\n"
	case isFence:
		f.held.Reset()
		f.pass(marker)
		return ""
	}
	f.held.Reset()
	f.mid = !complete
	return f.keep(line)
}

// marker is what of a line would be the fence. The one that an answer begins with may be indented a little.
func (f *FencedCode) marker(line string) string {
	if f.state == unfenced {
		return unindented(line)
	}
	return line
}

// unindented is a line without the up to three blanks that Markdown allows before a fence.
func unindented(line string) string {
	if marker := strings.TrimLeft(line, " "); len(line)-len(marker) <= 3 {
		return marker
	}
	return line
}

// maxFence is how many bytes the line of a fence may have.
const maxFence = 1000

// isCodeSpan says that a line which begins like a fence has backticks further on, too: no fence has.
func isCodeSpan(line string) bool {
	return strings.Contains(strings.TrimLeft(line, "`"), "`")
}

// pass passes a fence.
func (f *FencedCode) pass(line string) {
	labelled := text.Strip(strings.TrimLeft(line, "`")) != ""
	switch {
	case f.state == fenced && !labelled:
		f.state = prose
	case f.state != loose || labelled:
		f.state = fenced
	}
}

// keep is a part of a line, if it is code.
func (f *FencedCode) keep(part string) string {
	switch f.state {
	case prose:
		return ""
	case unfenced:
		if text.Strip(part) != "" {
			f.state = loose
		}
	}
	return part
}

// KeepFencedCode is [FencedCode] for a whole answer, of which prose before the first fence can be told, too. The line feed before a closing
// fence belongs to the fence. An answer without fences is returned as it is.
//
// When code comes before a single fence without a language, as from a model whose prompt had begun the block, it is that what is kept.
func KeepFencedCode(answer string) string {
	fences := 0
	first, labelled := -1, false
	for at, line := range linesOf(answer) {
		if text.Strip(answer[:at]) == "" {
			line = unindented(line)
		}
		if !strings.HasPrefix(line, fence) || len(line) > maxFence || isCodeSpan(line) {
			continue
		}
		if fences++; fences == 1 {
			first, labelled = at, text.Strip(strings.TrimLeft(line, "`")) != ""
		}
	}
	var kept string
	switch {
	case fences == 0:
		return answer
	case fences%2 == 1 && !labelled && text.Strip(answer[:first]) != "":
		kept = answer[:first]
	default:
		var f FencedCode
		kept = f.Add(answer[first:]) + f.End()
	}
	return strings.TrimSuffix(kept, "\n")
}

// linesOf yields the lines of a text, with their line feeds, and where they begin.
func linesOf(s string) func(func(int, string) bool) {
	return func(yield func(int, string) bool) {
		at := 0
		for line := range strings.SplitAfterSeq(s, "\n") {
			if !yield(at, line) {
				return
			}
			at += len(line)
		}
	}
}
