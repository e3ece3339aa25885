package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
)

// Page is a page as it is written to an index.
type Page struct {
	Row      Row
	Title    string
	Headings string    // all of them but the title, a line each
	Sections []Section // in order; a page without any, which has no text, is in doc_index only
}

// Row is a page's row in doc_index (spec/docs-search.md 5).
type Row struct {
	Processed string // searchable text
	Content   string // the whole file
	Metadata  string // JSON object
}

// Section is a piece of a page as the ranked search finds it.
type Section struct {
	ID       string // tells it apart from all other sections; clients need lower-case letters and digits (spec/clients.md 12)
	Headings string // its own and those above it, but not the page's title
	Body     string // searchable text
	Content  string // what is returned
	Metadata string // JSON object
}

// Writer writes an index file. What is at its path stays as it is until Commit, which puts the new file in its place at once, so that
// a gateway that searches it meanwhile sees either one or the other.
type Writer struct {
	path, temporary string
	pool            *sql.DB
	*inserts
}

// Create starts a new index beside path, whose folder must exist.
func Create(ctx context.Context, path string) (*Writer, error) {
	file, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".building-*")
	if err != nil {
		return nil, err
	}
	w := &Writer{path: path, temporary: file.Name()}
	if err := errors.Join(file.Chmod(0o644), file.Close()); err != nil {
		return nil, errors.Join(err, os.Remove(w.temporary))
	}
	absolute, err := filepath.Abs(w.temporary)
	if err != nil {
		return nil, errors.Join(err, os.Remove(w.temporary))
	}
	// Nobody reads the file before it is complete, and an incomplete one is thrown away: no journal is needed.
	location := url.URL{Scheme: "file", Path: absolute, RawQuery: "_pragma=journal_mode(OFF)&_pragma=synchronous(OFF)"}
	if w.pool, err = sql.Open("sqlite", location.String()); err == nil {
		w.inserts, err = begin(ctx, w.pool)
	}
	if err != nil {
		return nil, errors.Join(err, w.Discard())
	}
	return w, nil
}

// Commit completes the index and puts it in its place. The writer is of no use afterwards, whatever comes of it.
func (w *Writer) Commit(ctx context.Context) error {
	err := w.finish(ctx)
	if err = errors.Join(err, w.pool.Close()); err == nil {
		err = syncAndRename(w.temporary, w.path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("write %s: %w", w.path, err), os.Remove(w.temporary))
	}
	return nil
}

// Discard throws away what was written.
func (w *Writer) Discard() error {
	if w.inserts != nil {
		_ = w.tx.Rollback() // fails where it has ended already
	}
	if w.pool != nil {
		_ = w.pool.Close()
	}
	return os.Remove(w.temporary)
}

// syncAndRename makes sure that a file outlives a power cut before it replaces another.
func syncAndRename(from, to string) error {
	file, err := os.Open(from)
	if err != nil {
		return err
	}
	if err := errors.Join(file.Sync(), file.Close()); err != nil {
		return err
	}
	return os.Rename(from, to)
}
