package text

import (
	"cmp"
	"slices"
)

// match is a run of lines that was found in a text. Length 0 is none.
type match struct {
	length int
	row    int // where it first ends there
}

// longestMatches is, for each line of target, the longest run of lines that ends in it and occurs in source.
//
// It builds a suffix automaton of target, walks it along source, and notes in each state what it finds.
func longestMatches(source, target []string) []match {
	symbols := make(map[string]int, len(target))
	runs := &lineRuns{states: []lineState{{link: none}}, edges: make(map[edge]int, len(target))}
	ends := make([]int, len(target))
	for j, line := range target {
		symbol, known := symbols[line]
		if !known {
			symbol = len(symbols)
			symbols[line] = symbol
		}
		ends[j] = runs.extend(symbol)
	}

	runs.findIn(source, symbols)
	runs.spread()

	matches := make([]match, len(target))
	for j, end := range ends {
		matches[j] = runs.states[end].longest
	}
	return matches
}

// lineRuns is a suffix automaton: it knows every run of consecutive lines of a text. A run is a path from root. Runs that end at the same
// places share a state; each is the end of all longer ones in it.
type lineRuns struct {
	states []lineState
	edges  map[edge]int
	last   int // the state of the whole text so far
}

type lineState struct {
	length  int   // of the longest run that ends here
	link    int   // state of its longest end that also ends elsewhere
	symbols []int // of the edges that leave here

	longest match // longest of the runs here that was found
	first   int   // where any of them first ends; only with a match
}

// edge leaves the state from by a line that is numbered symbol.
type edge struct {
	from, symbol int
}

const (
	root = 0
	none = -1
)

// extend adds a line to the end of the text, and returns the state of the whole text.
func (r *lineRuns) extend(symbol int) int {
	whole := r.add(lineState{length: r.states[r.last].length + 1})
	from := r.last
	r.last = whole
	for ; from != none; from = r.states[from].link {
		if _, ok := r.edges[edge{from, symbol}]; ok {
			break
		}
		r.connect(from, symbol, whole)
	}
	if from == none {
		r.states[whole].link = root
		return whole
	}
	to := r.edges[edge{from, symbol}]
	if r.states[from].length+1 < r.states[to].length {
		to = r.split(from, symbol, to)
	}
	r.states[whole].link = to
	return whole
}

// split takes the shorter runs of state to, those that come from state from, out of it: they now end in one place more.
func (r *lineRuns) split(from, symbol, to int) int {
	shorter := r.add(lineState{length: r.states[from].length + 1, link: r.states[to].link})
	for _, s := range r.states[to].symbols {
		r.connect(shorter, s, r.edges[edge{to, s}])
	}
	for ; from != none && r.edges[edge{from, symbol}] == to; from = r.states[from].link {
		r.edges[edge{from, symbol}] = shorter
	}
	r.states[to].link = shorter
	return shorter
}

func (r *lineRuns) add(s lineState) int {
	r.states = append(r.states, s)
	return len(r.states) - 1
}

func (r *lineRuns) connect(from, symbol, to int) {
	r.edges[edge{from, symbol}] = to
	r.states[from].symbols = append(r.states[from].symbols, symbol)
}

// findIn notes, for each row of source, the longest run that ends there.
func (r *lineRuns) findIn(source []string, symbols map[string]int) {
	at, length := root, 0
	for row, line := range source {
		symbol, ok := symbols[line]
		if !ok {
			at, length = root, 0
			continue
		}
		at, length = r.follow(at, length, symbol)
		s := &r.states[at]
		if s.longest.length == 0 {
			s.first = row
		}
		if length > s.longest.length {
			s.longest = match{length, row}
		}
	}
}

// follow lengthens the run of the given length that ends in at by one line of the text, and shortens it from its start until there
// is such a run.
func (r *lineRuns) follow(at, length, symbol int) (int, int) {
	for {
		if to, ok := r.edges[edge{at, symbol}]; ok {
			return to, length + 1
		}
		at = r.states[at].link // root has an edge for every line of the text
		length = r.states[at].length
	}
}

// spread completes what findIn noted: where a run was found, so were all its ends; and what a state has not is in its link.
func (r *lineRuns) spread() {
	byLength := make([]int, len(r.states)-1) // without root
	for i := range byLength {
		byLength[i] = i + 1
	}
	slices.SortFunc(byLength, func(a, b int) int { return cmp.Compare(r.states[a].length, r.states[b].length) })

	for _, i := range slices.Backward(byLength) {
		if s := &r.states[i]; s.longest.length > 0 && s.link != root {
			r.states[s.link].foundWhole(s.first)
		}
	}
	for _, i := range byLength {
		if s := &r.states[i]; s.longest.length == 0 {
			s.longest = r.states[s.link].longest
		}
	}
}

// foundWhole notes that the longest run of the state was also found in a row.
func (s *lineState) foundWhole(row int) {
	if s.longest.length == 0 {
		s.first = row
	}
	s.first = min(s.first, row)
	if s.longest.length < s.length {
		s.longest = match{s.length, row}
	}
	s.longest.row = min(s.longest.row, row)
}
