package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/ai-gateway/ai-gateway/internal/docsearch"
)

// contractSQL is the search that the contract defines, word for word (spec/docs-search.md 4.2).
const contractSQL = `SELECT metadata, content FROM doc_index WHERE processed MATCH ? ORDER BY bm25(doc_index), rowid LIMIT ?`

// Bounds of an expression. Each word costs a walk through the index, and each character of it another one; within them a search of the
// whole documentation of GitLab takes well under a second. They are far above any question that a person or a model would ask.
const (
	mostWords   = 64
	longestWord = 128 // characters
)

// searchContract takes the question for an expression in FTS5's query language. One that can't be parsed is tried again as plain words.
func (db *database) searchContract(ctx context.Context, q docsearch.Question) ([]docsearch.Result, error) {
	for _, expression := range expressions(q.Text) {
		results, err := db.match(ctx, expression, q.PageSize)
		if err == nil || !isQuestionsFault(err) {
			return results, err
		}
	}
	return nil, nil
}

// expressions are what to search for, the second one if the first can't be parsed. A question without a word has none.
func expressions(question string) []string {
	plain := docsearch.StripPunctuation(question)
	words := strings.FieldsFunc(plain, docsearch.IsSpace)
	if len(words) == 0 {
		return nil
	}
	if bounded := bound(words); !slices.Equal(bounded, words) {
		words = bounded
		plain = strings.Join(words, " ")
	}
	quoted := `"` + strings.Join(words, `" "`) + `"`
	return []string{plain, quoted}
}

// bound drops what is beyond the bounds: first the words that come again, where that changes nothing of what is found, then the rest.
func bound(words []string) []string {
	operators := slices.ContainsFunc(words, func(w string) bool { return w == "AND" || w == "OR" || w == "NOT" })
	if len(words) > mostWords && !operators {
		seen := map[string]bool{}
		words = slices.DeleteFunc(slices.Clone(words), func(w string) bool {
			again := seen[w]
			seen[w] = true
			return again
		})
	}
	words = slices.Clone(words[:min(len(words), mostWords)])
	for i, w := range words {
		if len(w) > longestWord {
			if runes := []rune(w); len(runes) > longestWord {
				words[i] = string(runes[:longestWord])
			}
		}
	}
	return words
}

func (db *database) match(ctx context.Context, expression string, limit int) (results []docsearch.Result, err error) {
	rows, err := db.contract.QueryContext(ctx, expression, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		result, err := readResult(rows)
		if err != nil {
			return nil, err
		}
		id, isText := result.Metadata["filename"].(string)
		if !isText {
			return nil, errors.New("a row of doc_index has no filename in its metadata")
		}
		result.ID = id
		results = append(results, result)
	}
	return results, rows.Err()
}

// readResult reads the columns metadata and content, and those that follow them.
func readResult(row interface{ Scan(...any) error }, more ...any) (result docsearch.Result, err error) {
	var metadata, content sql.NullString
	if err := row.Scan(append([]any{&metadata, &content}, more...)...); err != nil {
		return result, err
	}
	if !content.Valid {
		return result, errors.New("a row has no content")
	}
	result.Content = content.String
	if err := json.Unmarshal([]byte(metadata.String), &result.Metadata); err != nil {
		return result, fmt.Errorf("a row's metadata is no JSON object: %w", err)
	}
	return result, nil
}
