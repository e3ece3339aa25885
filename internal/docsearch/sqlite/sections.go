package sqlite

import "context"

const (
	// headingFactor is how much more a word tells in a heading than below it.
	headingFactor = 3
	// sectionShare is how much a page's best section counts beside the page.
	sectionShare = 0.5
	// mostTelling is how many words are looked for in sections.
	mostTelling = 4
)

// chooseSection finds the section of a page that has the most telling words, of equals the first, and adds to the page's score.
func (r *ranked) chooseSection(ctx context.Context, words []word, p *page) error {
	first := p.number * sectionsPerPage
	last := first + sectionsPerPage - 1
	scores := map[int64]float64{}
	for _, w := range words[:min(len(words), mostTelling)] {
		with, err := r.sectionsWith(ctx, w.match, first, last)
		if err != nil {
			return err
		}
		for _, section := range with {
			scores[section] += w.weight()
		}
		if len(with) == 0 {
			continue
		}
		if with, err = r.sectionsWith(ctx, "headings : "+w.match, first, last); err != nil {
			return err
		}
		for _, section := range with {
			scores[section] += (headingFactor - 1) * w.weight()
		}
	}
	p.section = first
	for section, score := range scores {
		if best := scores[p.section]; score > best || score == best && section < p.section {
			p.section = section
		}
	}
	p.score += sectionShare * scores[p.section]
	return nil
}

// sectionsWith returns the sections between two that match.
func (r *ranked) sectionsWith(ctx context.Context, expression string, first, last int64) (sections []int64, err error) {
	rows, err := r.within.QueryContext(ctx, expression, first, last)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var section int64
		if err := rows.Scan(&section); err != nil {
			return nil, err
		}
		sections = append(sections, section)
	}
	return sections, rows.Err()
}
