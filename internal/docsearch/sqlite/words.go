package sqlite

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
)

// word is a term of the question that is in the index.
type word struct {
	match  string // FTS5 expression for it
	phrase string // the same without alternatives
	place  int    // its place in the question
	pages  int    // how many pages have it, at most manyPages
}

// manyPages is how many pages are ranked without a second thought. A word that is on more of them is a common one: it does not make a page
// a candidate.
const manyPages = 700

// lookUpAll finds the words of a question in the index, and returns them by rarity. A term that no page has is taken for the beginning of
// words, or for several words; else it is dropped: one strange word does not spoil a question.
func (r *ranked) lookUpAll(ctx context.Context, terms []term) (words []word, err error) {
	for _, t := range terms {
		found, err := r.lookUp(ctx, t)
		if err != nil {
			return nil, err
		}
		if found.pages > 0 {
			words = append(words, found)
			continue
		}
		for _, part := range t.parts() {
			if found, err = r.lookUp(ctx, part); err != nil {
				return nil, err
			}
			if found.pages > 0 {
				words = append(words, found)
			}
		}
	}
	words = words[:min(len(words), mostTerms)]
	for i := range words {
		words[i].place = i
	}
	slices.SortStableFunc(words, func(a, b word) int { return cmp.Compare(a.pages, b.pages) })
	return words, nil
}

func (r *ranked) lookUp(ctx context.Context, t term) (w word, err error) {
	w = word{match: t.expression(false), phrase: t[:1].expression(false)}
	if w.pages, err = r.countPages(ctx, w.match); err != nil || w.pages > 0 {
		return w, err
	}
	const shortestPrefix = 5 // shorter ones begin too many words
	if len(t[0]) >= shortestPrefix {
		w.match, w.phrase = t.expression(true), t[:1].expression(true)
		w.pages, err = r.countPages(ctx, w.match)
	}
	return w, err
}

func (r *ranked) countPages(ctx context.Context, expression string) (n int, err error) {
	err = r.count.QueryRowContext(ctx, expression, manyPages).Scan(&n)
	return n, err
}

// weight is what a word tells about what a question is after: the rarer, the more.
func (w word) weight() float64 { return math.Log(1 + 2*manyPages/float64(w.pages)) }

// join combines words to one expression.
func join(words []word, operator string) string {
	var b strings.Builder
	for i, w := range words {
		if i > 0 {
			b.WriteString(operator)
		}
		b.WriteString(w.match)
	}
	return b.String()
}
