package conformance

import (
	"context"
	"net/http"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/testkit"
)

// Patience is how long to wait for what follows an answer: calls of the event collector, a model call that is left, log
// entries, counters. Only cases that fail take that long.
type Patience time.Duration

// Patience with a case that ought to pass, and with one of which little is hoped.
const (
	Patient   = Patience(2 * time.Second)
	Impatient = Patience(100 * time.Millisecond)
)

// with is the patience with a case that differs already, or does not: none for one that has failed anyway.
func (p Patience) with(d *Differences) time.Duration {
	if len(*d) > 0 {
		return 0
	}
	return time.Duration(p)
}

// requestPatience is how long an answer, and a page of metrics, may take.
const requestPatience = 30 * time.Second

// Run runs one case.
func (s *Session) Run(c *Case, p Patience) (d Differences) {
	if c.Expect == nil {
		return Differences{"nothing expected: the case compares nothing"}
	}
	s.fakes.Reset(c.Scripts...)
	mark := s.gateway.Log.Len()
	before, err := s.metricsFor(c)
	if err != nil {
		return Differences{err.Error()}
	}
	answer, err := s.send(c)
	if err != nil {
		return Differences{"request: " + err.Error()}
	}
	c.Expect.compare(&d, answer, s.fakes)
	s.compareCalls(&d, c, p)
	s.compareLogs(&d, c.Logs, mark, p)
	s.compareMetrics(&d, c.Metrics, before, p)
	s.settle(c, mark)
	return d
}

// settle waits for the access log entry of a case, the last thing that it causes, so that nothing of it is taken for a
// part of the next one. Some requests are not logged, and a profile may log nothing of that level: then it is not waited
// for long, and after a few times not at all.
func (s *Session) settle(c *Case, mark int) {
	const tries, patience = 3, 100 * time.Millisecond
	if s.unseen == tries || c.Request.Method == http.MethodOptions || c.Request.Port != "" {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if _, seen := s.gateway.Log.Await(ctx, mark, hasAccessEntry); seen {
		s.unseen = 0
		return
	}
	s.unseen++
}

func hasAccessEntry(lines []testkit.LogLine) bool {
	for _, line := range lines {
		if line.Entry["logger"] == "api.access" {
			return true
		}
	}
	return false
}
