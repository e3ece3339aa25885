package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"sync/atomic"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/docsearch"
)

// database is an open database with the statements that search it.
type database struct {
	pool  *sql.DB
	info  os.FileInfo  // of the file when it was opened; nil for one in memory
	users atomic.Int32 // closed when it reaches zero

	contract *sql.Stmt
	ranked   *ranked // nil when there are no sections
}

// newDatabase takes over a pool. It finds out which indexes the database has.
func newDatabase(ctx context.Context, pool *sql.DB, info os.FileInfo) (db *database, err error) {
	db = &database{pool: pool, info: info}
	db.users.Store(1)
	defer func() {
		if err != nil {
			pool.Close()
		}
	}()
	if db.contract, err = pool.PrepareContext(ctx, contractSQL); err != nil {
		return nil, wrap("read table doc_index", err)
	}
	if db.ranked, err = newRanked(ctx, pool); err != nil {
		return nil, wrap("read the tables of sections", err)
	}
	return db, nil
}

// search answers a question by the first way that finds something. When that takes longer than longest, nothing is found.
func (db *database) search(ctx context.Context, q docsearch.Question, longest time.Duration) ([]docsearch.Result, error) {
	bounded, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	var results []docsearch.Result
	var err error
	if db.ranked != nil {
		results, err = db.ranked.search(bounded, q)
	}
	if len(results) == 0 && (err == nil || isQuestionsFault(err)) {
		results, err = db.searchContract(bounded, q)
	}
	if err != nil && errors.Is(bounded.Err(), context.DeadlineExceeded) && ctx.Err() == nil {
		return nil, nil
	}
	return results, err
}

// isOf tells whether info still describes the file that was opened.
func (db *database) isOf(info os.FileInfo) bool {
	return os.SameFile(db.info, info) && db.info.Size() == info.Size() && db.info.ModTime().Equal(info.ModTime())
}

func (db *database) retain() { db.users.Add(1) }

func (db *database) release() {
	if db.users.Add(-1) == 0 {
		db.pool.Close()
	}
}
