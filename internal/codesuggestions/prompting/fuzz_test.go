package prompting

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/lang"
)

// FuzzPromptsAreText holds that no builder cuts a character: what goes in as UTF-8 comes out as UTF-8, and what fits comes out as it was.
func FuzzPromptsAreText(f *testing.F) {
	f.Add("日本語 🎉 e\u0301\r\n", "👩‍👩‍👧", "ü\u2028", 7)
	f.Add(strings.Repeat("🎉", 3000), strings.Repeat("é", 3000), strings.Repeat("語", 3000), 100)
	f.Add("", "", "", 0)
	f.Fuzz(func(t *testing.T, prefix, suffix, item string, total int) {
		if !utf8.ValidString(prefix) || !utf8.ValidString(suffix) || !utf8.ValidString(item) {
			t.Skip("no text")
		}
		total = max(total%300, 0)
		built, err := Build(tokens, Input{Total: total, Prefix: prefix, Suffix: suffix, Context: []string{item}, SuffixReserve: 0.07, ContextShare: 0.3})
		if err != nil {
			t.Fatal(err)
		}
		for name, p := range map[string]Prompt{
			"the builder":     built,
			"the legacy one":  Legacy(tokens, "a.py", lang.Python, prefix, suffix, []string{item}),
			"the legacy, too": Legacy(tokens, "notes", lang.None, prefix, suffix, nil),
		} {
			if !utf8.ValidString(p.Prefix) || (p.Suffix != nil && !utf8.ValidString(*p.Suffix)) {
				t.Errorf("%s cuts a character: %q", name, p.Prefix)
			}
		}
		if built.Suffix != nil && built.Components[1].Tokens == tokens.Count(suffix) && *built.Suffix != suffix {
			t.Errorf("the suffix %q becomes %q", suffix, *built.Suffix)
		}
	})
}

// FuzzBuildInATemplate holds that a prompt with its template stays within the window, counted anew. Where a cut goes through a character, its
// parts become replacement characters, which may take some tokens more than the parts did.
func FuzzBuildInATemplate(f *testing.F) {
	f.Add(20, "alpha beta gamma delta", "```", "\n```")
	f.Add(9, "🎉🎉🎉🎉", "", "")
	f.Add(0, "x", "", "")
	f.Fuzz(func(t *testing.T, total int, prefix, before, behind string) {
		total %= 300
		p, err := Build(tokens, Input{Total: total, Prefix: prefix, Template: func(code string) string { return before + code + behind }})
		reserved := tokens.Count(before + behind)
		if err != nil {
			if e := asTooLarge(t, err); e.Tokens != reserved || e.Limit >= reserved {
				t.Errorf("%v for a template of %d tokens", err, reserved)
			}
			return
		}
		if used := reserved + p.Components[0].Tokens; used > max(total, 0) {
			t.Errorf("%d tokens in a window of %d", used, total)
		}
		if !strings.HasPrefix(p.Prefix, before) || !strings.HasSuffix(p.Prefix, behind) || p.Suffix != nil {
			t.Errorf("%q lacks its template", p.Prefix)
		}
		cut := strings.TrimSuffix(strings.TrimPrefix(p.Prefix, before), behind)
		replaced := strings.Count(cut, "\ufffd") - strings.Count(prefix, "\ufffd")
		if utf8.ValidString(prefix) && tokens.Count(cut) > p.Components[0].Tokens+max(replaced, 0) {
			t.Errorf("%q has %d tokens, not %d", cut, tokens.Count(cut), p.Components[0].Tokens)
		}
	})
}

// FuzzRaw holds that a prompt of the client's is taken as it is, or refused.
func FuzzRaw(f *testing.F) {
	f.Add(3, "a b", "c")
	f.Add(0, "", "")
	f.Fuzz(func(t *testing.T, total int, first, second string) {
		p, err := Raw(tokens, total, first, second)
		if fits := tokens.Count(first+second) <= total; (err == nil) != fits {
			t.Errorf("%q in %d tokens: %v", first+second, total, err)
		}
		if err == nil && (p.Prefix != first+second || p.Suffix != nil || len(p.Components) != 1) {
			t.Errorf("%+v", p)
		}
	})
}

func BenchmarkRaw(b *testing.B) {
	prompt := code(3 << 10)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Raw(tokens, 4096, prompt); err != nil {
			b.Fatal(err)
		}
	}
}
