package testkit

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// Metrics are the series that a gateway showed at one time.
type Metrics []Series

// Series is one line of the text format: a counter, a gauge, or a part of a histogram (…_bucket, …_count, …_sum).
type Series struct {
	Name   string
	Labels map[string]string
	Value  float64
}

// Sum adds up all series of a name that have at least these labels. It is 0 when there is none.
func (m Metrics) Sum(name string, labels map[string]string) (sum float64) {
	for _, s := range m {
		if s.Name == name && s.has(labels) {
			sum += s.Value
		}
	}
	return sum
}

func (s Series) has(labels map[string]string) bool {
	for name, value := range labels {
		if have, ok := s.Labels[name]; !ok || have != value {
			return false
		}
	}
	return true
}

// Metrics asks the metrics listener.
func (p *Process) Metrics(ctx context.Context) (Metrics, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.MetricsURL+"/metrics", nil)
	if err != nil {
		return nil, err
	}
	answer, err := p.Send(req)
	if err != nil {
		return nil, fmt.Errorf("read metrics: %w", err)
	}
	if answer.Status != http.StatusOK || answer.Cut {
		return nil, fmt.Errorf("read metrics: status %d, cut %v", answer.Status, answer.Cut)
	}
	return parseMetrics(string(answer.Body))
}

func parseMetrics(text string) (Metrics, error) {
	var m Metrics
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		s, err := parseSeries(line)
		if err != nil {
			return nil, fmt.Errorf("metrics line %q: %w", line, err)
		}
		m = append(m, s)
	}
	return m, nil
}

// parseSeries reads name{label="value",…} value. A time after the value is ignored.
func parseSeries(line string) (Series, error) {
	end := strings.IndexAny(line, "{ \t")
	if end < 0 {
		return Series{}, fmt.Errorf("no value")
	}
	s := Series{Name: line[:end], Labels: map[string]string{}}
	rest := line[end:]
	if rest[0] == '{' {
		var err error
		if rest, err = s.parseLabels(rest[1:]); err != nil {
			return Series{}, err
		}
	}
	fields := strings.Fields(rest)
	if len(fields) == 0 {
		return Series{}, fmt.Errorf("no value")
	}
	var err error
	s.Value, err = strconv.ParseFloat(fields[0], 64)
	return s, err
}

// parseLabels reads up to the closing brace and returns what follows it.
func (s *Series) parseLabels(text string) (rest string, err error) {
	for {
		text = strings.TrimLeft(text, ", ")
		if after, closed := strings.CutPrefix(text, "}"); closed {
			return after, nil
		}
		name, after, ok := strings.Cut(text, "=")
		if !ok {
			return "", fmt.Errorf("labels without an end")
		}
		quoted, err := strconv.QuotedPrefix(after)
		if err != nil {
			return "", fmt.Errorf("label %s: %w", name, err)
		}
		if s.Labels[name], err = strconv.Unquote(quoted); err != nil {
			return "", fmt.Errorf("label %s: %w", name, err)
		}
		text = after[len(quoted):]
	}
}
