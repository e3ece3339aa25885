package prompting

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/lang"
	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/syntax"
	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/text"
	"github.com/ai-gateway/ai-gateway/internal/tokenizer"
)

var tokens Tokens = tokenizer.New()

func TestBuild(t *testing.T) {
	files := []string{"import os", "import sys", "import re"}
	for _, tc := range []struct {
		name string
		in   Input
		want Prompt
	}{
		{
			"a short prefix is the prompt",
			Input{Total: 2048, Prefix: "foo(", SuffixReserve: 0.07, ContextShare: 1},
			Prompt{Prefix: "foo(", Components: []Component{{"prefix", Size{4, 2}}}},
		},
		{
			"context goes in front, and only its first item counts before it is cut",
			Input{Total: 2048, Prefix: "foo(", Suffix: ")", Context: []string{"import a", "import b c"}, SuffixReserve: 0.07, ContextShare: 1},
			Prompt{
				Prefix: "import a\nimport b c\nfoo(", Suffix: new(")"),
				Components: []Component{{"prefix", Size{4, 2}}, {"suffix", Size{1, 1}}},
				Context:    &ContextSizes{Pre: Size{19, 2}, Post: Size{19, 6}},
			},
		},
		{
			"a suffix without room is there, and empty",
			Input{
				Total: 10, Prefix: "alpha beta gamma delta epsilon zeta", Suffix: "one two three",
				Context: []string{"import a"}, SuffixReserve: 0.07, ContextShare: 1,
			},
			Prompt{
				Prefix: "import\nalpha beta gamma delta epsilon zeta", Suffix: new(""),
				Components: []Component{{"prefix", Size{35, 9}}, {"suffix", Size{0, 0}}},
				Context:    &ContextSizes{Pre: Size{8, 2}, Post: Size{6, 1}},
			},
		},
		{
			"context is cut to its share",
			Input{
				Total: 20, Prefix: "alpha beta gamma delta", Suffix: "one two three",
				Context: files, SuffixReserve: 0.07, ContextShare: 0.3,
			},
			Prompt{
				Prefix: "import os\nimport sys\n\nalpha beta gamma delta", Suffix: new("one"),
				Components: []Component{{"prefix", Size{22, 4}}, {"suffix", Size{3, 1}}},
				Context:    &ContextSizes{Pre: Size{30, 2}, Post: Size{21, 6}},
			},
		},
		{
			"a share of 0 is all",
			Input{Total: 20, Prefix: "alpha beta gamma delta", Suffix: "one two three", Context: files, SuffixReserve: 0.07},
			Prompt{
				Prefix: "import os\nimport sys\nimport re\nalpha beta gamma delta", Suffix: new("one"),
				Components: []Component{{"prefix", Size{22, 4}}, {"suffix", Size{3, 1}}},
				Context:    &ContextSizes{Pre: Size{30, 2}, Post: Size{30, 8}},
			},
		},
		{
			"context without room isn't there",
			Input{
				Total: 14, Prefix: "alpha beta gamma delta", Suffix: "one two three",
				Context: files, SuffixReserve: 0.5, ContextShare: 0.01,
			},
			Prompt{
				Prefix: "alpha beta gamma delta", Suffix: new("one two three"),
				Components: []Component{{"prefix", Size{22, 4}}, {"suffix", Size{13, 3}}},
				Context:    &ContextSizes{Pre: Size{30, 2}, Post: Size{0, 0}},
			},
		},
		{
			"shares beyond 0 and 1 are those",
			Input{Total: 9, Prefix: "a b", Suffix: "c d", SuffixReserve: 7, Context: []string{"e"}, ContextShare: -1},
			Prompt{
				Prefix: "e\n", Suffix: new("c d"),
				Components: []Component{{"prefix", Size{0, 0}}, {"suffix", Size{3, 2}}},
				Context:    &ContextSizes{Pre: Size{1, 1}, Post: Size{1, 1}},
			},
		},
		{
			"a window of nothing holds nothing",
			Input{Total: -1, Prefix: "a", Suffix: "b", Context: []string{"c"}},
			Prompt{
				Suffix:     new(""),
				Components: []Component{{"prefix", Size{0, 0}}, {"suffix", Size{0, 0}}},
				Context:    &ContextSizes{Pre: Size{1, 1}},
			},
		},
		{
			"the template takes from the window and isn't measured as prefix; context goes in front of it",
			Input{
				Total: 6, Prefix: "a b c d", Context: []string{"x"}, SuffixReserve: 0.4,
				Template: func(prefix string) string { return "<" + prefix + ">!" },
			},
			Prompt{
				Prefix:     "x\n< c d>!",
				Components: []Component{{"prefix", Size{4, 2}}},
				Context:    &ContextSizes{Pre: Size{1, 1}, Post: Size{1, 1}},
			},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := Build(tokens, tc.in)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestBudgets(t *testing.T) {
	endless := strings.Repeat("a ", 200_000)
	for _, tc := range []struct{ total, prefix, suffix, context int }{
		{2048, 1905, 143, 614},
		{8192, 7619, 573, 2457},
		{16384, 15238, 1146, 4915},
		{32768, 30475, 2293, 9830},
		{200000, 186000, 14000, 60000},
	} {
		full, err := Build(tokens, Input{Total: tc.total, Prefix: endless, Suffix: endless, SuffixReserve: 0.07})
		if err != nil {
			t.Fatal(err)
		}
		if prefix, suffix := full.Components[0].Tokens, full.Components[1].Tokens; prefix != tc.prefix || suffix != tc.suffix {
			t.Errorf("of %d tokens, %d and %d go to prefix and suffix; want %d and %d", tc.total, prefix, suffix, tc.prefix, tc.suffix)
		}
		roomy, err := Build(tokens, Input{Total: tc.total, Context: []string{endless}, SuffixReserve: 0.07, ContextShare: 0.3})
		if err != nil {
			t.Fatal(err)
		}
		if got := roomy.Context.Post.Tokens; got != tc.context {
			t.Errorf("of %d tokens, %d go to context; want %d", tc.total, got, tc.context)
		}
	}
}

func TestATemplateThatDoesNotFitIsAnError(t *testing.T) {
	_, err := Build(tokens, Input{Total: 3, Template: func(string) string { return "a b c d" }})
	if diff := cmp.Diff(&TooLargeError{Tokens: 4, Limit: 3}, asTooLarge(t, err)); diff != "" {
		t.Error(diff)
	}
}

func TestRaw(t *testing.T) {
	got, err := Raw(tokens, 4, "a ", "bé", " c")
	if err != nil {
		t.Fatal(err)
	}
	want := Prompt{Prefix: "a bé c", Components: []Component{{"prompt", Size{6, 4}}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestARawPromptIsNeverCut(t *testing.T) {
	if _, err := Raw(tokens, 4, "a b c d"); err != nil {
		t.Error(err)
	}
	_, err := Raw(tokens, 3, "a b c d")
	if diff := cmp.Diff(&TooLargeError{Tokens: 4, Limit: 3}, asTooLarge(t, err)); diff != "" {
		t.Error(diff)
	}
}

func TestAnEmptyRawPromptIsAPrompt(t *testing.T) {
	got, err := Raw(tokens, 0)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Prompt{Components: []Component{{Name: "prompt"}}}, got); diff != "" {
		t.Error(diff)
	}
}

func TestBlocksGoInFront(t *testing.T) {
	aa, bbb, c := sized("aa", 3), sized("bbb", 5), sized("c", 1)
	for _, tc := range []struct {
		name           string
		prefix, suffix string
		blocks         []block
		budget         int
		want           string
		post           Size
	}{
		{"in reverse order", "P", "S", []block{aa, bbb, c}, 9, "c\nbbb\naa\nP", Size{6, 9}},
		{"up to the first that doesn't fit", "P", "S", []block{aa, bbb, c}, 4, "aa\nP", Size{6, 3}},
		{"unless the prompt holds them", "P aa", "S bbb", []block{aa, bbb, c}, 9, "c\nP aa", Size{1, 1}},
		{"once", "P", "S", []block{aa, aa, c}, 7, "c\naa\nP", Size{3, 4}},
		{"never empty", "P", "S", []block{sized("", 0), c}, 1, "c\nP", Size{1, 1}},
		{"not at all when the first is too large", "P", "S", []block{sized("big!", 9), c}, 5, "P", Size{5, 0}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := Prompt{Prefix: tc.prefix, Suffix: &tc.suffix}
			got := p.addBlocks(tc.blocks, tc.budget)
			if p.Prefix != tc.want {
				t.Errorf("prefix %q, want %q", p.Prefix, tc.want)
			}
			if diff := cmp.Diff(ContextSizes{Pre: total(tc.blocks), Post: tc.post}, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestLegacy(t *testing.T) {
	long := strings.Repeat("x", 20) + "\nfoo = 1\nbar = 2\n" + strings.Repeat("y = 3\n", 40)
	for _, tc := range []struct {
		name           string
		fileName       string
		prefix, suffix string
		context        []string
		want           Prompt
	}{
		{
			"context is prepended in reverse order",
			"page.html", "template", "</x>",
			[]string{"ctx1", "ctx2"},
			Prompt{
				Prefix: "File: page.html\nctx2\nctx1\ntemplate", Suffix: new("</x>"),
				Components: []Component{{"prefix", Size{8, 1}}, {"suffix", Size{4, 3}}},
				Context:    &ContextSizes{Pre: Size{8, 4}, Post: Size{8, 4}},
			},
		},
		{
			"context that the prompt holds is left out",
			"a.py", "a = 1\n", "",
			[]string{"ctx1", "ctx2", "a = 1"},
			Prompt{
				Prefix: "# File: a.py (Python)\nctx2\nctx1\na = 1\n", Suffix: new(""),
				Components: []Component{{"prefix", Size{6, 4}}, {"suffix", Size{0, 0}}},
				Context:    &ContextSizes{Pre: Size{13, 7}, Post: Size{8, 4}},
			},
		},
		{
			"an incomplete first line is dropped from the length, not from the tokens",
			"a.rb", long, "", nil,
			Prompt{
				Prefix: "# File: a.rb (Ruby)\n" + long[21:], Suffix: new(""),
				Components: []Component{{"prefix", Size{256, 172}}, {"suffix", Size{0, 0}}},
			},
		},
		{
			"an empty prefix still has a header, of one line",
			"src/two\nlines\u2028.c", "", "", nil,
			Prompt{
				Prefix: "/* File: src/two lines .c (C) */\n", Suffix: new(""),
				Components: []Component{{"prefix", Size{0, 0}}, {"suffix", Size{0, 0}}},
			},
		},
		{
			"prefix and suffix share 2048 tokens",
			"a.txt", strings.Repeat(" a", 3000), strings.Repeat(" b", 3000), nil,
			Prompt{
				Prefix: "File: a.txt\n" + strings.Repeat(" a", 1905), Suffix: new(strings.Repeat(" b", 143)),
				Components: []Component{{"prefix", Size{3810, 1905}}, {"suffix", Size{286, 143}}},
			},
		},
		{
			"the prefix takes what the suffix leaves",
			"a.txt", strings.Repeat(" a", 3000), " b",
			nil,
			Prompt{
				Prefix: "File: a.txt\n" + strings.Repeat(" a", 2047), Suffix: new(" b"),
				Components: []Component{{"prefix", Size{4094, 2047}}, {"suffix", Size{2, 1}}},
			},
		},
		{
			"imports that the prompt holds are only counted; signatures of the suffix that it doesn't hold are comments",
			"a.py", "import os\n\ndef a():\n    ", "\n\ndef b(x):\n    return x\n", nil,
			Prompt{
				Prefix: "# File: a.py (Python)\n# def b(x):\n    \nimport os\n\ndef a():\n    ", Suffix: new("\n\ndef b(x):\n    return x\n"),
				Components: []Component{{"prefix", Size{24, 9}}, {"suffix", Size{25, 12}}},
				Imports:    ContextSizes{Pre: Size{9, 2}},
				Signatures: ContextSizes{Pre: Size{16, 8}, Post: Size{16, 8}},
			},
		},
		{
			"a comment of C encloses all lines of a signature",
			"a.c", "int x;\n", "int f(int a)\n{\n  return a;\n}\n", nil,
			Prompt{
				Prefix: "/* File: a.c (C) */\n/* int f(int a)\n */\nint x;\n", Suffix: new("int f(int a)\n{\n  return a;\n}\n"),
				Components: []Component{{"prefix", Size{7, 4}}, {"suffix", Size{29, 16}}},
				Signatures: ContextSizes{Pre: Size{19, 9}, Post: Size{19, 9}},
			},
		},
		{
			"there are no signatures of Java",
			"a.java", "a\n", "void f() {}\n", nil,
			Prompt{
				Prefix: "// File: a.java (Java)\na\n", Suffix: new("void f() {}\n"),
				Components: []Component{{"prefix", Size{2, 2}}, {"suffix", Size{12, 5}}},
			},
		},
		{
			"code that can't be parsed has no imports",
			"a.rb", "x = <<" + strings.Repeat("A", 300) + "\nrequire 'a'\n", "", nil,
			Prompt{
				Prefix: "# File: a.rb (Ruby)\nx = <<" + strings.Repeat("A", 300) + "\nrequire 'a'\n", Suffix: new(""),
				Components: []Component{{"prefix", Size{319, 47}}, {"suffix", Size{0, 0}}},
				Unparsed:   []error{syntax.ErrParser},
			},
		},
		{
			"context takes 1024 tokens more",
			"a.txt", "x", "",
			[]string{strings.Repeat(" a", 1000), strings.Repeat(" b", 24), " c"},
			Prompt{
				Prefix: "File: a.txt\n" + strings.Repeat(" b", 24) + "\n" + strings.Repeat(" a", 1000) + "\nx", Suffix: new(""),
				Components: []Component{{"prefix", Size{1, 1}}, {"suffix", Size{0, 0}}},
				Context:    &ContextSizes{Pre: Size{2050, 1025}, Post: Size{2050, 1024}},
			},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := Legacy(tokens, tc.fileName, lang.OfFile(tc.fileName), tc.prefix, tc.suffix, tc.context)
			if diff := cmp.Diff(tc.want, got, cmpopts.EquateErrors()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestLanguageServersFromVersion6_3SupportContext(t *testing.T) {
	for _, tc := range []struct {
		versions  string // separated by |
		supported bool
		warning   bool
	}{
		{"6.3.0|6.3|v6.3.0|V6.4|06.03.00| 6.3.0 ", true, false},
		{"7|6.10.0|1!0.1", true, false},
		{"6.3.0-1|6.3.0.post1|6.3.0+abc", true, false},
		{"6.4.0-alpha|7.0.0-beta.1", true, false},
		{"6.3.0-beta.1|6.3.0rc1|6.3.0c1|6.3.0.dev5|6.3.0a|6.3.0-preview2|6.3.0-rc.1+g12", false, false},
		{"6|6.2.99|0.0.0|", false, false},
		{"6.3.0-canary.1|6.3.0-SNAPSHOT|6.3.x|6_3_0|latest", false, true},
	} {
		for version := range strings.SplitSeq(tc.versions, "|") {
			supported, err := SupportsAdvancedContext(version)
			if supported != tc.supported || (err != nil) != tc.warning {
				t.Errorf("%q: supported %v, warning %v", version, supported, err)
			}
		}
	}
}

// FuzzBuild holds that a prompt never takes more than the window, and that its parts are cut at the right ends.
func FuzzBuild(f *testing.F) {
	f.Add(20, "alpha beta gamma delta", "one two three", "import os\nimport sys", "import re", 0.07, 0.3)
	f.Add(7, "日本語\r\n", "\xff\xfe", "", " ", 0.5, 0.0)
	f.Fuzz(func(t *testing.T, total int, prefix, suffix, item1, item2 string, reserve, share float64) {
		if math.IsNaN(reserve) || math.IsNaN(share) {
			t.Skip("not a number")
		}
		total %= 300
		p, err := Build(tokens, Input{
			Total: total, Prefix: prefix, Suffix: suffix, Context: []string{item1, item2}, SuffixReserve: reserve, ContextShare: share,
		})
		if err != nil {
			t.Fatal(err)
		}
		used := p.Context.Post.Tokens
		for _, c := range p.Components {
			used += c.Tokens
		}
		if used > max(total, 0) {
			t.Errorf("%d tokens in a window of %d", used, total)
		}
		if (p.Suffix == nil) != (suffix == "") {
			t.Errorf("suffix is %v for %q", p.Suffix, suffix)
		}
		whole := p.Components[0].Tokens == tokens.Count(prefix)
		if whole && utf8.ValidString(prefix) && !strings.HasSuffix(p.Prefix, prefix) {
			t.Errorf("prompt %q doesn't end with the whole prefix %q", p.Prefix, prefix)
		}
	})
}

func TestLegacyBudgets(t *testing.T) {
	var imports, functions strings.Builder
	for i := range 300 {
		fmt.Fprintf(&imports, "from package%d import name%d\n", i, i)
		fmt.Fprintf(&functions, "def compute_the_total_of_all_open_orders_%d(argument):\n    return 0\n", i)
	}
	for _, tc := range []struct {
		name           string
		prefix, suffix string
		imports        int // tokens at most
		signatures     int
		body           int
	}{
		{"imports take 245 tokens of 2048", imports.String() + strings.Repeat(" a", 3000), "", 245, 0, 1803},
		{"signatures take 1024", strings.Repeat(" a", 3000), functions.String(), 0, 1024, 1024},
		{"both take both", imports.String() + strings.Repeat(" a", 3000), functions.String(), 245, 1024, 779},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := Legacy(tokens, "a.py", lang.Python, tc.prefix, tc.suffix, nil)
			within := func(what string, got, most int) {
				if got > most || got < most-20 {
					t.Errorf("%s: %d tokens, want just below %d", what, got, most)
				}
			}
			within("imports", p.Imports.Post.Tokens, tc.imports)
			within("signatures", p.Signatures.Post.Tokens, tc.signatures)
			within("the rest", p.Components[0].Tokens+p.Components[1].Tokens, tc.body)
		})
	}
}

// FuzzLegacy holds that all parts of a prompt together stay in the budget, under a header of one line; only context comes on top.
func FuzzLegacy(f *testing.F) {
	f.Add("a.py", "import os\n", "\n", "ctx1", "ctx2")
	f.Add("a.go", strings.Repeat("import \"a\"\n", 100), strings.Repeat("func f() {}\n", 200), "", "#")
	f.Add("a\n.c", strings.Repeat("\n#", 3000), strings.Repeat("é", 300), "", "#")
	f.Fuzz(func(t *testing.T, fileName, prefix, suffix, item1, item2 string) {
		language := lang.OfFile(fileName)
		p := Legacy(tokens, fileName, language, prefix, suffix, []string{item1, item2})
		used := p.Components[0].Tokens + p.Components[1].Tokens + p.Imports.Post.Tokens + p.Signatures.Post.Tokens
		if used > legacyTotal || p.Context.Post.Tokens > legacyContextMax {
			t.Errorf("over budget: %+v", p)
		}
		first, _, found := strings.Cut(p.Prefix, "\n")
		if !found || len(text.SplitLines(first)) != 1 || !strings.HasPrefix(first, strings.TrimSuffix(language.Comment(""), " */")) {
			t.Errorf("header %q", first)
		}
	})
}

func BenchmarkBuild(b *testing.B) {
	prefix, suffix := code(3<<10), code(1<<10)
	for _, bm := range []struct {
		name    string
		context []string
	}{
		{"3 KB prefix, 1 KB suffix", nil},
		{"3 KB prefix, 1 KB suffix, 4 KB context", []string{code(2 << 10), code(2 << 10)}},
	} {
		b.Run(bm.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, err := Build(tokens, Input{Total: 32768, Prefix: prefix, Suffix: suffix, Context: bm.context, SuffixReserve: 0.07})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkLegacy(b *testing.B) {
	prefix, suffix := code(3<<10), code(1<<10)
	b.ReportAllocs()
	for b.Loop() {
		Legacy(tokens, "stock.py", lang.Python, prefix, suffix, nil)
	}
}

// code is Python of about the given number of bytes.
func code(size int) string {
	const function = "def low(self, limit=10):\n    # sorted by name\n    found = [s for s, n in self.items if n < limit]\n" +
		"    return found\n\n"
	return strings.Repeat(function, size/len(function)+1)[:size]
}

func sized(s string, tokens int) block {
	return block{text: s, Size: Size{Length: text.Length(s), Tokens: tokens}}
}

func asTooLarge(t *testing.T, err error) *TooLargeError {
	t.Helper()
	var e *TooLargeError
	if !errors.As(err, &e) {
		t.Fatalf("error %v is no TooLargeError", err)
	}
	return e
}
