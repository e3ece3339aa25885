// Package sample is a small documentation of GitLab in our own words. It answers where there is no index yet, in development, and
// relevance is measured with it.
package sample

import (
	"context"
	"embed"
	"io/fs"
	"sync"

	"github.com/ai-gateway/ai-gateway/internal/docsearch"
	"github.com/ai-gateway/ai-gateway/internal/docsearch/index"
	"github.com/ai-gateway/ai-gateway/internal/docsearch/sqlite"
)

//go:embed doc
var pages embed.FS

// Files are the pages.
func Files() ([]index.File, error) {
	root, err := fs.Sub(pages, "doc")
	if err != nil {
		return nil, err
	}
	return index.ReadTree(root)
}

// Searcher searches the pages. They are indexed, in memory, at the first question. The zero value is ready for use; Close it at the end.
type Searcher struct {
	mu     sync.Mutex
	memory *sqlite.Memory
}

// Provider implements [docsearch.Searcher].
func (s *Searcher) Provider() string { return "sqlite" }

// Search implements [docsearch.Searcher].
func (s *Searcher) Search(ctx context.Context, q docsearch.Question) ([]docsearch.Result, error) {
	memory, err := s.open(ctx)
	if err != nil {
		return nil, err
	}
	return memory.Search(ctx, q)
}

// Close frees the memory.
func (s *Searcher) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.memory != nil {
		s.memory.Close()
		s.memory = nil
	}
}

func (s *Searcher) open(ctx context.Context) (*sqlite.Memory, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.memory != nil {
		return s.memory, nil
	}
	files, err := Files()
	if err != nil {
		return nil, err
	}
	// The pages are shown where all of GitLab's are; not all of these exist there under the same headings.
	const webRoot = "https://gitlab.com/help"
	s.memory, err = sqlite.NewMemory(context.WithoutCancel(ctx), index.Pages(files, webRoot))
	return s.memory, err
}
