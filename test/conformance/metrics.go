package conformance

import (
	"context"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/testkit"
)

// metricsFor reads the metrics before a case that compares them.
func (s *Session) metricsFor(c *Case) (testkit.Metrics, error) {
	if len(c.Metrics) == 0 {
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), requestPatience)
	defer cancel()
	return s.gateway.Metrics(ctx)
}

// compareMetrics reads the metrics again until all have moved as expected. There is nothing to wait on, so it looks at once
// and then less and less often.
func (s *Session) compareMetrics(d *Differences, want []Metric, before testkit.Metrics, p Patience) {
	if len(want) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), requestPatience)
	defer cancel()
	var found Differences
	deadline := time.Now().Add(p.with(d))
	for pause := 2 * time.Millisecond; ; pause *= 2 {
		after, err := s.gateway.Metrics(ctx)
		if err != nil {
			d.add("%v", err)
			return
		}
		if found = metricDifferences(want, before, after); len(found) == 0 || time.Now().After(deadline) {
			*d = append(*d, found...)
			return
		}
		time.Sleep(pause)
	}
}

func metricDifferences(want []Metric, before, after testkit.Metrics) (d Differences) {
	for _, m := range want {
		if moved := after.Sum(m.Name, m.Labels) - before.Sum(m.Name, m.Labels); moved != m.Delta {
			d.add("metric %s%v: want +%v, got +%v", m.Name, m.Labels, m.Delta, moved)
		}
	}
	return d
}
