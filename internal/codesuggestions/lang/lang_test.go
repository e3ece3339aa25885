package lang

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestExtensionFollowsPOSIXPaths(t *testing.T) {
	for _, tc := range []struct {
		fileName, extension string
		language            Language
	}{
		{"a.tar.gz", "gz", None},
		{".py", "", None},
		{"a.", "", None},
		{"a.py/", "py", Python},
		{"a.py/.", "py", Python},
		{"a.py/.//./", "py", Python},
		{"..file", "file", None},
		{"a..py", "py", Python},
		{"a.py..", "", None},
		{"f.C", "C", CPP},
		{"f.c", "c", C},
		{"F.PY", "PY", None},
		{"types.d.ts", "ts", TypeScript},
		{`C:\x.rb`, "rb", Ruby},
		{"dir.py/Makefile", "", None},
		{"", "", None},
		{"..", "", None},
		{"/", "", None},
		{".", "", None},
	} {
		if got := Extension(tc.fileName); got != tc.extension {
			t.Errorf("Extension(%q) = %q, want %q", tc.fileName, got, tc.extension)
		}
		if got := OfFile(tc.fileName); got != tc.language {
			t.Errorf("OfFile(%q) = %q, want %q", tc.fileName, got.Label(), tc.language.Label())
		}
	}
}

func TestTheExtensionWinsOverTheEditor(t *testing.T) {
	for _, tc := range []struct {
		fileName, languageIdentifier string
		want                         Language
	}{
		{"main.py", "ruby", Python},
		{"main", "ruby", Ruby},
		{"app.vue", "typescript", TypeScript},
		{"app.vue", "vue", None},
		{"x", "Python", None},
		{"x", "", None},
		{"x.tsx", "javascript", TypeScript},
		{"x.h", "cpp", C},
	} {
		if got := Of(tc.fileName, tc.languageIdentifier); got != tc.want {
			t.Errorf("Of(%q, %q) = %q, want %q", tc.fileName, tc.languageIdentifier, got.Label(), tc.want.Label())
		}
	}
}

func TestEveryLanguageIsFoundByEachOfItsKeys(t *testing.T) {
	for label, keys := range map[string]struct{ extensions, editorIDs string }{
		"c":      {"c h", "c"},
		"cpp":    {"cpp hpp c++ h++ cc hh C H", "cpp"},
		"csharp": {"cs", "csharp"},
		"go":     {"go", "go"},
		"java":   {"java", "java"},
		"js":     {"js jsx", "javascript javascriptreact"},
		"php":    {"php php3 php4 php5 phps phpt", "php"},
		"python": {"py", "python"},
		"ruby":   {"rb", "ruby"},
		"rust":   {"rs", "rust"},
		"scala":  {"scala", "scala"},
		"ts":     {"ts tsx", "typescript typescriptreact"},
		"kotlin": {"kts kt", "kotlin"},
	} {
		for _, extension := range strings.Fields(keys.extensions) {
			if got := OfFile("name." + extension); got.Label() != label {
				t.Errorf("extension %s: %q, want %q", extension, got.Label(), label)
			}
		}
		for _, id := range strings.Fields(keys.editorIDs) {
			if got := Of("", id); got.Label() != label {
				t.Errorf("editor id %s: %q, want %q", id, got.Label(), label)
			}
		}
	}
}

func TestNamesAndComments(t *testing.T) {
	got := map[string]string{}
	for l := None; l <= Kotlin; l++ {
		got[l.Name()] = l.Comment("text")
	}
	want := map[string]string{
		"":           "text",
		"C":          "/* text */",
		"C++":        "// text",
		"C#":         "// text",
		"Go":         "// text",
		"Java":       "// text",
		"JavaScript": "// text",
		"PHP":        "// text",
		"Python":     "# text",
		"Ruby":       "# text",
		"Rust":       "// text",
		"Scala":      "// text",
		"TypeScript": "// text",
		"Kotlin":     "// text",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got := Python.Comment("def b(x):\n    "); got != "# def b(x):\n    " {
		t.Errorf("trailing white space is lost: %q", got)
	}
}

func FuzzDetection(f *testing.F) {
	f.Add("dir/.//a.tar.gz/./", "typescriptreact")
	f.Fuzz(func(t *testing.T, fileName, languageIdentifier string) {
		extension := Extension(fileName)
		if strings.ContainsAny(extension, "./") {
			t.Errorf("extension of %q is %q", fileName, extension)
		}
		if extension != "" && !strings.Contains(fileName, "."+extension) {
			t.Errorf("extension %q isn't in %q", extension, fileName)
		}
		l := Of(fileName, languageIdentifier)
		if byFile := OfFile(fileName); byFile != None && l != byFile {
			t.Errorf("%q is %q, with the editor's %q it is %q", fileName, byFile.Label(), languageIdentifier, l.Label())
		}
		if (l == None) != (l.Name() == "") || (l == None) != (l.Label() == "") {
			t.Errorf("language %d has label %q and name %q", l, l.Label(), l.Name())
		}
	})
}

func BenchmarkDetection(b *testing.B) {
	for name, file := range map[string][2]string{
		"by file": {"src/app/models/order.rb", "ruby"}, "by editor": {"Rakefile", "ruby"}, "not at all": {"docs/README", "markdown"},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Of(file[0], file[1])
			}
		})
	}
}
