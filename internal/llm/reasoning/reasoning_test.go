package reasoning_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/reasoning"
)

// scripted is a provider whose models say what a test wants them to.
type scripted struct {
	answer []llm.Chunk
	fails  bool // behind it
}

func (s *scripted) Resolve(llm.Ref) (llm.Handle, error) { return llm.Handle{Model: s}, nil }

func (s *scripted) Generate(context.Context, llm.Request) (llm.Stream, error) {
	return func(yield func(llm.Chunk, error) bool) {
		for _, chunk := range s.answer {
			if !yield(chunk, nil) {
				return
			}
		}
		if s.fails {
			yield(llm.Chunk{}, errBroken)
		}
	}, nil
}

func pieces(texts ...string) []llm.Chunk {
	chunks := make([]llm.Chunk, len(texts))
	for i, text := range texts {
		chunks[i].Text = text
	}
	return chunks
}

// ask asks a model for an answer that is scripted.
func ask(t testing.TB, p llm.Provider, api llm.API, stream bool) []llm.Chunk {
	t.Helper()
	return askFor(t, p, "m", api, stream)
}

func askFor(t testing.TB, p llm.Provider, name string, api llm.API, stream bool) []llm.Chunk {
	t.Helper()
	model, err := p.Resolve(llm.Ref{Provider: "custom_openai", Name: name, API: api, Server: llm.Server{URL: "http://h"}})
	if err != nil {
		t.Fatal(err)
	}
	answer, err := model.Generate(t.Context(), llm.Request{Stream: stream})
	if err != nil {
		t.Fatal(err)
	}
	var chunks []llm.Chunk
	for chunk, err := range answer {
		if err != nil {
			t.Fatal(err)
		}
		chunks = append(chunks, chunk)
	}
	return chunks
}

func texts(chunks []llm.Chunk) (hidden, text string) {
	var h, b strings.Builder
	for _, c := range chunks {
		h.WriteString(c.Hidden)
		b.WriteString(c.Text)
	}
	return h.String(), b.String()
}

func TestReasoningIsHidden(t *testing.T) {
	for _, tc := range []struct{ name, answer, want string }{
		{"a section and an empty line", "<think>\nTwo calls.\n</think>\n\nreturn a + b", "return a + b"},
		{"an empty section, as Qwen3 writes it when it shall not think", "<think>\n\n</think>\n\nreturn 1\n", "return 1\n"},
		{"the indentation of the answer stays", "<think>x</think>\n\n    return 1", "    return 1"},
		{"an answer right behind the tag", "<think>x</think>return 1", "return 1"},
		{"a blank behind the tag", "<think>x</think> = 1", " = 1"},
		{"CRLF", "<think>x</think>\r\n\r\nreturn 1", "return 1"},
		{"white space in front", "\n <think>x</think>\ny", "y"},
		{"Magistral", "[THINK]x[/THINK]y", "y"},
		{"Seed-OSS", "<seed:think>x</seed:think>y", "y"},
		{"Kimi-VL", "◁think▷x◁/think▷y", "y"},
		{"gpt-oss", "<|channel|>analysis<|message|>x<|end|><|start|>assistant<|channel|>final<|message|>y", "y"},
		{"gpt-oss without a thought", "<|channel|>final<|message|>y", "y"},
		{"a section that is never closed", "<think>\nLet me see, <", ""},
		{"nothing behind the section", "<think>x</think>\n", ""},
		{"an opening tag further down is part of the answer", "x = '<think>'\n# <think>a</think>", "x = '<think>'\n# <think>a</think>"},
		{"only one section is reasoning", "<think>a</think>\n<think>b</think>", "<think>b</think>"},
		{"what only looks like a tag", "<thin", "<thin"},
		{"another tag", "<thinking>a</thinking>", "<thinking>a</thinking>"},
		{"blanks alone", " \n", " \n"},
		{"nothing", "", ""},
		{"HTML", "<tr></tr>", "<tr></tr>"},
		{"a list", "[THIN]", "[THIN]"},
	} {
		for _, stream := range []bool{false, true} {
			for size := 1; size <= len(tc.answer)+1; size++ {
				answer := pieces(inPieces(tc.answer, size)...)
				if !stream {
					answer = pieces(tc.answer)
				}
				hidden, text := texts(ask(t, reasoning.Hide(&scripted{answer: answer}), llm.Chat, stream))
				if text != tc.want || len(hidden)+len(text) != len(tc.answer) {
					t.Errorf("%s, in pieces of %d bytes (streamed: %v): got %q, hidden %q, want %q", tc.name, size, stream, text, hidden, tc.want)
				}
			}
		}
	}
}

func inPieces(text string, size int) (pieces []string) {
	for len(text) > size {
		pieces, text = append(pieces, text[:size]), text[size:]
	}
	return append(pieces, text)
}

