package conformance

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Expected lists the cases that may fail, because what they check is not built yet. It only ever shrinks: a listed case that
// passes is a failure, until it is taken off the list.
type Expected map[string]bool

// ReadExpected reads one case, FILE/NAME, a line. Empty lines and those that begin with # are comments.
func ReadExpected(r io.Reader) (Expected, error) {
	e := Expected{}
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		id := strings.TrimSpace(lines.Text())
		if id == "" || id[0] == '#' {
			continue
		}
		if e[id] {
			return nil, fmt.Errorf("expected failures: %s is there twice", id)
		}
		e[id] = true
	}
	return e, lines.Err()
}

// WriteTo writes the list sorted, in one group a case file.
func (e Expected) WriteTo(w io.Writer) (int64, error) {
	var b strings.Builder
	b.WriteString("# Cases that fail because what they check is not built yet, or differs on purpose (docs/compatibility.md). Take a case off when it passes.\n")
	b.WriteString("# Written by: go test ./test/conformance -update-expected\n")
	group := ""
	for _, id := range e.sorted() {
		if file, _, _ := strings.Cut(id, "/"); file != group {
			group = file
			fmt.Fprintf(&b, "\n# %s\n", file)
		}
		b.WriteString(id + "\n")
	}
	n, err := io.WriteString(w, b.String())
	return int64(n), err
}

// sorted orders by file and then by name; a plain order of the lines would mix files of which one's name begins another's.
func (e Expected) sorted() []string {
	return slices.SortedFunc(func(yield func(string) bool) {
		for id := range e {
			if !yield(id) {
				return
			}
		}
	}, func(a, b string) int {
		return slices.Compare(strings.SplitN(a, "/", 2), strings.SplitN(b, "/", 2))
	})
}

// Unknown are the entries that name none of the cases.
func (e Expected) Unknown(cases []*Case) (unknown []string) {
	known := map[string]bool{}
	for _, c := range cases {
		known[c.ID] = true
	}
	for _, id := range e.sorted() {
		if !known[id] {
			unknown = append(unknown, id)
		}
	}
	return unknown
}

// Verdict is what a run of a case means for the suite.
type Verdict int

// The verdicts.
const (
	Passed       Verdict = iota // as it ought to
	Failed                      // and is not listed
	FailedListed                // as expected: a note, no failure
	PassedListed                // it must be taken off the list
)

// Judge weighs a result.
func (e Expected) Judge(c *Case, d Differences) Verdict {
	switch failed := len(d) > 0; {
	case failed && e[c.ID]:
		return FailedListed
	case failed:
		return Failed
	case e[c.ID]:
		return PassedListed
	default:
		return Passed
	}
}
