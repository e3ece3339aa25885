// Package docsearch answers questions with pieces of GitLab's documentation (spec/docs-search.md).
//
// A [Searcher] finds them. There are two kinds: an index on this machine (docsearch/sqlite), which knows one version of the documentation, and
// [Hosted] data stores (docsearch/vertexsearch), one a GitLab version. Package app decides which one answers.
//
// The index is made from GitLab's markdown files: docsearch/markdown takes a page apart, docsearch/index finds the files and has
// docsearch/sqlite write them. A few pages of our own are built in, for development: docsearch/sample.
package docsearch

import (
	"context"
	"errors"
)

// Searcher finds documentation. Implementations are safe for concurrent use.
type Searcher interface {
	// Search returns what answers the question best, best first: at most q.PageSize results, none if nothing was found. Any text is a valid
	// question. The error is [ErrDataStoreNotFound], an [*UnavailableError], or that of a cancelled context.
	Search(ctx context.Context, q Question) ([]Result, error)

	// Provider is the name that answers carry: "sqlite" or "vertex-ai".
	Provider() string
}

// Question is what somebody wants to know.
type Question struct {
	Text     string // as typed by a user or written by a model
	PageSize int    // most results, at least 1
	Version  string // of the GitLab that asks, such as "17.6.0-ee"
}

// Result is a piece of documentation.
type Result struct {
	ID       string         // tells results apart; the pieces of a page may share theirs
	Content  string         // markdown
	Metadata map[string]any // where it is from; of its keys clients read title, source_url and filename
}

// ErrDataStoreNotFound says that there is no documentation of the version asked for, nor of the fallback version.
var ErrDataStoreNotFound = errors.New("data store not found")

// UnavailableError says that the documentation can't be searched until an operator has done something about it.
type UnavailableError struct {
	Detail string // what is wrong, for whoever asked; holds no secrets
	Err    error  // the cause, for the log; may be nil
}

func (e *UnavailableError) Error() string {
	if e.Err == nil {
		return e.Detail
	}
	return e.Detail + ": " + e.Err.Error()
}

func (e *UnavailableError) Unwrap() error { return e.Err }
