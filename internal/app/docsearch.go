package app

import (
	"context"
	"errors"
	"net/http"

	"github.com/ai-gateway/ai-gateway/internal/docsearch"
	"github.com/ai-gateway/ai-gateway/internal/docsearch/sample"
	"github.com/ai-gateway/ai-gateway/internal/docsearch/sqlite"
	"github.com/ai-gateway/ai-gateway/internal/docsearch/vertexsearch"
	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
	"github.com/ai-gateway/ai-gateway/internal/observe"
)

// newDocsSearch chooses who finds documentation (spec/docs-search.md 2), and returns how to end it. With the sample switched on, its pages
// answer where there would be nobody to ask.
func (a *App) newDocsSearch() (searcher docsearch.Searcher, closer func()) {
	s := a.settings
	pages := &sample.Searcher{}
	if s.CustomModels.Enabled {
		options := sqlite.Options{Path: docsIndexFile, Log: observe.Named(a.log, "chat")}
		if s.DocsSearch.Sample {
			options.Missing = pages
		}
		index := sqlite.New(options)
		return index, func() { index.Close(); pages.Close() }
	}
	hosted := &docsearch.Hosted{Fallback: s.VertexSearch.FallbackDatastoreVersion, Report: a.reportSearch}
	switch {
	case s.MockModelResponses && s.DocsSearch.Sample:
		return pages, pages.Close
	case s.MockModelResponses:
		hosted.Stores = docsearch.NoDocumentation{}
		return hosted, func() {}
	}
	options := a.pool
	options.OnOpen = nil // it is no model server
	pool := wire.NewPool(options)
	hosted.Stores = vertexsearch.New(vertexsearch.Options{
		HTTP: &http.Client{Transport: pool}, Token: a.google.Token,
		BaseURL: baseURL(s.VertexSearch.Endpoint), Project: s.VertexSearch.Project,
	})
	return hosted, pool.CloseIdleConnections
}

// reportSearch logs that a data store did not answer (spec/docs-search.md 3.5).
func (a *App) reportSearch(ctx context.Context, err error, input string) {
	var extra map[string]any
	if errors.Is(err, docsearch.ErrDataStoreNotFound) {
		extra = map[string]any{"input": input}
	}
	observe.LogException(ctx, a.log, err, extra)
}
