package endtokens_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/endtokens"
)

// scripted is a provider whose models say what a test wants them to.
type scripted struct {
	answer []llm.Chunk
	fails  error
}

func (s scripted) Resolve(llm.Ref) (llm.Handle, error) { return llm.Handle{Model: s}, nil }

func (s scripted) Generate(context.Context, llm.Request) (llm.Stream, error) {
	return func(yield func(llm.Chunk, error) bool) {
		for _, chunk := range s.answer {
			if !yield(chunk, nil) {
				return
			}
		}
		if s.fails != nil {
			yield(llm.Chunk{}, s.fails)
		}
	}, nil
}

func pieces(answer string, size int) (chunks []llm.Chunk) {
	for len(answer) > size {
		chunks, answer = append(chunks, llm.Chunk{Text: answer[:size]}), answer[size:]
	}
	return append(chunks, llm.Chunk{Text: answer})
}

func ask(t *testing.T, s scripted) (chunks []llm.Chunk, failure error) {
	t.Helper()
	handle, err := endtokens.Hide(s).Resolve(llm.Ref{})
	if err != nil {
		t.Fatal(err)
	}
	answer, err := handle.Generate(t.Context(), llm.Request{})
	if err != nil {
		t.Fatal(err)
	}
	for chunk, err := range answer {
		if err != nil {
			return chunks, err
		}
		chunks = append(chunks, chunk)
	}
	return chunks, nil
}

func texts(chunks []llm.Chunk) (text, hidden string) {
	for _, c := range chunks {
		text, hidden = text+c.Text, hidden+c.Hidden
	}
	return text, hidden
}

func TestAnEndTokenIsNoPartOfAnAnswer(t *testing.T) {
	for _, tc := range []struct{ answer, want string }{
		{"It is #12.<|im_end|>", "It is #12."},
		{"It is #12.\n<|eot_id|>\n", "It is #12.\n"},
		{"x<｜end▁of▁sentence｜>", "x"},
		{"x<end_of_turn>\n<|endoftext|> ", "x"},
		{"x<|im_end|><|im", "x"},
		{"<|end|>", ""},
		{"", ""},

		{"It ends with <|im_end|>.", "It ends with <|im_end|>."},
		{"`<|im_end|>`", "`<|im_end|>`"},
		{"<|im_start|>user\nHi<|im_end|>\n<|im_start|>", "<|im_start|>user\nHi<|im_end|>\n<|im_start|>"},
		{"a <|im_en", "a <|im_en"},
		{"a < b", "a < b"},
		{"<s>10</s>", "<s>10</s>"},
	} {
		for size := 1; size <= len(tc.answer)+1; size++ {
			chunks, err := ask(t, scripted{answer: pieces(tc.answer, size)})
			text, hidden := texts(chunks)
			if text != tc.want || text+hidden != tc.answer || err != nil {
				t.Errorf("%q in pieces of %d bytes: got %q, hidden %q, %v", tc.answer, size, text, hidden, err)
			}
		}
	}
}

func TestOnlyWhatMayEndAnAnswerIsHeldBack(t *testing.T) {
	usage := &llm.Usage{OutputTokens: 2}
	for _, tc := range []struct {
		name         string
		answer, want []llm.Chunk
	}{
		{"an answer", []llm.Chunk{{Text: "a"}, {}, {Text: " > b"}, {Finish: "stop"}}, []llm.Chunk{{Text: "a"}, {}, {Text: " > b"}, {Finish: "stop"}}},
		{"what might be a token", []llm.Chunk{{Text: "a <"}, {Text: " b"}, {Text: "c"}}, []llm.Chunk{{Text: "a "}, {Text: "< b"}, {Text: "c"}}},
		{
			"a token",
			[]llm.Chunk{{Text: "a<|im"}, {Text: "_end|>"}, {Finish: "stop", Usage: usage}},
			[]llm.Chunk{{Text: "a"}, {Finish: "stop", Usage: usage, Hidden: "<|im_end|>"}},
		},
		{"a whole answer", []llm.Chunk{{Text: "a<|im_end|>", Finish: "stop"}}, []llm.Chunk{{Text: "a", Finish: "stop", Hidden: "<|im_end|>"}}},
		{"white space without end", []llm.Chunk{{Text: "<|end|>"}, {Text: strings.Repeat(" ", 1100)}, {Text: "x"}}, []llm.Chunk{{Text: "<|end|>" + strings.Repeat(" ", 1100)}, {Text: "x"}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := ask(t, scripted{answer: tc.answer})
			if diff := cmp.Diff(tc.want, got); diff != "" || err != nil {
				t.Errorf("%v\n%s", err, diff)
			}
		})
	}
}

func TestWhatCameBeforeAFailureStays(t *testing.T) {
	broken := errors.New("broken")
	chunks, err := ask(t, scripted{answer: pieces("a<|im", 9), fails: broken})
	if text, _ := texts(chunks); text != "a<|im" || !errors.Is(err, broken) {
		t.Errorf("got %q, %v", text, err)
	}
}

func FuzzEndTokens(f *testing.F) {
	f.Add("a<|im_end|>\n<|end|>", uint8(3))
	f.Add("<|eot_id|>b<", uint8(1))
	f.Fuzz(func(t *testing.T, answer string, size uint8) {
		if size == 0 || len(answer) > 1000 {
			return
		}
		whole, _ := ask(t, scripted{answer: []llm.Chunk{{Text: answer}}})
		text, hidden := texts(whole)
		cut, _ := ask(t, scripted{answer: pieces(answer, int(size))})
		if textCut, hiddenCut := texts(cut); textCut != text || hiddenCut != hidden {
			t.Errorf("%q in one piece: %q; cut: %q", answer, text, textCut)
		}
		if text+hidden != answer {
			t.Errorf("%q becomes %q and %q", answer, text, hidden)
		}
		if strings.HasSuffix(text, "<|im_end|>") {
			t.Errorf("%q ends with a token", text)
		}
	})
}
