package sqlite

import (
	"cmp"
	"context"
	"slices"
	"strings"
)

// page is a candidate for an answer.
type page struct {
	number  int64   // rowid in page_index
	section int64   // rowid of its best section
	score   float64 // more is better
}

// pages finds the best pages, at most limit.
func (r *ranked) pages(ctx context.Context, words []word, limit int) ([]page, error) {
	expression := scoring(words)
	required, err := r.requirement(ctx, words, limit)
	if err != nil {
		return nil, err
	}
	if required != "" {
		expression = required + " AND (" + expression + ")"
	}
	pages, err := r.rankPages(ctx, expression, limit+limit/2) // some more, as their sections may change the order
	if err != nil {
		return nil, err
	}
	for i := range pages {
		if err := r.chooseSection(ctx, words, &pages[i]); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(pages, func(a, b page) int { return cmp.Compare(b.score, a.score) })
	return pages[:min(len(pages), limit)], nil
}

// requirement says which pages to rank: those with any telling word, and those that have all the common ones in title and headings. It is
// empty when every word is a telling one. words are sorted by rarity.
func (r *ranked) requirement(ctx context.Context, words []word, limit int) (string, error) {
	telling, total := 0, 0
	for _, w := range words {
		if total += w.pages; total > manyPages || w.pages == manyPages {
			break
		}
		telling++
	}
	common := words[telling:]
	if len(common) == 0 {
		return "", nil
	}
	about := "({title headings} : (" + join(common, " AND ") + "))"
	if telling > 0 {
		return "(" + join(words[:telling], " OR ") + " OR " + about + ")", nil
	}
	enough := 5 * limit
	for _, required := range []string{about, "(" + join(common, " AND ") + ")"} {
		if n, err := r.countPages(ctx, required); err != nil || n >= enough {
			return required, err
		}
	}
	return "", nil
}

// scoring is an expression whose every match counts. Words in the title are matched once more by themselves, since BM25 does not count
// words that half of all pages have: in titles these are rare as well.
func scoring(words []word) string {
	var b strings.Builder
	b.WriteString(join(words, " OR ") + " OR (title : (" + join(words, " OR ") + "))")
	inOrder := slices.Clone(words)
	slices.SortFunc(inOrder, func(a, b word) int { return cmp.Compare(a.place, b.place) })
	const mostPairs = 2 // each costs as much as several words
	for i := range min(len(inOrder)-1, mostPairs) {
		b.WriteString(" OR NEAR(" + inOrder[i].phrase + " " + inOrder[i+1].phrase + ", 10)")
	}
	return b.String()
}

// rankPages returns the best pages that match, at most limit.
func (r *ranked) rankPages(ctx context.Context, expression string, limit int) (pages []page, err error) {
	rows, err := r.rank.QueryContext(ctx, expression, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var p page
		if err := rows.Scan(&p.number, &p.score); err != nil {
			return nil, err
		}
		p.score = -p.score // FTS5 has it that less is better
		pages = append(pages, p)
	}
	return pages, rows.Err()
}