func TestAWholeAnswerMayBeginInsideASection(t *testing.T) {
	for _, tc := range []struct {
		name, answer, want string
		api                llm.API
	}{
		{"the template has opened it", "Okay, two calls.\n</think>\n\nreturn a + b", "return a + b", llm.Chat},
		{"DeepSeek-V3.1 leaves no line", "Okay.</think>return 1", "return 1", llm.Chat},
		{"nothing was thought", "\n</think>\n\nreturn 1", "return 1", llm.Chat},
		{"nothing but thoughts", "Okay.\n</think>", "", llm.Chat},
		{"a tag in backticks is spoken of", "R1 ends its thoughts with `</think>`.", "R1 ends its thoughts with `</think>`.", llm.Chat},
		{"and one in quotes", `x = strings.Cut(s, "</think>")`, `x = strings.Cut(s, "</think>")`, llm.Chat},
		{"thoughts that speak of it", "It ends with `</think>`, so\n</think>\ny", "y", llm.Chat},
		{"a continued text has no template", "a</think>\nb", "a</think>\nb", llm.Text},
	} {
		t.Run(tc.name, func(t *testing.T) {
			hidden, text := texts(ask(t, reasoning.Hide(&scripted{answer: pieces(tc.answer)}), tc.api, false))
			if text != tc.want || hidden+text != tc.answer {
				t.Errorf("got %q, hidden %q", text, hidden)
			}
		})
	}
}

func TestAModelThatBeginsInsideASectionIsRemembered(t *testing.T) {
	model := &scripted{}
	p := reasoning.Hide(model)
	step := func(what string, stream bool, want []llm.Chunk, answer ...llm.Chunk) {
		t.Helper()
		model.answer = answer
		if diff := cmp.Diff(want, ask(t, p, llm.Chat, stream)); diff != "" {
			t.Errorf("%s:\n%s", what, diff)
		}
	}
	orphan := pieces("Okay", ".\n</thi", "nk>\n", "\nx", " = 1")
	step("the first stream can't be known to begin so", true, orphan, orphan...)
	step("the next one can", true, []llm.Chunk{{Hidden: "Okay.\n</think>"}, {Hidden: "\n\n", Text: "x"}, {Text: " = 1"}}, orphan...)
	stop := llm.Chunk{Finish: "stop"}
	step("one that is all answer comes late", true, append(pieces("x", " = 1"), stop), append(pieces("x", " = 1"), stop)...)
	step("and the model is like others again", true, orphan, orphan...)
	length := llm.Chunk{Finish: "length"}
	step("thoughts that were cut", true, []llm.Chunk{{Hidden: "Okay, ", Finish: "length"}}, append(pieces("Okay", ", "), length)...)
	step("it is remembered all the same", false, []llm.Chunk{{Hidden: "Okay", Finish: "length"}}, llm.Chunk{Text: "Okay", Finish: "length"})
	step("an opening tag is none the worse", true, []llm.Chunk{{Hidden: "<think>"}, {Hidden: "a</think>"}, {Text: "b"}}, pieces("<think>", "a</think>", "b")...)
}

func TestAWholeAnswerTeachesForStreams(t *testing.T) {
	model := &scripted{answer: pieces("Okay.\n</think>\n\nx")}
	p := reasoning.Hide(model)
	ask(t, p, llm.Chat, false)
	model.answer = pieces("Oh.", "\n</think>\n", "\ny")
	if _, text := texts(ask(t, p, llm.Chat, true)); text != "y" {
		t.Errorf("got %q", text)
	}
}

func TestSomeModelsAreKnownByName(t *testing.T) {
	for name, known := range map[string]bool{
		"Qwen/QwQ-32B": true, "deepseek-ai/DeepSeek-R1-Distill-Qwen-7B": true, "Qwen/Qwen3-30B-A3B-Thinking-2507": true,
		"Qwen/Qwen3-32B": false, "deepseek-coder": false,
	} {
		model := &scripted{answer: pieces("Hm.\n", "</think>\n\n", "x")}
		p := reasoning.Hide(model)
		_, text := texts(askFor(t, p, name, llm.Chat, true))
		if hides := text == "x"; hides != known {
			t.Errorf("%s: got %q", name, text)
		}
		if !known {
			continue
		}
		model.answer = pieces("x", "y") // its server tells reasoning apart
		askFor(t, p, name, llm.Chat, true)
		model.answer = pieces("a", "</think>\n", "b")
		if diff := cmp.Diff(model.answer, askFor(t, p, name, llm.Chat, true)); diff != "" {
			t.Errorf("%s is held back:\n%s", name, diff)
		}
	}
}

