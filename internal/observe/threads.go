package observe

import (
	"bufio"
	"bytes"
	"context"
	"log/slog"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// largestDump is how many bytes of stacks one entry is made of; a gateway with thousands of open requests does not log them all.
const largestDump = 256 << 10

// thread is the stack of a goroutine: this runtime's notion of a thread (spec/observability.md 16).
type thread struct {
	ID    int     `json:"thread_id"`
	Lines []frame `json:"lines"` // outermost first
}

type frame struct {
	File string `json:"filename"`
	Line int    `json:"lineno"`
	Name string `json:"name"`
}

// MonitorThreads counts goroutines and logs their stacks again and again, until ctx ends. It stops the process for a moment each time.
func (m *Metrics) MonitorThreads(ctx context.Context, log *slog.Logger, interval time.Duration) {
	again := time.NewTicker(interval)
	defer again.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-again.C:
			m.scanThreads(ctx, log)
		}
	}
}

func (m *Metrics) scanThreads(ctx context.Context, log *slog.Logger) {
	pid, count := os.Getpid(), runtime.NumGoroutine()
	m.threads.WithLabelValues(strconv.Itoa(pid)).Set(float64(count))
	if !log.Enabled(ctx, slog.LevelInfo) {
		return
	}
	dump := make([]byte, largestDump)
	dump = dump[:runtime.Stack(dump, true)]
	log.LogAttrs(ctx, slog.LevelInfo, "Thread activities", slog.String("logger", "threads"),
		slog.Int("pid", pid), slog.Int("threads_count", count), slog.Any("stacktrace", parseStacks(dump)))
}

// parseStacks reads what runtime.Stack writes: a block for each goroutine, innermost frame first, two lines a frame.
//
//	goroutine 7 [select, 2 minutes]:
//	net/http.(*Server).Serve(0xc0000a2000, {0x7f, 0xc0})
//		/usr/local/go/src/net/http/server.go:3330 +0x30c
func parseStacks(dump []byte) []thread {
	threads := []thread{}
	for block := range bytes.SplitSeq(dump, []byte("\n\n")) {
		t := thread{Lines: []frame{}}
		lines := bufio.NewScanner(bytes.NewReader(block))
		lines.Buffer(nil, largestDump)
		for name := ""; lines.Scan(); {
			line := lines.Text()
			switch {
			case strings.HasPrefix(line, "goroutine "):
				id, _, _ := strings.Cut(strings.TrimPrefix(line, "goroutine "), " ")
				t.ID, _ = strconv.Atoi(id)
			case strings.HasPrefix(line, "\t"):
				file, number := position(line)
				t.Lines = append([]frame{{file, number, name}}, t.Lines...)
			default:
				name = function(line)
			}
		}
		if t.ID != 0 {
			threads = append(threads, t)
		}
	}
	return threads
}

// function is the name in a line like "main.(*T).f(0x1, {0x2, ...})" or "created by main.f in goroutine 1". Its arguments are the last
// pair of parentheses; earlier ones belong to the name.
func function(line string) string {
	line, _, _ = strings.Cut(strings.TrimPrefix(line, "created by "), " in goroutine ")
	if !strings.HasSuffix(line, ")") {
		return line
	}
	open := 0
	for i := len(line) - 1; i > 0; i-- {
		switch line[i] {
		case ')':
			open++
		case '(':
			open--
		}
		if open == 0 {
			return line[:i]
		}
	}
	return line
}

// position reads a line like "\t/src/main.go:12 +0x1d".
func position(line string) (file string, number int) {
	line, _, _ = strings.Cut(strings.TrimSpace(line), " +0x")
	colon := strings.LastIndexByte(line, ':')
	if colon < 0 {
		return line, 0
	}
	number, _ = strconv.Atoi(line[colon+1:])
	return line[:colon], number
}
