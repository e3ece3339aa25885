// Package troubleshoot finds out why an installation does not work, and says in plain language what to do about it
// (spec/settings-and-operations.md 13).
//
// A [Check] is one question: a name, a sentence that is true when all is well, and a function that finds out. Its answer is a [Finding]:
// whether the sentence holds, what was seen, and, when something is wrong, a remedy. [Run] asks one check after the other and never
// stops at the first failure, since an operator wants to know everything at once; a check that makes no sense after the failure of
// another one is skipped.
//
// Checks reach the outside by the ports that their constructors take, such as an [http.Client] or a function that asks a model. Package app
// hands them those of the gateway itself, so that what is tested is what will run. None of them needs the gateway to let everybody in.
package troubleshoot

import (
	"context"
	"time"
)

// Longest is how long a check may take unless an operator says otherwise.
const Longest = 60 * time.Second

// Check is one question about an installation.
type Check struct {
	Name  string   // in JSON and in Needs, such as "gitlab-keys"
	Title string   // a sentence that is true when all is well
	Needs []string // checks that must not have failed, or this one is skipped
	Find  func(context.Context) Finding
}

// Finding is the answer to a check.
type Finding struct {
	Status Status
	Seen   string // what was seen, in a few words; may be empty
	Remedy string // what to do about it; empty when all is well
}

// Status says how a check ended.
type Status string

// The ways in which a check ends.
const (
	Passed  Status = "passed"
	Warned  Status = "warning" // it works, but is hardly meant to be so
	Failed  Status = "failed"
	Skipped Status = "skipped"
)

// Outcome is a check with its answer.
type Outcome struct {
	Name   string
	Title  string
	Took   time.Duration
	Reason string // why it was skipped: the title of the check that failed
	Finding
}

// Report is everything that was found, in the order of the checks.
type Report []Outcome

// Run asks all checks, one after the other and no longer than longest each, and tells each outcome as soon as it is there. A cancelled ctx
// makes the rest fail.
func Run(ctx context.Context, checks []Check, longest time.Duration, tell func(Outcome)) Report {
	var report Report
	for _, check := range checks {
		outcome := Outcome{Name: check.Name, Title: check.Title}
		if missing := report.broken(check.Needs); missing != "" {
			outcome.Status, outcome.Reason = Skipped, missing
		} else {
			outcome.Finding, outcome.Took = find(ctx, check, longest)
		}
		report = append(report, outcome)
		tell(outcome)
	}
	return report
}

func find(ctx context.Context, check Check, longest time.Duration) (Finding, time.Duration) {
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	begin := time.Now()
	finding := check.Find(ctx)
	return finding, time.Since(begin)
}

// OK reports whether nothing has failed. Warnings are no failures.
func (r Report) OK() bool { return r.Count(Failed) == 0 }

// Count is the number of checks that ended so.
func (r Report) Count(status Status) (n int) {
	for _, outcome := range r {
		if outcome.Status == status {
			n++
		}
	}
	return n
}

// broken is the title of the first of the named checks that failed or was skipped for a failure.
func (r Report) broken(names []string) string {
	for _, name := range names {
		for _, outcome := range r {
			if outcome.Name != name {
				continue
			}
			switch outcome.Status {
			case Failed:
				return outcome.Title
			case Skipped:
				return outcome.Reason
			default:
			}
		}
	}
	return ""
}

func passed(seen string) Finding { return Finding{Status: Passed, Seen: seen} }

func warned(seen, remedy string) Finding { return Finding{Status: Warned, Seen: seen, Remedy: remedy} }

func failed(seen, remedy string) Finding { return Finding{Status: Failed, Seen: seen, Remedy: remedy} }
