// Package index makes documentation indexes from GitLab's markdown files (spec/docs-search.md 5).
//
// The files come from a folder or an archive on this machine ([ReadFolder], [ReadArchive]), or from GitLab ([Download]). [Build] writes
// them to a database that docsearch/sqlite searches.
package index

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/ai-gateway/ai-gateway/internal/docsearch/sqlite"
)

// File is the source of a page.
type File struct {
	Path string // below the folder doc, such as "user/project/index.md"
	Text string // UTF-8, lines end with LF
}

// Options say what to make of the files.
type Options struct {
	Output  string // file of the database; what is there is replaced when the new one is complete
	WebRoot string // URL below which the pages are shown, such as https://gitlab.com/help

	Progress func(done, all int) // is called after each page; may be nil
}

// Build writes an index. When it fails, or ctx ends, what is at the output stays as it is.
func Build(ctx context.Context, files []File, o Options) error {
	writer, err := sqlite.Create(ctx, o.Output)
	if err != nil {
		return fmt.Errorf("create an index: %w", err)
	}
	done := 0
	for page := range Pages(files, o.WebRoot) {
		if err := writer.Add(ctx, page); err != nil {
			return errors.Join(fmt.Errorf("index %s: %w", files[done].Path, err), writer.Discard())
		}
		done++
		if o.Progress != nil {
			o.Progress(done, len(files))
		}
	}
	return writer.Commit(ctx)
}

// Pages turns each file into what is written of it.
func Pages(files []File, webRoot string) iter.Seq[sqlite.Page] {
	return func(yield func(sqlite.Page) bool) {
		for _, file := range files {
			if !yield(newPage(file, webRoot)) {
				return
			}
		}
	}
}
