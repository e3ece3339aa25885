package conformance

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/testkit"
)

// compareLogs looks for the entries that the case wants in what was logged since the mark, and then for those that it
// forbids: they have had the time to appear when the wanted ones are there.
func (s *Session) compareLogs(d *Differences, patterns []LogPattern, mark int, patience Patience) {
	for _, p := range patterns {
		p.check(d)
	}
	for _, p := range patterns {
		if !p.Absent {
			s.wantLog(d, p, mark, patience.with(d))
		}
	}
	for _, p := range patterns {
		if p.Absent {
			s.forbidLog(d, p, mark, patience.with(d))
		}
	}
}

func (s *Session) wantLog(d *Differences, p LogPattern, mark int, patience time.Duration) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	nearest := "none"
	lines, found := s.gateway.Log.Await(ctx, mark, func(lines []testkit.LogLine) bool {
		found, near := p.find(lines)
		nearest = near
		return found
	})
	if !found {
		d.add("log: no entry %s with the fields asked for among %d; nearest: %s", encode(p.Match), len(lines), nearest)
	}
}

// forbidLog waits for the access log entry, which comes after what a request logs, and a little longer for what the gateway
// may do after it.
func (s *Session) forbidLog(d *Differences, p LogPattern, mark int, patience time.Duration) {
	const entryPatience, afterwards = 500 * time.Millisecond, 150 * time.Millisecond
	forbidden := func(lines []testkit.LogLine) bool {
		return slices.ContainsFunc(lines, p.picks)
	}
	entry, cancel := context.WithTimeout(context.Background(), min(patience, entryPatience))
	defer cancel()
	s.gateway.Log.Await(entry, mark, func(lines []testkit.LogLine) bool { return hasAccessEntry(lines) || forbidden(lines) })
	rest, cancel := context.WithTimeout(context.Background(), min(patience, afterwards))
	defer cancel()
	lines, found := s.gateway.Log.Await(rest, mark, forbidden)
	if found {
		d.add("log: an entry that must not be there: %s", lines[slices.IndexFunc(lines, p.picks)].Text)
	}
}

// check finds patterns that cannot be compiled: one that forbids an entry would forbid nothing.
func (p LogPattern) check(d *Differences) {
	for _, fields := range []map[string]any{p.Match, p.Fields} {
		for _, value := range fields {
			if s, _ := value.(string); strings.HasPrefix(s, "~") {
				d.same(s, "")
			}
		}
	}
}

// picks tells whether the pattern is about a line.
func (p LogPattern) picks(line testkit.LogLine) bool {
	return line.Entry != nil && fieldDifference(line.Entry, p.Match) == ""
}

// find tells whether one of the lines that the pattern picks has the fields that it asks for, or else what is wrong about the
// last of them.
func (p LogPattern) find(lines []testkit.LogLine) (found bool, nearest string) {
	nearest = "none"
	for _, line := range lines {
		if !p.picks(line) {
			continue
		}
		difference := fieldDifference(line.Entry, p.Fields)
		if difference == "" {
			return true, ""
		}
		nearest = difference + " in " + line.Text
	}
	return false, nearest
}

// fieldDifference is the first field of an entry that is not as wanted, or "".
func fieldDifference(entry, want map[string]any) string {
	for _, name := range slices.Sorted(maps.Keys(want)) {
		have, there := entry[name]
		if problem := valueDifference(want[name], have, there); problem != "" {
			return name + ": " + problem
		}
	}
	return ""
}

func valueDifference(want, have any, there bool) string {
	var d Differences
	re, isPattern := "", false
	if s, ok := want.(string); ok {
		re, isPattern = strings.CutPrefix(s, "~")
	}
	switch {
	case want == nil && have != nil:
		return fmt.Sprintf("want null or absent, got %s", encode(have))
	case want == nil:
		return ""
	case isPattern && there && d.match(re, textOf(have)):
		return ""
	case isPattern:
		return fmt.Sprintf("want a match of %q, got %s", re, encode(have))
	case !reflect.DeepEqual(want, have):
		return fmt.Sprintf("want %s, got %s", encode(want), encode(have))
	default:
		return ""
	}
}
