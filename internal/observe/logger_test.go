package observe

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestEntriesHaveTheEnvelope(t *testing.T) {
	var out bytes.Buffer
	log := Named(NewLogger(&out, LogOptions{Level: slog.LevelInfo, JSON: true}), "main")
	ctx := WithRecord(context.Background(), &Record{CorrelationID: "c-1"})

	log.DebugContext(ctx, "below the threshold")
	log.Log(ctx, LevelCritical, "careful", "n", 1, "none", nil)

	var entry map[string]any
	if err := json.Unmarshal(out.Bytes(), &entry); err != nil {
		t.Fatalf("want one JSON line, got %q: %v", out.String(), err)
	}
	stamp, _ := entry["timestamp"].(string)
	if !strings.HasSuffix(stamp, "Z") || len(stamp) < len("2024-12-20T10:11:12Z") {
		t.Errorf("timestamp: got %q", stamp)
	}
	delete(entry, "timestamp")
	want := map[string]any{
		"message": "careful", "logger": "main", "level": "critical", "type": "mlops", "stage": "main", "correlation_id": "c-1", "n": 1.0, "none": nil,
	}
	if diff := cmp.Diff(want, entry); diff != "" {
		t.Error(diff)
	}
}

func TestTheConsoleLeavesOutWhatSaysNothing(t *testing.T) {
	var out bytes.Buffer
	log := Named(NewLogger(&out, LogOptions{Level: slog.LevelInfo}), "main")
	log.Warn("hot", "none", nil, "empty", "", "quoted", "a b", "n", 3)
	_, line, _ := strings.Cut(out.String(), " ")
	if want := "WARNING  main            hot quoted=\"a b\" n=3\n"; line != want {
		t.Errorf("want %q, got %q", want, line)
	}
}

func TestLevels(t *testing.T) {
	for name, want := range map[string]slog.Level{
		"debug": slog.LevelDebug, "NOTSET": slog.LevelDebug, "Info": slog.LevelInfo, "WARN": slog.LevelWarn, "warning": slog.LevelWarn,
		"ERROR": slog.LevelError, "fatal": LevelCritical, "CRITICAL": LevelCritical,
	} {
		if got, ok := ParseLevel(name); !ok || got != want {
			t.Errorf("%s: want %v, got %v %v", name, want, got, ok)
		}
	}
	if _, ok := ParseLevel("loud"); ok {
		t.Error("there is no level loud")
	}
}

// decode reads one entry.
func decode(t *testing.T, line string) map[string]any {
	t.Helper()
	var entry map[string]any
	if err := json.Unmarshal([]byte(line), &entry); err != nil {
		t.Fatalf("want one entry, got %q: %v", line, err)
	}
	return entry
}
