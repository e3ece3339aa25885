package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"github.com/ai-gateway/ai-gateway/internal/docsearch"
)

// ranked answers questions in natural language, in three steps.
//
// Ranking is what takes time, a microsecond or two a page, so first it is said which pages are worth it (candidates.go). These are ranked by
// BM25, with weights for titles and headings, and more for words that stand close together as they do in the question. Of the best of
// them, the section that has the most telling words is returned; how well it does decides between pages that are about as good (sections.go).
type ranked struct {
	count   *sql.Stmt
	rank    *sql.Stmt
	within  *sql.Stmt
	section *sql.Stmt
}

const (
	countSQL   = `SELECT count(*) FROM (SELECT 1 FROM page_index WHERE page_index MATCH ? LIMIT ?)`
	rankSQL    = `SELECT rowid, bm25(page_index, 3.0, 2.0, 1.0) AS score FROM page_index WHERE page_index MATCH ? ORDER BY score, rowid LIMIT ?`
	withinSQL  = `SELECT rowid FROM section_index WHERE section_index MATCH ? AND rowid BETWEEN ? AND ?`
	sectionSQL = `SELECT metadata, content, id FROM page_section WHERE rowid = ?`
)

// newRanked returns nil when the database has no sections.
func newRanked(ctx context.Context, pool *sql.DB) (*ranked, error) {
	var tables int
	const sections = `SELECT count(*) FROM sqlite_master WHERE name IN ('page_index', 'section_index', 'page_section')`
	if err := pool.QueryRowContext(ctx, sections).Scan(&tables); err != nil || tables < 3 {
		return nil, err
	}
	r := &ranked{}
	for query, statement := range map[string]**sql.Stmt{countSQL: &r.count, rankSQL: &r.rank, withinSQL: &r.within, sectionSQL: &r.section} {
		var err error
		if *statement, err = pool.PrepareContext(ctx, query); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// search returns one section a page, best page first.
func (r *ranked) search(ctx context.Context, q docsearch.Question) ([]docsearch.Result, error) {
	words, err := r.lookUpAll(ctx, parseQuestion(q.Text))
	if err != nil || len(words) == 0 {
		return nil, err
	}
	pages, err := r.pages(ctx, words, q.PageSize)
	if err != nil {
		return nil, err
	}
	results := make([]docsearch.Result, 0, len(pages))
	for _, p := range pages {
		result, err := r.result(ctx, p.section)
		if err != nil {
			return nil, err
		}
		results = append(results, result)
	}
	return results, nil
}

// result reads a section.
func (r *ranked) result(ctx context.Context, section int64) (docsearch.Result, error) {
	var id string
	result, err := readResult(r.section.QueryRowContext(ctx, section), &id)
	if errors.Is(err, sql.ErrNoRows) {
		err = errors.New("a page has no section")
	}
	result.ID = id
	return result, err
}