func TestAQuotedOrOpenedTagTeachesNothing(t *testing.T) {
	for _, first := range [][]string{
		{"It is `</think", ">`."}, {"<a>\n<thi", "nk>x</think>\n</a>"}, {"'</think>' or \"</think>\" ", "or `", "</think>"}, {"x</think>"},
	} {
		model := &scripted{answer: pieces(first...)}
		p := reasoning.Hide(model)
		ask(t, p, llm.Chat, true)
		model.answer = pieces("a", "b</think>", "c")
		if diff := cmp.Diff(model.answer, ask(t, p, llm.Chat, true)); diff != "" {
			t.Errorf("after %q:\n%s", first, diff)
		}
	}
}

func TestAStreamIsHeldBackNoLongerThanNeeded(t *testing.T) {
	for _, tc := range []struct {
		name   string
		answer []string
		want   []llm.Chunk
	}{
		{"an answer passes as it comes", []string{"ret", "urn", " <think>", ""}, pieces("ret", "urn", " <think>", "")},
		{"white space waits for what follows, and is a piece of its own", []string{"\n", "x"}, pieces("\n", "x")},
		{"the beginning of a tag waits, and what turns out to be none is passed on as it came", []string{"", "<", "th", "ead>", "x"}, pieces("", "<", "th", "ead>", "x")},
		{
			"reasoning is reported as it comes",
			[]string{"<think>a", "b", "</th", "i</think>\n", "\n", "x", "y"},
			[]llm.Chunk{{Hidden: "<think>a"}, {Hidden: "b"}, {Hidden: "</thi</think>"}, {Hidden: "\n\n", Text: "x"}, {Text: "y"}},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := ask(t, reasoning.Hide(&scripted{answer: pieces(tc.answer...)}), llm.Chat, true)
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestManyHeldPiecesAreJoined(t *testing.T) {
	model := &scripted{answer: pieces("a</think> b")}
	p := reasoning.Hide(model)
	ask(t, p, llm.Chat, false) // now it is known to begin inside
	model.answer = append(pieces(inPieces(strings.Repeat("x", 250), 1)...), llm.Chunk{Finish: "stop"})
	got := ask(t, p, llm.Chat, true)
	if _, text := texts(got); text != strings.Repeat("x", 250) || len(got) > 101 || got[len(got)-1].Finish != "stop" {
		t.Errorf("got %d pieces: %v", len(got), got)
	}
}

// Without bounds, a server could make the gateway hold, and look at, whatever it sends.
func TestEndlessThoughtsAndWhiteSpaceAreBounded(t *testing.T) {
	endless := strings.Repeat("Hm. ", 80<<10)
	model := &scripted{answer: pieces("a</think> b")}
	p := reasoning.Hide(model)
	ask(t, p, llm.Chat, false)
	model.answer = pieces(inPieces(endless+"</think>\nx", 4)...)
	if hidden, text := texts(ask(t, p, llm.Chat, true)); text != "x" || len(hidden) < len(endless) {
		t.Errorf("%d bytes are hidden, shown is %.40q", len(hidden), text)
	}
	blank := strings.Repeat(" \n", 150<<10)
	for answer, want := range map[string]string{blank + "x": blank + "x", "<think>a</think>" + blank + "x": "x"} {
		model := &scripted{answer: pieces(inPieces(answer, 1)...)}
		if _, text := texts(ask(t, reasoning.Hide(model), llm.Chat, true)); text != want {
			t.Errorf("%.20q: shown are %d bytes", answer, len(text))
		}
	}
}

func TestTheMemoryIsBounded(t *testing.T) {
	model := &scripted{answer: pieces("a</think> b")}
	p := reasoning.Hide(model)
	for i := range 3000 {
		handle, err := p.Resolve(llm.Ref{Server: llm.Server{URL: fmt.Sprint(i)}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := llm.Collect(handle.Generate(t.Context(), llm.Request{})); err != nil {
			t.Fatal(err)
		}
	}
	if n := reasoning.Remembered(p); n != 1000 {
		t.Errorf("%d models are remembered", n)
	}
}

func TestWhatElseAPieceSaysIsKept(t *testing.T) {
	usage := &llm.Usage{InputTokens: 3, OutputTokens: 9}
	for _, stream := range []bool{false, true} {
		answer := []llm.Chunk{{Text: "<think>a</think>b", Finish: "stop", Usage: usage}}
		want := []llm.Chunk{{Hidden: "<think>a</think>", Text: "b", Finish: "stop", Usage: usage}}
		if diff := cmp.Diff(want, ask(t, reasoning.Hide(&scripted{answer: answer}), llm.Chat, stream)); diff != "" {
			t.Error(diff)
		}
	}
	answer := []llm.Chunk{{Text: "<think>a"}, {Finish: "length", Usage: usage}}
	want := []llm.Chunk{{Hidden: "<think>a"}, {Finish: "length", Usage: usage}}
	if diff := cmp.Diff(want, ask(t, reasoning.Hide(&scripted{answer: answer}), llm.Chat, true)); diff != "" {
		t.Error(diff)
	}
}

func TestAnAnswerIsLookedAtOnce(t *testing.T) {
	p := reasoning.Hide(reasoning.Hide(&scripted{answer: pieces("<think>a</think>", "<think>b</think>")}))
	if hidden, text := texts(ask(t, p, llm.Chat, true)); text != "<think>b</think>" || hidden != "<think>a</think>" {
		t.Errorf("got %q, hidden %q", text, hidden)
	}
}

var errBroken = errors.New("broken")

func TestWhatCameBeforeAFailureStays(t *testing.T) {
	for text, want := range map[string]string{"<": "<", "a": "a", "<think>a": ""} {
		model, _ := reasoning.Hide(&scripted{answer: pieces(text), fails: true}).Resolve(llm.Ref{})
		answer, _ := model.Generate(t.Context(), llm.Request{Stream: true})
		var got string
		var failure error
		for chunk, err := range answer {
			got, failure = got+chunk.Text, err
		}
		if got != want || !errors.Is(failure, errBroken) {
			t.Errorf("%q: got %q, %v", text, got, failure)
		}
	}
}

func TestAFailureTeachesNothing(t *testing.T) {
	model := &scripted{answer: pieces("a</think> b")}
	p := reasoning.Hide(model)
	ask(t, p, llm.Chat, false)
	model.fails, model.answer = true, pieces("Hm")
	handle, _ := p.Resolve(llm.Ref{Provider: "custom_openai", Name: "m", Server: llm.Server{URL: "http://h"}})
	answer, _ := handle.Generate(t.Context(), llm.Request{Stream: true})
	var got []llm.Chunk
	for chunk, err := range answer {
		if err == nil {
			got = append(got, chunk)
		}
	}
	if _, text := texts(got); text != "" {
		t.Errorf("thoughts are shown: %q", text)
	}
	model.fails, model.answer = false, pieces("Hm", "</think>\n", "x")
	if _, text := texts(ask(t, p, llm.Chat, true)); text != "x" {
		t.Errorf("the model is forgotten: %q", text)
	}
}

func TestLeavingTheLoopEndsTheCall(t *testing.T) {
	for _, text := range []string{"a", "<", "<think>"} {
		model, _ := reasoning.Hide(&scripted{answer: pieces(text, "b", "c")}).Resolve(llm.Ref{})
		answer, _ := model.Generate(t.Context(), llm.Request{Stream: true})
		for range answer { //nolint:revive // the second piece must not be asked for
			break
		}
	}
}

// However an answer is cut, the same is hidden; nothing is lost, and nothing but the answer is shown.
func FuzzReasoning(f *testing.F) {
	f.Add("<think>\na</think>\n\nb", uint8(3))
	f.Add("a\n</think>\n\nb", uint8(2))
	f.Add("<|start|>assistant<|channel|>analysis<|message|>x<|channel|>final<|message|>y", uint8(7))
	f.Add(" [THINK]x[/THINK]y<think>", uint8(1))
	f.Add("`</think>`</think>", uint8(4))
	f.Fuzz(func(t *testing.T, answer string, size uint8) {
		if size == 0 || answer == "" {
			return
		}
		whole := pieces(answer)
		cut := pieces(inPieces(answer, int(size))...)
		known := func() llm.Provider { // one that has been seen to begin inside
			m := &scripted{answer: pieces("a</think> b")}
			p := reasoning.Hide(m)
			ask(t, p, llm.Chat, false)
			return resettable{p, m}
		}
		for _, provider := range []func() llm.Provider{func() llm.Provider { m := &scripted{}; return resettable{reasoning.Hide(m), m} }, known} {
			for _, api := range []llm.API{llm.Chat, llm.Text} {
				hidden, text := texts(provider().(resettable).say(t, api, whole))
				hiddenCut, textCut := texts(provider().(resettable).say(t, api, cut))
				if hidden != hiddenCut || text != textCut {
					t.Errorf("%q in one piece: %q, hidden %q; cut: %q, hidden %q", answer, text, hidden, textCut, hiddenCut)
				}
				if hidden+text != answer {
					t.Errorf("%q becomes %q and %q", answer, hidden, text)
				}
				if start := strings.TrimSpace(text); hidden == "" && strings.HasPrefix(start, "<think>") {
					t.Errorf("%q is shown", text)
				}
			}
		}
	})
}

type resettable struct {
	llm.Provider
	model *scripted
}

func (r resettable) say(t *testing.T, api llm.API, answer []llm.Chunk) []llm.Chunk {
	r.model.answer = answer
	return ask(t, r, api, true)
}
