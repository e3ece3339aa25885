package specialtokens_test

import (
	"strings"
	"testing"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/specialtokens"
)

func filtered(f *specialtokens.Filter, answer string, size int) string {
	var kept strings.Builder
	for len(answer) > size {
		kept.WriteString(f.Add(answer[:size]))
		answer = answer[size:]
	}
	kept.WriteString(f.Add(answer))
	kept.WriteString(f.End())
	return kept.String()
}

func TestCompletionsEndAtSpecialTokens(t *testing.T) {
	for _, tc := range []struct{ family, answer, want string }{
		{"codegemma", "return a<|file_separator|><|fim_prefix|>x", "return a"},
		{"codegemma", "<|fim_middle|>return a<eos>", "return a"},
		{"codegemma", "<start_of_turn>model\nreturn a<end_of_turn>\n", "return a"},
		{"codellama", "return a <EOT>\nmore", "return a"},
		{"codellama", " <MID>a + b<EOT>", "a + b"},
		{"codellama", "a </s>", "a "},
		{"codestral", "<s>a[/INST]", "a"},
		{"codestral", "[MIDDLE]a[SUFFIX]b", "a"},
		{"mistral", "a</s>[INST] and now", "a"},
		{"mistral_nemo", "a[TOOL_CALLS]", "a"},
		{"mixtral", "[/INST] a", "a"},
		{"mixtral", "<s> [/INST]a", "a"},
		{"deepseekcoder", "a<｜end▁of▁sentence｜>b", "a"},
		{"deepseekcoder", "<｜fim▁end｜>a<|EOT|>", "a"},
		{"deepseekcoder", "a<｜fim▁begin｜>", "a"},
		{"qwen", "a<|endoftext|>b", "a"},
		{"qwen", "<|im_start|>assistant\na<|im_end|>", "a"},
		{"qwen", "<|im_start|>user\nb", ""},
		{"qwen", "a<|file_sep|>b.py\n", "a"},
		{"qwen2p5-coder-7b", "a<|fim_pad|>", "a"},
		{"llama3", "<|start_header_id|>assistant<|end_header_id|>\n\na<|eot_id|>", "a"},
		{"llama3", "a<|start_header_id|>user", "a"},
		{"gpt", "a<|return|>", "a"},
		{"general", "<fim_middle>a<file_sep>", "a"},
		{"general", "a<|end_of_text|>", "a"},
		{"a family that nobody knows", "a<|im_end|>", "a"},

		{"codegemma", "<|fim_prefix|>def f():<|fim_suffix|>", ""},
		{"qwen", "<|endoftext|>a", ""},
		{"qwen", "a <|im_end", "a <|im_end"},
		{"qwen", "", ""},
		{"codellama", "a ", "a "},
		{"llama3", "<|start_header_id|>assistant<|end_header_id|>\n", ""},

		// Code is left alone.
		{"qwen", "<p>was <s>10</s> 5</p></s>", "<p>was <s>10</s> 5</p></s>"},
		{"mistral", "<p>was <s>10</s> 5</p>", "<p>was <s>10</s> 5</p>"},
		{"mistral", "x[PREF] = a[0][/INS]", "x[PREF] = a[0][/INS]"},
		{"codegemma", "[INST] <|im_end|> </s> <EOT>", "[INST] <|im_end|> </s> <EOT>"},
		{"gpt", "<|im_end|><fim_middle></s>", "<|im_end|><fim_middle></s>"},
		{"claude_3", "<|endoftext|></s>", "<|endoftext|></s>"},
		{"gemini", "<eos><|im_end|>", "<eos><|im_end|>"},
		{"general", "</s><eos><bos>[INST]<EOT>", "</s><eos><bos>[INST]<EOT>"},
	} {
		for size := 1; size <= len(tc.answer)+1; size++ {
			if got := filtered(specialtokens.Completion(tc.family), tc.answer, size); got != tc.want {
				t.Errorf("%s: %q in pieces of %d bytes: got %q, want %q", tc.family, tc.answer, size, got, tc.want)
			}
		}
	}
}

