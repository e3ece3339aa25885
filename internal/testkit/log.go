package testkit

import (
	"bytes"
	"context"
	"encoding/json"
	"reflect"
	"strings"
	"sync"
)

// Log is what a gateway writes to standard output and standard error, line by line, while it runs. It is safe for
// concurrent use.
type Log struct {
	lines journal[LogLine]

	mu      sync.Mutex
	partial []byte // the beginning of a line
}

// LogLine is one line and, when it is a JSON object, its fields (numbers are float64).
type LogLine struct {
	Text  string
	Entry map[string]any
}

// Write takes output of any size; it never fails.
func (l *Log) Write(output []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.partial = append(l.partial, output...)
	for {
		line, rest, complete := bytes.Cut(l.partial, []byte("\n"))
		if !complete {
			return len(output), nil
		}
		l.add(line)
		l.partial = rest
	}
}

// end adds a last line that was not ended.
func (l *Log) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.partial) > 0 {
		l.add(l.partial)
		l.partial = nil
	}
}

func (l *Log) add(line []byte) {
	parsed := LogLine{Text: string(line)}
	if json.Unmarshal(line, &parsed.Entry) != nil {
		parsed.Entry = nil
	}
	l.lines.add(parsed)
}

// Len is the number of lines so far: a mark for [Log.Since] and [Log.Await].
func (l *Log) Len() int { return l.lines.size() }

// Since are the lines from a mark on.
func (l *Log) Since(mark int) []LogLine { return l.lines.since(mark) }

// Await returns the lines from a mark on as soon as they are enough, or as they are, and false, when ctx ends. It looks at
// least once.
func (l *Log) Await(ctx context.Context, mark int, enough func([]LogLine) bool) ([]LogLine, bool) {
	return l.lines.await(ctx, mark, enough)
}

// Text is all output so far.
func (l *Log) Text() string {
	var b strings.Builder
	for _, line := range l.Since(0) {
		b.WriteString(line.Text)
		b.WriteByte('\n')
	}
	return b.String()
}

// Tail is at most the last n lines.
func (l *Log) Tail(n int) string {
	lines := strings.SplitAfter(l.Text(), "\n")
	return strings.Join(lines[max(0, len(lines)-1-n):], "")
}

// Has tells whether a line is an entry with all these fields. Numbers may be of any type; nil means null or absent.
func (l LogLine) Has(fields map[string]any) bool {
	if l.Entry == nil {
		return false
	}
	for name, want := range fields {
		if !reflect.DeepEqual(asJSON(want), l.Entry[name]) {
			return false
		}
	}
	return true
}

// asJSON is v as it looks after a way through JSON.
func asJSON(v any) (same any) {
	b, err := json.Marshal(v)
	if err != nil || json.Unmarshal(b, &same) != nil {
		return v
	}
	return same
}
