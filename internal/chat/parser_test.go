package chat

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// read is what the parser makes of pieces.
func read(pieces []string) []Event {
	return slices.Collect(events(streamOf(pieces...), false))
}

// outputs are whole outputs of models: those of spec/chat-agent.md 12, and more.
var outputs = []string{
	" Greeting only.\nAction: DirectAnswer\nFinal Answer: Hi there!",
	" ok\nFinal Answer: One \n\n  two \n",
	" ok\nFinal Answer:  All at once.  \n",
	" done\nFinal Answer: \n",
	"I can't say.",
	"  \n",
	" Need the issue.\nAction: issue_reader\nAction Input: Summarise #12\n",
	"t\nAction: issue_reader\nAction Input:",
	"use issue\\_reader\nAction: issue\\_reader\nAction Input: a\\_b",
	"t\nAction: MergeRequestReader\nAction Input: !7",
	"t\nAction: `issue_reader`\nAction Input: #1",
	"t\nAction: issue_reader\nQuestion: #1",
	"t\nAction Input: #1",
	"t\nAction: Action Input: #1",
	"t\nAction: issue_reader\nAction Input: #1\nObservation: none\nThought: done\nFinal Answer: Fine.",
	"t\nAction: a\nAction Input: #1\nThought: more\nAction: b\nAction Input: &2",
	"Action Input: x Action: y Action Input: z",
	"The Final Answer: is near.\nFinal Answer: yes",
	"k\nFinal Answer: caf\u00e9 \"q\" \\ / <b>&amp;\t\u007f\u2028\U0001f600.",
	"k\nFinal Answer: ```go\nx := 1\n```\n",
	"k\nFinal Answer: a </message> b c",
	"k\nFinal Answer: abc</message> tail more",
	"k\nFinal Answer:</message> tail",
	"k\nFinal Answer: \u00a0</message>",
	"k\nFinal Answer: <</mess</message></message>",
	"k\nFinal Answer: </mess \nage> </message",
	"t\nAction: issue_reader\nAction Input: #1 </message> rest",
	"t\naction: issue_reader\naction input: #1\nfinal answer: no",
	"FFinal Answer Final Answer:Final Answer: x\x1f\x1d",
}

func TestHoweverAnOutputIsCutItMeansWhatTheContractSays(t *testing.T) {
	for _, output := range outputs {
		cuts(output, func(pieces []string) {
			if diff := cmp.Diff(contract(pieces), read(pieces)); diff != "" {
				t.Errorf("%q: %s", pieces, diff)
			}
		})
	}
}

func TestAnyOutputMeansWhatTheContractSays(t *testing.T) {
	piece := rapid.Custom(func(t *rapid.T) string {
		words := rapid.SliceOfN(rapid.SampledFrom([]string{
			"Final Answer:", "Final", " Answer:", "Action:", "Action", " Input:", "Action Input:", "</message>", "</mess", "age>", "<", "/",
			" ", "\n", "\u2028", "\x1e", "\\_", "_", "x", "é", "MergeRequestReader",
		}), 0, 4).Draw(t, "words")
		return strings.Join(words, "")
	})
	rapid.Check(t, func(t *rapid.T) {
		pieces := rapid.SliceOfN(piece, 0, 12).Draw(t, "pieces")
		if diff := cmp.Diff(contract(pieces), read(pieces)); diff != "" {
			t.Errorf("%q: %s", pieces, diff)
		}
	})
}

func FuzzParser(f *testing.F) {
	for _, output := range outputs {
		f.Add(output, uint16(7), uint16(3))
	}
	f.Fuzz(func(t *testing.T, output string, first, second uint16) {
		if !utf8.ValidString(output) || strings.ContainsRune(output, utf8.RuneError) {
			t.Skip("a chunk is valid UTF-8")
		}
		runes := []rune(output)
		a := int(first) % (len(runes) + 1)
		b := a + int(second)%(len(runes)-a+1)
		pieces := []string{string(runes[:a]), string(runes[a:b]), string(runes[b:])}
		if diff := cmp.Diff(contract(pieces), read(pieces)); diff != "" {
			t.Errorf("%q: %s", pieces, diff)
		}
	})
}

func TestAnAnswerIsShownAsSoonAsItComes(t *testing.T) {
	var p parser
	for i, step := range []struct{ piece, shown string }{
		{"k\nFinal Answer:", ""}, {" ", ""}, {"On", "On"}, {"e ", "e"}, {"\n", ""}, {"two", " \ntwo"}, {"<", "<"}, {"/mess", "/mess"}, {" ", ""}, {"age>", " age>"},
	} {
		if got, _ := p.add(step.piece); got != step.shown {
			t.Errorf("piece %d: want %q shown, got %q", i, step.shown, got)
		}
	}
}

func TestTheParserKeepsNothingOfAnAnswerThatIsShown(t *testing.T) {
	var p parser
	p.add("Final Answer:")
	for range 1000 {
		p.add(" word")
	}
	if p.held() > 0 {
		t.Errorf("%d bytes are held", p.held())
	}
}

// BenchmarkParser reads one token of an answer, and one of a tool's input.
func BenchmarkParser(b *testing.B) {
	for _, start := range []string{"Thought: I know.\nFinal Answer: ", "Thought: I don't know.\nAction: issue_reader\nAction Input: "} {
		b.Run(fmt.Sprintf("after %q", start[len(start)-14:]), func(b *testing.B) {
			b.ReportAllocs()
			var p parser
			p.add(start)
			for b.Loop() {
				if p.add(" token"); p.held() > 100_000 {
					p = parser{}
					p.add(start)
				}
			}
		})
	}
}
