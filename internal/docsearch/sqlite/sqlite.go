// Package sqlite searches documentation in an SQLite database with FTS5, and writes such databases (spec/docs-search.md 4, 5).
//
// A database has up to two indexes, and two ways of searching go with them.
//
// Every database has the table doc_index, a row a page, which GitLab's own gateway makes and reads, too. A question is an expression there:
// all its words must occur, as parts of words, and AND, OR and NOT are operators (contract.go).
//
// Databases that this package has written also know the sections of each page, stemmed, with titles and headings apart. Questions in
// natural language are answered from those: pages that have most of the words, above all in their titles and headings, with the section
// that fits best (ranked.go). Where that finds nothing, the first way is tried.
package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	"modernc.org/sqlite" // the driver

	"github.com/ai-gateway/ai-gateway/internal/docsearch"
)

// longestSearch bounds a search unless the options do. What takes longer is no question, and finds nothing.
const longestSearch = 2 * time.Second

// Options say where an index is.
type Options struct {
	Path string       // file of the database
	Log  *slog.Logger // is told when there is no file, and of one that can't be read

	// Missing answers while there is no file. When it is nil, nothing is found then.
	Missing docsearch.Searcher

	// Longest is how long a search may take before it ends and has found nothing. 0 stands for two seconds.
	Longest time.Duration
}

// Index searches a database file. The file is opened at the first search and opened anew when it was replaced, so that a new one can be
// put in its place at any time.
type Index struct {
	Options

	mu   sync.Mutex
	open *database // nil until a search found the file
}

// New returns an index. Close it at the end.
func New(o Options) *Index { return &Index{Options: o} }

// Provider implements [docsearch.Searcher].
func (x *Index) Provider() string { return "sqlite" }

// Search implements [docsearch.Searcher]. The version is not heeded: there is one index.
func (x *Index) Search(ctx context.Context, q docsearch.Question) ([]docsearch.Result, error) {
	info, err := os.Stat(x.Path)
	switch {
	case err != nil && !errors.Is(err, os.ErrNotExist):
		return nil, x.unavailable(ctx, err)
	case err != nil || !info.Mode().IsRegular():
		x.Log.WarnContext(ctx, "SqliteSearch: No database found for documentation searches.")
		if x.Missing != nil {
			return x.Missing.Search(ctx, q)
		}
		return nil, nil
	}
	db, err := x.use(ctx, info)
	if err != nil {
		return nil, x.unavailable(ctx, err)
	}
	defer db.release()
	results, err := db.search(ctx, q, cmp.Or(x.Longest, longestSearch))
	if err != nil && ctx.Err() == nil {
		return nil, x.unavailable(ctx, err)
	}
	return results, err
}

// Close releases the database once searches that are under way are done.
func (x *Index) Close() {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.open != nil {
		x.open.release()
		x.open = nil
	}
}

// use returns the database in the file that info describes. Release it after use.
func (x *Index) use(ctx context.Context, info os.FileInfo) (*database, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.open == nil || !x.open.isOf(info) {
		db, err := openFile(ctx, x.Path, info)
		if err != nil {
			return nil, err
		}
		if x.open != nil {
			x.open.release()
		}
		x.open = db
	}
	x.open.retain()
	return x.open, nil
}

func (x *Index) unavailable(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	x.Log.ErrorContext(ctx, "The documentation index cannot be read", "path", x.Path, "error", err.Error())
	return &docsearch.UnavailableError{
		Detail: "The documentation index cannot be read; build it again with: ai-gateway index-docs --output_path " + x.Path,
		Err:    err,
	}
}

// openFile opens a database for reading only. Nothing is ever written beside it, so the folder may be read-only as well.
func openFile(ctx context.Context, path string, info os.FileInfo) (*database, error) {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	location := url.URL{Scheme: "file", Path: absolute, RawQuery: "mode=ro&immutable=1&_pragma=query_only(1)&_pragma=mmap_size(268435456)"}
	pool, err := sql.Open("sqlite", location.String())
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(8)
	pool.SetMaxIdleConns(2)
	pool.SetConnMaxIdleTime(time.Minute)
	return newDatabase(ctx, pool, info)
}

// isQuestionsFault tells an error of FTS5's query language from one of the database.
func isQuestionsFault(err error) bool {
	var e *sqlite.Error
	const generic = 1 // SQLITE_ERROR
	return errors.As(err, &e) && e.Code() == generic
}

// wrap says which step failed.
func wrap(step string, err error) error { return fmt.Errorf("%s: %w", step, err) }
