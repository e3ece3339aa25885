package sqlite_test

import (
	"bytes"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/docsearch"
	"github.com/ai-gateway/ai-gateway/internal/docsearch/index"
	"github.com/ai-gateway/ai-gateway/internal/docsearch/sample"
	"github.com/ai-gateway/ai-gateway/internal/docsearch/sqlite"
)

// copyOf copies a database, and changes the copy.
func copyOf(tb testing.TB, path string, statements ...string) string {
	tb.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	name := filepath.Join(tb.TempDir(), "copy.db")
	if err := os.WriteFile(name, b, 0o600); err != nil {
		tb.Fatal(err)
	}
	execute(tb, name, statements...)
	return name
}

// withoutSections is a copy of an index as the contract knows it, with doc_index only.
func withoutSections(tb testing.TB, path string) string {
	tb.Helper()
	return copyOf(tb, path, "DROP TABLE page_section", "DROP TABLE page_index", "DROP TABLE section_index")
}

func TestWithoutAFileNothingIsFound(t *testing.T) {
	var log bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&log, nil))
	folder := t.TempDir()
	for name, path := range map[string]string{"no file": filepath.Join(folder, "docs.db"), "a folder": folder, "a device": os.DevNull} {
		t.Run(name, func(t *testing.T) {
			log.Reset()
			none := sqlite.New(sqlite.Options{Path: path, Log: logger})
			if ids := ask(t, none, "create issue"); ids != nil {
				t.Errorf("got %v", ids)
			}
			if !strings.Contains(log.String(), `level=WARN msg="SqliteSearch: No database found for documentation searches."`) {
				t.Errorf("log: %s", log.String())
			}
			stand := &sample.Searcher{}
			defer stand.Close()
			if ids := ask(t, sqlite.New(sqlite.Options{Path: path, Log: logger, Missing: stand}), "create issue"); len(ids) == 0 {
				t.Error("the stand-in was not asked")
			}
		})
	}
}

func TestAnIndexThatCannotBeRead(t *testing.T) {
	folder := t.TempDir()
	broken := func(name, content string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good, err := os.ReadFile(foreignIndex(t, strings.Repeat("create issue ", 2000)))
	if err != nil {
		t.Fatal(err)
	}
	with := func(row string) string {
		path := foreignIndex(t)
		execute(t, path, "INSERT INTO doc_index VALUES ("+row+")")
		return path
	}
	for name, path := range map[string]string{
		"not a database":              broken("text.db", "This file is not a database, whatever its name says.\n"),
		"empty":                       broken("empty.db", ""),
		"cut off":                     broken("half.db", string(good[:len(good)/2])),
		"a row without filename":      with(`'create', 'x', '{"title": "x"}'`),
		"a filename that is no text":  with(`'create', 'x', '{"filename": 1}'`),
		"a row without metadata":      with(`'create', 'x', NULL`),
		"metadata that is no object":  with(`'create', 'x', '[1]'`),
		"metadata that is no JSON":    with(`'create', 'x', 'filename'`),
		"a row without content":       with(`'create', NULL, '{"filename": "x"}'`),
		"a page without its sections": copyOf(t, indexOf(t, 200), "DELETE FROM page_section"),
		"sections of another making":  copyOf(t, indexOf(t, 200), "DROP TABLE page_section", "CREATE TABLE page_section(x)"),
	} {
		t.Run(name, func(t *testing.T) {
			results, err := open(t, path).Search(t.Context(), docsearch.Question{Text: "create", PageSize: 4})
			var unavailable *docsearch.UnavailableError
			if !errors.As(err, &unavailable) || !strings.Contains(unavailable.Detail, "ai-gateway index-docs") {
				t.Errorf("got %v, %v", results, err)
			}
		})
	}
}

// buildIndex writes an index of pages by name and text.
func buildIndex(tb testing.TB, path string, pages ...string) {
	tb.Helper()
	var files []index.File
	for i := 0; i < len(pages); i += 2 {
		files = append(files, index.File{Path: pages[i], Text: pages[i+1]})
	}
	if err := index.Build(tb.Context(), files, index.Options{Output: path, WebRoot: "https://gitlab.example.com/help"}); err != nil {
		tb.Fatal(err)
	}
}

func filenames(tb testing.TB, s docsearch.Searcher, question string) (names []string) {
	tb.Helper()
	results, err := s.Search(tb.Context(), docsearch.Question{Text: question, PageSize: 4})
	if err != nil {
		tb.Error(err)
	}
	for _, r := range results {
		name, _ := r.Metadata["filename"].(string)
		names = append(names, name)
	}
	return names
}

func TestAReplacedFileIsSearchedAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "docs with 100% & #1?.db")
	searcher := open(t, path)
	for _, name := range []string{"a.md", "b.md", "c.md"} {
		buildIndex(t, path, name, "# Widgets\n\nThey spin.\n")
		if diff := cmp.Diff([]string{"/" + name}, filenames(t, searcher, "widgets")); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if names := filenames(t, searcher, "widgets"); names != nil {
		t.Errorf("after it was removed: %v", names)
	}
}

func TestSearchesWhileTheFileIsReplaced(t *testing.T) {
	path := filepath.Join(t.TempDir(), "docs.db")
	buildIndex(t, path, "a.md", "# Widgets\n\nThey spin.\n")
	searcher := open(t, path)
	done := make(chan struct{})
	var searches sync.WaitGroup
	for range 8 {
		searches.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				if names := filenames(t, searcher, "Do widgets spin?"); len(names) != 1 {
					t.Errorf("got %v", names)
					return
				}
			}
		})
	}
	for range 10 {
		buildIndex(t, path, "a.md", "# Widgets\n\nThey spin.\n")
	}
	close(done)
	searches.Wait()
}

func TestNothingIsWrittenBesideTheIndex(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "docs.db")
	buildIndex(t, path, "a.md", "# Widgets\n\nThey spin.\n")
	if err := os.Chmod(folder, 0o500); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(folder, 0o700) //nolint:errcheck // so that it can be removed
	if names := filenames(t, open(t, path), "widgets"); len(names) != 1 {
		t.Errorf("got %v", names)
	}
	entries, err := os.ReadDir(folder)
	if err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}
