package docsearch

import (
	"context"
	"errors"
)

// DataStores are collections of documentation, one a GitLab version.
type DataStores interface {
	// SearchStore asks the data store of that name. Its error is [ErrDataStoreNotFound] when there is none of that name, else as for
	// [Searcher.Search].
	SearchStore(ctx context.Context, store string, q Question) ([]Result, error)
}

// Hosted searches the data store of the asking GitLab's version, and that of another version when there is none (spec/docs-search.md 3.5).
type Hosted struct {
	Stores   DataStores
	Fallback string // GitLab version; may be empty

	// Report is told of each attempt that failed, and of which version or data store there is none; for other failures input is empty. It may
	// be nil.
	Report func(ctx context.Context, err error, input string)
}

// Provider implements [Searcher].
func (h *Hosted) Provider() string { return "vertex-ai" }

// Search implements [Searcher]. Only a version without a data store leads to the fallback, not one in which nothing is found.
func (h *Hosted) Search(ctx context.Context, q Question) ([]Result, error) {
	results, err := h.attempt(ctx, q.Version, q)
	if errors.Is(err, ErrDataStoreNotFound) {
		results, err = h.attempt(ctx, h.Fallback, q)
	}
	return results, err
}

func (h *Hosted) attempt(ctx context.Context, version string, q Question) ([]Result, error) {
	store, ok := DataStore(version)
	if !ok {
		return nil, h.report(ctx, &DataStoreError{Message: "Invalid version: " + version}, version)
	}
	results, err := h.Stores.SearchStore(ctx, store, q)
	switch {
	case errors.Is(err, ErrDataStoreNotFound):
		return nil, h.report(ctx, &DataStoreError{Message: "Data store not found"}, store)
	case err != nil && ctx.Err() == nil:
		return nil, h.report(ctx, err, "")
	}
	return results, err
}

// report tells of the cause of an error.
func (h *Hosted) report(ctx context.Context, err error, input string) error {
	if h.Report == nil {
		return err
	}
	cause := err
	if unavailable := new(UnavailableError); errors.As(err, &unavailable) && unavailable.Err != nil {
		cause = unavailable.Err
	}
	h.Report(ctx, cause, input)
	return err
}

// DataStoreError says why a version has no data store. It is an [ErrDataStoreNotFound].
type DataStoreError struct{ Message string }

func (e *DataStoreError) Error() string { return e.Message }

// Is implements the interface of [errors.Is].
func (e *DataStoreError) Is(target error) bool { return target == ErrDataStoreNotFound }

// ExceptionClass is the contract's name of this kind of error in logs.
func (e *DataStoreError) ExceptionClass() string { return "DataStoreNotFound" }

// NoDocumentation are data stores in which nothing is ever found. They stand in for real ones where models are mocked.
type NoDocumentation struct{}

// SearchStore implements [DataStores].
func (NoDocumentation) SearchStore(context.Context, string, Question) ([]Result, error) {
	return nil, nil
}
