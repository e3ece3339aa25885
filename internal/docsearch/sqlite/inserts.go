package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// inserts fills the tables of a new database, all in one transaction.
type inserts struct {
	tx                        *sql.Tx
	row, page, section, words *sql.Stmt
	pages                     int64
}

// begin makes the tables in an empty database.
func begin(ctx context.Context, pool *sql.DB) (*inserts, error) {
	if _, err := pool.ExecContext(ctx, contractTable+sectionTables); err != nil {
		return nil, fmt.Errorf("make the tables: %w", err)
	}
	tx, err := pool.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	i := &inserts{tx: tx}
	for query, statement := range map[string]**sql.Stmt{
		`INSERT INTO doc_index(processed, content, metadata) VALUES (?, ?, ?)`:       &i.row,
		`INSERT INTO page_index(rowid, title, headings, body) VALUES (?, ?, ?, ?)`:   &i.page,
		`INSERT INTO page_section(rowid, id, content, metadata) VALUES (?, ?, ?, ?)`: &i.section,
		`INSERT INTO section_index(rowid, headings, body) VALUES (?, ?, ?)`:          &i.words,
	} {
		if *statement, err = tx.PrepareContext(ctx, query); err != nil {
			_ = tx.Rollback()
			return nil, err
		}
	}
	return i, nil
}

// Add writes one page.
func (i *inserts) Add(ctx context.Context, p Page) error {
	if _, err := i.row.ExecContext(ctx, p.Row.Processed, p.Row.Content, p.Row.Metadata); err != nil {
		return err
	}
	if len(p.Sections) == 0 {
		return nil
	}
	i.pages++
	var body strings.Builder
	for n, s := range p.Sections[:min(len(p.Sections), sectionsPerPage)] {
		number := i.pages*sectionsPerPage + int64(n)
		if _, err := i.section.ExecContext(ctx, number, s.ID, s.Content, s.Metadata); err != nil {
			return err
		}
		if _, err := i.words.ExecContext(ctx, number, s.Headings, s.Body); err != nil {
			return err
		}
		body.WriteString(s.Body + "\n")
	}
	_, err := i.page.ExecContext(ctx, i.pages, p.Title, p.Headings, body.String())
	return err
}

// finish ends the transaction and merges what the full-text tables were written in.
func (i *inserts) finish(ctx context.Context) error {
	for _, table := range []string{"doc_index", "page_index", "section_index"} {
		if _, err := i.tx.ExecContext(ctx, "INSERT INTO "+table+"("+table+") VALUES ('optimize')"); err != nil {
			_ = i.tx.Rollback()
			return err
		}
	}
	return i.tx.Commit()
}