func TestWhatStandsInTheFileIsCode(t *testing.T) {
	for _, tc := range []struct{ family, above, below, answer, want string }{
		{"qwen", "END = '<|endoftext|>'\nif s == ", "", "'<|endoftext|>':<|im_end|>", "'<|endoftext|>':"},
		{"codellama", "# ends with <EOT>\n", "", "s += ' <EOT>' <EOT>", "s += ' <EOT>' <EOT>"},
		{"mistral", "<p>", "", "was <s> 10 </s></p>", "was <s> 10 </s></p>"},
		{"qwen", "if s == ", "\nEND = '<|endoftext|>'", "'<|endoftext|>'", "'<|endoftext|>'"},
		{"mistral", "from parts import PREFIX, SUFFIX\n", "", "x[PREFIX] = f(y)[SUFFIX] + [PREFIX]", "x[PREFIX] = f(y)[SUFFIX] + "},
		{"mistral", "<p>was <s>10", "", "</s> 5</p>", "</s> 5</p>"},
		{"mistral", "<p>", "<s>", "<s>10</s></p>", "<s>10</s></p>"},
		{"mistral", "<p>", "", "5</p></s>", "5</p>"},
	} {
		if got := filtered(specialtokens.Completion(tc.family, tc.above, tc.below), tc.answer, 3); got != tc.want {
			t.Errorf("%s, %q behind %q: got %q, want %q", tc.family, tc.answer, tc.above, got, tc.want)
		}
	}
}

func TestGenerationsHaveNoMiddle(t *testing.T) {
	const code = "x = [PREFIX] <|fim_middle|>"
	for _, family := range []string{"mistral", "qwen"} {
		if got := filtered(specialtokens.Generation(family), code, 4); got != code {
			t.Errorf("%s: got %q", family, got)
		}
	}
	if got := filtered(specialtokens.Generation("qwen"), "x<|im_end|>", 4); got != "x" {
		t.Errorf("got %q", got)
	}
}

func TestNothingIsHeldBackLongerThanNeeded(t *testing.T) {
	f := specialtokens.Completion("qwen")
	for _, step := range []struct{ piece, want string }{
		{"if a ", "if a "}, {"<", ""}, {" b ", "< b "}, {"<|im_", ""}, {"x|>\n", "<|im_x|>\n"}, {"a<|fim_p", "a"}, {"ad|>b", ""}, {"c", ""},
	} {
		if got := f.Add(step.piece); got != step.want {
			t.Errorf("after %q: got %q, want %q", step.piece, got, step.want)
		}
	}
	if !f.Ended() || f.End() != "" {
		t.Error("the answer goes on")
	}
}

func FuzzFilter(f *testing.F) {
	f.Add("mistral", "<s>a</s>[INST]b", uint8(2))
	f.Add("codellama", " <MID>a <EOT>", uint8(1))
	f.Add("general", "<|start_header_id|>assistant<|end_header_id|>\n\na<|eot_id|>", uint8(7))
	f.Fuzz(func(t *testing.T, family, answer string, size uint8) {
		if size == 0 {
			return
		}
		for _, filter := range []func(string, ...string) *specialtokens.Filter{specialtokens.Completion, specialtokens.Generation} {
			whole := filtered(filter(family), answer, len(answer)+1)
			if cut := filtered(filter(family), answer, int(size)); cut != whole {
				t.Errorf("%q: %q in one piece, %q cut", answer, whole, cut)
			}
			if len(whole) > len(answer) {
				t.Errorf("%q grows to %q", answer, whole)
			}
			for _, end := range specialtokens.Ends(family) {
				if strings.HasPrefix(end, "<|") && strings.Contains(whole, end) && filtered(filter(family), end, 1) == "" {
					t.Errorf("%q is left in %q", end, whole)
				}
			}
		}
	})
}
