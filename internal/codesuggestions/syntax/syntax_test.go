package syntax

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/lang"
)

func TestEveryLanguageCanBeParsed(t *testing.T) {
	for l := lang.None + 1; l <= lang.Kotlin; l++ {
		if tree := parse(t, l, "x"); len(tree.visited) == 0 {
			t.Errorf("%s has an empty tree", l.Name())
		}
	}
}

// TestKindsExist would fail if a grammar no longer knew a kind that its language is asked for.
func TestKindsExist(t *testing.T) {
	for l, g := range grammars {
		known := map[string]bool{}
		for _, name := range g.kinds().names {
			known[name] = true
		}
		asked := append([]string{}, g.imports...)
		asked = slices.Concat(asked, g.comments, g.symbols, g.opaque, g.texts)
		if g.function != "" {
			asked = append(asked, g.function, g.body)
		}
		if g.textPart != "" {
			asked = append(asked, g.textPart)
		}
		for _, kind := range asked {
			if !known[kind] {
				t.Errorf("%s: the grammar doesn't know %s", l.Name(), kind)
			}
		}
	}
}

func TestImports(t *testing.T) {
	for _, tc := range []struct {
		language lang.Language
		source   string
		want     []string
	}{
		{lang.C, "#include <a.h>\n#if X\n#include \"d.h\"\n#endif\n", []string{"#include <a.h>\n", "#include \"d.h\"\n"}},
		{lang.CSharp, "using System;\nusing A = B.C;\nclass Q{ void M(){ using (var x = y) {} } }\n", []string{"using System;", "using A = B.C;"}},
		{lang.Go, "package p\nimport \"a\"\nimport (\n\tb \"c\"\n)\n", []string{"import \"a\"", "import (\n\tb \"c\"\n)"}},
		{lang.Java, "import static a.B.c;\nimport d.*;\n", []string{"import static a.B.c;", "import d.*;"}},
		{lang.JavaScript, "import a from \"a\";\nconst b = require(\"b\");\nexport * from \"c\";\n", []string{"import a from \"a\";"}},
		{lang.PHP, "<?php\nuse A\\B;\nuse function C\\d;\nrequire_once \"e.php\";\n", []string{"use A\\B;", "use function C\\d;"}},
		{lang.PHP, "<?php\nUSE A\\B;\n", []string{"USE A\\B;"}},
		{
			lang.Python, "import a\nfrom b import c\nfrom __future__ import d\ndef f():\n    import e\n",
			[]string{"import a", "from b import c", "import e"},
		},
		{lang.Ruby, "require 'a'\nrequire_relative('b')\nload 'c'\nKernel.require 'd'\n", []string{"require 'a'", "require_relative('b')"}},
		{lang.Rust, "use a::b;\nextern crate c;\npub use e::f;\n", []string{"use a::b;", "pub use e::f;"}},
		{lang.Scala, "import a.b\nobject O { import f._ }\n", []string{"import a.b", "import f._"}},
		{lang.TypeScript, "import B = require(\"b\");\nimport \"c\";\n", []string{"import B = require(\"b\");", "import \"c\";"}},
		{lang.Kotlin, "import a.b\nimport c.*\n", []string{"import a.b", "import c.*"}},
		{lang.Kotlin, "import a.b // c\n\n/* d */ // e\nfun f() {}\n", []string{"import a.b // c\n\n/* d */ // e"}},
		{lang.Python, "# é\r\nimport größe\r\n", []string{"import größe"}},
	} {
		t.Run(tc.language.Name(), func(t *testing.T) {
			if !MayHaveImports(tc.language, tc.source) {
				t.Error("the source isn't worth parsing")
			}
			if diff := cmp.Diff(tc.want, parse(t, tc.language, tc.source).Imports()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSignatures(t *testing.T) {
	for _, tc := range []struct {
		language lang.Language
		source   string
		want     []string
	}{
		{lang.C, "static int f(int a) {\n  return a;\n}\nint g(void);\n", []string{"static int f(int a) "}},
		{lang.CPP, "class A { void m() { x(); } };\n", []string{"void m() "}},
		{lang.Go, "func F(a int) error {\n\treturn nil\n}\nfunc (s *S) M() {}\n", []string{"func F(a int) error "}},
		{
			lang.JavaScript, "async function g() {}\nfunction* h() {}\nconst k = () => {};\nclass C { m() {} }\n",
			[]string{"async function g() "},
		},
		{
			lang.Python, "def f(a):\n    return a\nclass C:\n    async def g(self): pass\n",
			[]string{"def f(a):\n    ", "async def g(self): "},
		},
		{lang.Python, "def x(): x\n", []string{"def (): "}},
		{lang.Ruby, "def send_it(a)\n  a\nend\n", []string{"def s_it()\n  \n"}},
		{lang.Ruby, "def one(x) = x + 1\n", []string{"def one(x) = x + 1"}},
		{lang.Rust, "impl S { pub fn m(&self) {} }\n", []string{"pub fn m(&self) "}},
		{lang.Scala, "def f(a: Int): Int = {\n  a\n}\ndef g = 1\n", []string{"def f(a: Int): Int = ", "def g = 1"}},
		{
			lang.TypeScript, "export function f(a: number): void {\n  return;\n}\ndeclare function g(): void;\n",
			[]string{"function f(a: number): void "},
		},
	} {
		t.Run(tc.language.Name(), func(t *testing.T) {
			if !MayHaveSignatures(tc.language, tc.source) {
				t.Error("the source isn't worth parsing")
			}
			if diff := cmp.Diff(tc.want, parse(t, tc.language, tc.source).Signatures()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestLanguagesWithoutSignatures(t *testing.T) {
	for language, source := range map[lang.Language]string{
		lang.Java: "class A { void f() {} }", lang.CSharp: "class A { void F() {} }", lang.Kotlin: "fun f() {}",
	} {
		if MayHaveSignatures(language, source) || parse(t, language, source).Signatures() != nil {
			t.Errorf("%s has signatures", language.Name())
		}
	}
}

func TestCommentsOnly(t *testing.T) {
	for _, tc := range []struct {
		language lang.Language
		source   string
		want     bool
	}{
		{lang.Python, "# only a note\n", true},
		{lang.Python, "x = 1  # trailing", false},
		{lang.Python, "\"\"\"doc\"\"\"\n", false},
		{lang.Go, "// note\n/* more */", true},
		{lang.Rust, "/* a */", false},
		{lang.Rust, "// a", true},
		{lang.Rust, "/// doc", true},
		{lang.Rust, "//! doc\n", true},
		{lang.Java, "/** d */", true},
		{lang.JavaScript, "// a\n}", false},
		{lang.JavaScript, "<!-- a -->\n", true},
		{lang.C, "#include <a.h>", false},
		{lang.PHP, "// php", false},
		{lang.PHP, "", false},
		{lang.Kotlin, "/* a */ // b", true},
		{lang.Scala, "// a\n/* b */", true},
		{lang.Scala, "#!/bin/sh\n", true},
		{lang.Ruby, "=begin\na\n=end\n", true},
		{lang.C, "\\\n// a", true},
		{lang.Python, " \n\t\n", true},
		{lang.Python, "", true},
		{lang.CSharp, "\u00a0", true},
		{lang.TypeScript, "\u00a0", true},
		{lang.Python, "\u00a0", false},
		{lang.Python, strings.Repeat("# n\n", 900) + "x=1", false},
		{lang.Python, strings.Repeat("# n\n", 1005) + "x=1", true},
		{lang.Rust, strings.Repeat("/// n\n", 900) + "x", false},
	} {
		got := MayBeComments(tc.language, tc.source) && parse(t, tc.language, tc.source).CommentsOnly()
		if tc.language == lang.PHP {
			got = got || parse(t, tc.language, tc.source).CommentsOnly()
		}
		if got != tc.want {
			t.Errorf("%s %.40q: comments only is %v", tc.language.Name(), tc.source, got)
		}
	}
}

func TestSymbols(t *testing.T) {
	for _, tc := range []struct {
		language lang.Language
		source   string
		want     map[string]int
	}{
		{
			lang.Ruby, "require 'a'\nmodule M\n  class C\n  end\nend\n# x\nputs 1\nclass << self\nend\n",
			map[string]int{"require": 1, "module": 1, "class": 1, "comment": 1},
		},
		{
			lang.Kotlin, "import a.b\n/* c */\nclass D { fun e() {} } // f\n",
			map[string]int{"import_header": 1, "multiline_comment": 1, "class_declaration": 1, "function_declaration": 1, "line_comment": 1},
		},
		{lang.Python, "from a import b\nimport c\n", map[string]int{"import_statement": 1}},
		{lang.Rust, "/// a\n/* b */ use c;\n", map[string]int{"line_comment": 1, "block_comment": 1, "use_declaration": 1}},
		{lang.Go, "", map[string]int{}},
	} {
		t.Run(tc.language.Name(), func(t *testing.T) {
			if diff := cmp.Diff(tc.want, parse(t, tc.language, tc.source).Symbols()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestMinimumBlock(t *testing.T) {
	const call = "foo([\n  1,\n], {\n  a: 2\n})\n"
	for _, tc := range []struct {
		language lang.Language
		source   string
		at       Point
		want     string
	}{
		{lang.Python, "def a():\n    return 1\nx = 2\n", Point{1, 4}, "def a():\n    return 1"},
		{lang.Python, "x = 2\n", Point{0, 0}, "x = 2\n"},
		{lang.JavaScript, call, Point{2, 1}, "[\n  1,\n]"},
		{lang.JavaScript, call, Point{2, 3}, "{\n  a: 2\n}"},
		{lang.JavaScript, call, Point{0, 2}, "foo([\n  1,\n], {\n  a: 2\n})"},
		{lang.Python, "a\n\nb\n", Point{1, 0}, "a\n\nb\n"},
		{lang.Rust, "/// doc\nfn f() {}\n", Point{0, 4}, "/// doc\nfn f() {}\n"},

		// The inside of a text is no block.
		{lang.JavaScript, "f(`a\nb\\n`)\n", Point{1, 0}, "`a\nb\\n`"},
		{lang.TypeScript, "f(`a\nb\\n`)\n", Point{1, 0}, "`a\nb\\n`"},
		{lang.Go, "var a = `b\nc`\n", Point{1, 0}, "`b\nc`"},
		{lang.Rust, "fn f() { r#\"a\nb\"# }\n", Point{1, 0}, "r#\"a\nb\"#"},
		{lang.Rust, "fn f() { g(\"a\nb\") }\n", Point{1, 0}, "\"a\nb\""},
		{lang.CSharp, "f(\"\"\"\na\n\"\"\");\n", Point{1, 0}, "\"\"\"\na\n\"\"\""},
	} {
		block := parse(t, tc.language, tc.source).MinimumBlock(tc.at)
		if got := tc.source[block.StartByte:block.EndByte]; got != tc.want {
			t.Errorf("the block at %v of %q is %q, want %q", tc.at, tc.source, got, tc.want)
		}
	}
}

func TestPointAt(t *testing.T) {
	for _, tc := range []struct {
		source string
		offset int
		want   Point
	}{
		{"", 0, Point{0, 0}},
		{"é x", 3, Point{0, 3}},
		{"a\n  b", 4, Point{1, 2}},
		{"a\r\n👍b", 7, Point{1, 4}},
		{"a\u2028b\f", 5, Point{0, 5}},
	} {
		if got := PointAt(tc.source, tc.offset); got != tc.want {
			t.Errorf("%d of %q is at %v, want %v", tc.offset, tc.source, got, tc.want)
		}
	}
}

func TestErrors(t *testing.T) {
	for _, tc := range []struct {
		language lang.Language
		source   string
		want     [][2]Point
	}{
		{lang.Python, "x = 1\n", nil},
		{lang.Python, "", nil},
		{lang.Python, "x = (\n", [][2]Point{{{0, 0}, {0, 5}}}},
		{lang.Ruby, "def a\n", [][2]Point{{{0, 5}, {0, 5}}}},
		{lang.JavaScript, "if (a { b }\n}\n", [][2]Point{{{1, 0}, {1, 1}}, {{0, 5}, {0, 5}}}},
		{lang.JavaScript, "<div>a</div>;", nil},
		{lang.PHP, "echo 1;", nil},
	} {
		tree := parse(t, tc.language, tc.source)
		var got [][2]Point
		for _, span := range tree.Errors() {
			got = append(got, [2]Point{span.Start, span.End})
		}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%s %q: %s", tc.language.Name(), tc.source, diff)
		}
		if tree.HasErrors() != (tc.want != nil) {
			t.Errorf("%s %q: has errors: %v", tc.language.Name(), tc.source, tree.HasErrors())
		}
	}
	if tree := parse(t, lang.TypeScript, "<div>a</div>;"); len(tree.Errors()) != 1 {
		t.Errorf("markup in TypeScript is not one error, but %v", tree.Errors())
	}
}

func TestATreeEndsAfter1000Nodes(t *testing.T) {
	tree := parse(t, lang.Python, strings.Repeat("import a\n", 1000))
	if got := len(tree.Imports()); got != 250 {
		t.Errorf("%d imports of 4 nodes each are found, want 250", got)
	}
}

// TestAFunctionAtTheEndOfATreeHasItsBody parses functions of which the last that is visited has its body behind the limit, each time
// a little more of it.
func TestAFunctionAtTheEndOfATreeHasItsBody(t *testing.T) {
	for n := range 20 {
		source := strings.Repeat("a\n", n) + strings.Repeat("def f(b):\n    return b\n", 300)
		for i, signature := range parse(t, lang.Python, source).Signatures() {
			if signature != "def f(b):\n    " {
				t.Errorf("behind %d lines, function %d has the signature %q", n, i, signature)
			}
		}
	}
}

func TestWhatCannotBeParsed(t *testing.T) {
	for _, tc := range []struct {
		name     string
		language lang.Language
		source   string
		want     error
	}{
		{"no language", lang.None, "x", ErrUnsupported},
		{"more than 1 MiB", lang.Python, strings.Repeat("x", 1<<20+1), ErrTooLarge},
		{"text that isn't UTF-8", lang.Python, "x = '\xff'", ErrNotUTF8},
		{"one step that would take half a minute", lang.Scala, strings.Repeat("`", 100_000), ErrTooComplex},
		{"one step that would take 20 GB", lang.Java, strings.Repeat("template<", 11_000), ErrTooComplex},
		{"steps without end", lang.Rust, strings.Repeat("%w(", 100_000), ErrTooComplex},
		{"a failed assertion", lang.Ruby, "x = <<" + strings.Repeat("A", 300) + "\nfoo\n", ErrParser},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tree, err := Parse(tc.language, tc.source)
			if !errors.Is(err, tc.want) || tree != nil {
				t.Errorf("error is %v, want %v", err, tc.want)
			}
			parse(t, lang.Python, "x = 1") // the parser is still of use
		})
	}
}

func TestNobodyWaitsForAParserForever(t *testing.T) {
	p := newPool(1, 0)
	first, err := p.take()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.take(); !errors.Is(err, ErrBusy) {
		t.Errorf("the second of one parser is %v", err)
	}
	p.put(first)
	if again, err := p.take(); again != first || err != nil {
		t.Errorf("a parser that was given back isn't lent again, but %v", err)
	}
}

func TestConcurrentParses(t *testing.T) {
	sources := map[lang.Language]string{
		lang.Python: "import a\ndef f():\n    pass\n", lang.Ruby: "require 'a'\ndef f\n  x = <<A\nb\nA\nend\n", lang.Go: "import \"a\"\n",
		lang.Scala: "import a\n", lang.PHP: "<?php use a;\n",
	}
	var all sync.WaitGroup
	for language, source := range sources {
		for range 4 {
			all.Go(func() {
				for range 50 {
					tree, err := Parse(language, source)
					if errors.Is(err, ErrBusy) {
						continue
					}
					if err != nil || len(tree.Imports()) != 1 {
						t.Errorf("%s: %v", language.Name(), err)
					}
				}
			})
		}
	}
	all.Wait()
}

// FuzzParse holds what a tree of whatever text is.
func FuzzParse(f *testing.F) {
	for l := lang.None; l <= lang.Kotlin; l++ {
		f.Add(uint8(l), "import a\n# b\nfunction c() {\n  return \"d${e}\n}\n", 0)
	}
	f.Add(uint8(lang.Ruby), "f(<<~A, <<'B'\n#{c}\nA\n%w(d", 5)
	f.Add(uint8(lang.PHP), "<?php use é; /* 👍 */ fn() => <<<A\nb\nA;", 9)
	f.Add(uint8(lang.Rust), "/// a\nr#\"b\"# 'c", 3)
	f.Fuzz(func(t *testing.T, language uint8, source string, offset int) {
		l := lang.Language(language % (uint8(lang.Kotlin) + 1))
		tree, err := Parse(l, source)
		if err != nil {
			return
		}
		if len(tree.visited) > 1000 {
			t.Errorf("%d nodes", len(tree.visited))
		}
		if got := tree.Imports(); len(got) > 0 && !MayHaveImports(l, source) {
			t.Errorf("unexpected imports %q", got)
		}
		if got := tree.Signatures(); len(got) > 0 && !MayHaveSignatures(l, source) {
			t.Errorf("unexpected signatures %q", got)
		}
		if tree.CommentsOnly() && !MayBeComments(l, source) {
			t.Error("unexpected comments")
		}
		tree.Symbols()
		if tree.HasErrors() && len(tree.visited) < 1000 && len(tree.Errors()) == 0 {
			t.Error("an error is nowhere")
		}
		block := tree.MinimumBlock(PointAt(source, max(0, min(offset, len(source)))))
		if block.StartByte > block.EndByte || block.EndByte > len(source) || PointAt(source, block.EndByte) != block.End {
			t.Errorf("block %v of %d bytes", block, len(source))
		}
	})
}

func BenchmarkParse(b *testing.B) {
	const function = "def low(self, limit=10):\n    # sorted by name\n    found = [s for s, n in self.items if n < limit]\n" +
		"    return found\n\n"
	source := strings.Repeat(function, 40)[:3<<10]
	b.SetBytes(int64(len(source)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(lang.Python, source); err != nil {
			b.Fatal(err)
		}
	}
}

func parse(t *testing.T, language lang.Language, source string) *Tree {
	t.Helper()
	tree, err := Parse(language, source)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}
