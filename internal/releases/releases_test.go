package releases_test

import (
	"encoding/json"
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/ai-gateway/ai-gateway/internal/releases"
)

//go:generate go test -run TestTheDocumentIsCurrent -update

var update = flag.Bool("update", false, "write the table into the document")

const root = "../../"

// The table stands in a document that people write, between these lines.
const (
	document = root + "docs/compatibility.md"
	begin    = "<!-- Written by go generate from internal/releases: -->\n"
	end      = "<!-- end -->\n"
)

func TestTheDocumentIsCurrent(t *testing.T) {
	content, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(content), begin)
	_, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatalf("%s has no place for the table, between %q and %q", document, begin, end)
	}
	want := before + begin + "\n" + releases.Table() + "\n" + end + after
	if *update {
		if err := os.WriteFile(document, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want != string(content) {
		t.Errorf("%s lags behind the list of changes; run go generate ./internal/releases", document)
	}
}

func TestEveryChangeIsToldInFull(t *testing.T) {
	for _, c := range releases.Changes() {
		for what, text := range map[string]string{"what GitLab sends": c.Sends, "the contract": c.Contract, "ours": c.Ours} {
			if text == "" || strings.ContainsAny(text, "|\n") {
				t.Errorf("%s %q: %s is %q, which is no cell of a table", c.Releases(), c.Sends, what, text)
			}
		}
		if len(c.Handled) == 0 || len(c.Cases) == 0 {
			t.Errorf("%s %q: no code or no case", c.Releases(), c.Sends)
		}
	}
}

func TestReleasesAreInOrder(t *testing.T) {
	if !slices.IsSortedFunc(releases.Changes(), func(a, b releases.Change) int { return slices.Compare(begins(t, a), begins(t, b)) }) {
		t.Error("the changes are not in the order of the releases")
	}
}

// begins is where a change stands in the list: what old releases did comes first.
func begins(t *testing.T, c releases.Change) []int {
	t.Helper()
	release, order := c.From, 1
	if release == "" {
		release, order = c.To, 0
	}
	numbers := []int{order}
	for part := range strings.SplitSeq(release, ".") {
		n, err := strconv.Atoi(part)
		if err != nil {
			t.Fatalf("%q is no release such as 17.10", release)
		}
		numbers = append(numbers, n)
	}
	return numbers
}

func TestTheCodeThatHandlesAChangeIsThere(t *testing.T) {
	declared := map[string][]string{}
	for _, c := range releases.Changes() {
		for _, place := range c.Handled {
			path, name, _ := strings.Cut(place, " ")
			if declared[path] == nil {
				declared[path] = declarations(t, path)
			}
			if !slices.Contains(declared[path], name) {
				t.Errorf("%s %q: %s declares no %q", c.Releases(), c.Sends, path, name)
			}
		}
	}
}

// declarations are the names that a file declares at its top level, methods as "Type.Method".
func declarations(t *testing.T, path string) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), root+path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, declaration := range file.Decls {
		switch d := declaration.(type) {
		case *ast.FuncDecl:
			names = append(names, receiver(d)+d.Name.Name)
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				switch s := spec.(type) {
				case *ast.TypeSpec:
					names = append(names, s.Name.Name)
				case *ast.ValueSpec:
					for _, name := range s.Names {
						names = append(names, name.Name)
					}
				}
			}
		}
	}
	return names
}

func receiver(f *ast.FuncDecl) string {
	if f.Recv == nil {
		return ""
	}
	of := f.Recv.List[0].Type
	if pointer, ok := of.(*ast.StarExpr); ok {
		of = pointer.X
	}
	return of.(*ast.Ident).Name + "."
}

func TestTheCasesThatShowAChangeAreThere(t *testing.T) {
	recorded := cases(t, "*")
	for _, c := range releases.Changes() {
		for _, id := range c.Cases {
			if !slices.Contains(recorded, id) {
				t.Errorf("%s %q: there is no case %q", c.Releases(), c.Sends, id)
			}
		}
	}
}

// What was recorded of later releases is there because something has changed.
func TestEveryCaseOfALaterReleaseBelongsToAChange(t *testing.T) {
	var told []string
	for _, c := range releases.Changes() {
		told = append(told, c.Cases...)
	}
	for _, id := range cases(t, "clients-forward-*") {
		if !slices.Contains(told, id) {
			t.Errorf("no change has the case %q", id)
		}
	}
}

// cases are the recorded cases in the files of these names: file, slash, name.
func cases(t *testing.T, files string) (ids []string) {
	t.Helper()
	paths, err := filepath.Glob(root + "test/conformance/testdata/cases/" + files + ".json")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var list []struct{ Name string }
		if err := json.Unmarshal(content, &list); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		for _, c := range list {
			ids = append(ids, strings.TrimSuffix(filepath.Base(path), ".json")+"/"+c.Name)
		}
	}
	return ids
}

func TestPromptsAreDocumentedForEveryFamily(t *testing.T) {
	content, err := os.ReadFile(root + "docs/prompts.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range releases.ModelFamilies {
		if !strings.Contains(string(content), "`"+family+"`") {
			t.Errorf("docs/prompts.md does not name the family %s", family)
		}
	}
}

func TestReleasesInWords(t *testing.T) {
	for want, c := range map[string]releases.Change{
		"up to 17.5": {To: "17.5"}, "from 18.10": {From: "18.10"}, "17.5 to 17.7": {From: "17.5", To: "17.7"},
	} {
		if got := c.Releases(); got != want {
			t.Errorf("want %q, got %q", want, got)
		}
	}
}
