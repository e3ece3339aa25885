package testkit

import (
	"bufio"
	"context"
	"testing"
)

// Gateway starts the gateway under test with settings as environment. It ends with the test, which fails when the gateway
// does not end in time or not with exit status 0. A failed test shows the last lines of its log.
func Gateway(t testing.TB, env map[string]string) *Process {
	t.Helper()
	return GatewayWith(t, Settings{Env: env})
}

// GatewayWith is [Gateway] with files in the working directory, for instance a ".env".
func GatewayWith(t testing.TB, s Settings) *Process {
	t.Helper()
	p, err := Launch(Binary(t), s)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("end of the gateway's log:\n%s", p.Log.Tail(20))
		}
		if err := p.Stop(); err != nil {
			t.Error(err)
		}
	})
	return p
}

// Do asks the gateway and returns the whole answer. The test ends when there is none.
func (p *Process) Do(t testing.TB, r Request) Answer {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	answer, err := p.Send(r.build(ctx, t, p))
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

// Open asks the gateway and returns when the head of the answer is there. The connection is dropped with the test, if not before.
func (p *Process) Open(t testing.TB, r Request) *Stream {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	res, err := p.client.Do(r.build(ctx, t, p))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { res.Body.Close() })
	return &Stream{Status: res.StatusCode, Header: res.Header, t: t, body: bufio.NewReaderSize(res.Body, 32<<10), leave: cancel}
}

// Logs are the entries with all these fields so far (see [LogLine.Has]).
func (p *Process) Logs(match map[string]any) (entries []map[string]any) {
	return matching(p.Log.Since(0), match)
}

// WaitLogs waits for an entry with all these fields and returns all such entries. The test ends when there comes none.
func (p *Process) WaitLogs(t testing.TB, match map[string]any) []map[string]any {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	lines, ok := p.Log.Await(ctx, 0, func(lines []LogLine) bool { return len(matching(lines, match)) > 0 })
	if !ok {
		t.Fatalf("waited in vain for a log entry %s", compact(match))
	}
	return matching(lines, match)
}

func matching(lines []LogLine, match map[string]any) (entries []map[string]any) {
	for _, line := range lines {
		if line.Has(match) {
			entries = append(entries, line.Entry)
		}
	}
	return entries
}

// Metric is the sum of all series of a name that have at least these labels. The test ends when the metrics cannot be read.
func (p *Process) Metric(t testing.TB, name string, labels map[string]string) float64 {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	m, err := p.Metrics(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return m.Sum(name, labels)
}
