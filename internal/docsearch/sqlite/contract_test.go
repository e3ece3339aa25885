package sqlite_test

import (
	"context"
	"database/sql"
	"log/slog"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/docsearch"
	"github.com/ai-gateway/ai-gateway/internal/docsearch/sqlite"
)

// foreignIndex is an index as GitLab's own gateway makes it: only doc_index, a row for each text. Row n is page "/n.md".
func foreignIndex(tb testing.TB, processed ...string) string {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), "docs.db")
	statements := []string{"CREATE VIRTUAL TABLE doc_index USING fts5(processed, content, metadata, tokenize='porter trigram')"}
	for i, text := range processed {
		name := "/" + strconv.Itoa(i+1) + ".md"
		statements = append(statements, "INSERT INTO doc_index VALUES ('"+text+"', '"+strings.ToUpper(text)+"', '{\"filename\": \""+name+"\"}')")
	}
	execute(tb, path, statements...)
	return path
}

func execute(tb testing.TB, path string, statements ...string) {
	tb.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		tb.Fatal(err)
	}
	defer db.Close()
	for _, s := range statements {
		if _, err := db.ExecContext(tb.Context(), s); err != nil {
			tb.Fatalf("%s: %v", s, err)
		}
	}
}

// open returns an index that is closed with the test.
func open(tb testing.TB, path string) *sqlite.Index {
	tb.Helper()
	index := sqlite.New(sqlite.Options{Path: path, Log: slog.New(slog.DiscardHandler), Longest: time.Minute})
	tb.Cleanup(index.Close)
	return index
}

func ask(tb testing.TB, s docsearch.Searcher, question string) (ids []string) {
	tb.Helper()
	results, err := s.Search(tb.Context(), docsearch.Question{Text: question, PageSize: 20})
	if err != nil {
		tb.Fatalf("%q: %v", question, err)
	}
	for _, r := range results {
		ids = append(ids, r.ID)
	}
	return ids
}

// TestTheContractsQueries has the examples of spec/docs-search.md 4.2 and S4.
func TestTheContractsQueries(t *testing.T) {
	index := open(t, foreignIndex(t, "create issue", "create issues", "create an issue in a project", "errors found"))
	for _, tc := range []struct {
		name, question string
		want           []string
	}{
		{"several words must all occur", "Create issue!", []string{"/1.md", "/2.md", "/3.md"}},
		{"short words are ignored", "create an issue", []string{"/1.md", "/2.md", "/3.md"}},
		{"question words must occur, too", "How do I create an issue?", nil},
		{"words match inside of words", "reat ssu", []string{"/1.md", "/2.md", "/3.md"}},
		{"NOT is an operator", "create NOT project", []string{"/1.md", "/2.md"}},
		{"OR is an operator, and the best comes first", "create OR found", []string{"/4.md", "/1.md", "/2.md", "/3.md"}},
		{"AND with a short word finds nothing", "create AND a", nil},
		{"quotation marks are deleted", `"error"`, []string{"/4.md"}},
		{"a word of two characters finds nothing", "ab", nil},
		{"punctuation joins words", "create-issue", nil},
		{"an operator at the end is a word", "create OR", []string{"/1.md", "/2.md", "/3.md"}},
		{"operators side by side are words", "create AND NOT issue", nil},
		{"an operator alone is a word", "NOT", nil},
		{"control characters are blanks", "create\x0bissue\x1c", []string{"/1.md", "/2.md", "/3.md"}},
		{"a NUL is deleted", "cre\x00ate", []string{"/1.md", "/2.md", "/3.md"}},
		{"nothing to look for", "", nil},
		{"only punctuation", "?!", nil},
		{"only white space", " \t\n\u3000", nil},
		{"a column's name is a word", "content:create", nil},
		{"too deep for the parser", strings.Repeat("create NOT ", 300) + "project", nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, ask(t, index, tc.question)); diff != "" {
				t.Errorf("%q (-want +got):\n%s", tc.question, diff)
			}
		})
	}
}

func TestAResultOfTheContract(t *testing.T) {
	path := foreignIndex(t, "create issue")
	execute(t, path, `INSERT INTO doc_index VALUES ('the sidebar', 'Name it _sidebar: größer.', '{"Header1": "Wiki", "filename": "doc/w\u0069ki.md"}')`)
	results, err := open(t, path).Search(t.Context(), docsearch.Question{Text: "sidebar", PageSize: 1})
	want := []docsearch.Result{{
		ID: "doc/wiki.md", Content: "Name it _sidebar: größer.", Metadata: map[string]any{"Header1": "Wiki", "filename": "doc/wiki.md"},
	}}
	if diff := cmp.Diff(want, results); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

// TestQuestionsThatWouldTakeForever bounds them. In the contract 2,000 times the same word takes more than 20 s on the whole documentation.
func TestQuestionsThatWouldTakeForever(t *testing.T) {
	path := indexOf(t, 200)
	contractOnly := withoutSections(t, path)
	for name, question := range map[string]string{
		"one word again and again":    strings.Repeat("issue ", 66000),
		"alternatives":                strings.Repeat("issue OR ", 44000) + "issue",
		"a long word":                 strings.Repeat("issue", 80000),
		"many long words":             strings.Repeat(strings.Repeat("issue", 1000)+" ", 80),
		"parts of words without end":  strings.Repeat("a.", 200000),
		"all different":               numbers(80000),
		"all different, in each page": strings.Repeat("merge branch issue group project pipeline token ", 8000),
	} {
		for kind, p := range map[string]string{"sections": path, "contract": contractOnly} {
			t.Run(name+", "+kind, func(t *testing.T) {
				t.Parallel()
				if _, err := open(t, p).Search(t.Context(), docsearch.Question{Text: question, PageSize: 4}); err != nil {
					t.Error(err)
				}
			})
		}
	}
}

func numbers(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strconv.Itoa(i) + " ")
	}
	return b.String()
}

func TestASearchEndsWhenTheClientLeaves(t *testing.T) {
	index := open(t, foreignIndex(t, "create issue"))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := index.Search(ctx, docsearch.Question{Text: "create", PageSize: 4}); err != context.Canceled { //nolint:errorlint // itself
		t.Errorf("got %v", err)
	}
}
