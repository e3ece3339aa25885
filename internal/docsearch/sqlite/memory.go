package sqlite

import (
	"context"
	"database/sql"
	"iter"

	"github.com/ai-gateway/ai-gateway/internal/docsearch"
)

// Memory is an index in memory. It answers one question at a time.
type Memory struct{ db *database }

// NewMemory indexes pages, which should be few.
func NewMemory(ctx context.Context, pages iter.Seq[Page]) (*Memory, error) {
	pool, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(1) // each connection would have a memory of its own
	into, err := begin(ctx, pool)
	if err != nil {
		pool.Close()
		return nil, err
	}
	for page := range pages {
		if err := into.Add(ctx, page); err != nil {
			pool.Close()
			return nil, err
		}
	}
	if err := into.finish(ctx); err != nil {
		pool.Close()
		return nil, err
	}
	db, err := newDatabase(ctx, pool, nil)
	if err != nil {
		return nil, err
	}
	return &Memory{db}, nil
}

// Provider implements [docsearch.Searcher].
func (m *Memory) Provider() string { return "sqlite" }

// Search implements [docsearch.Searcher].
func (m *Memory) Search(ctx context.Context, q docsearch.Question) ([]docsearch.Result, error) {
	return m.db.search(ctx, q, longestSearch)
}

// Close frees the memory.
func (m *Memory) Close() { m.db.release() }
