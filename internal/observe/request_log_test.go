package observe

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// requestEntry is what RequestLog writes with these attributes, without the envelope.
func requestEntry(t *testing.T, attrs ...slog.Attr) map[string]any {
	t.Helper()
	var out bytes.Buffer
	RequestLog(t.Context(), NewLogger(&out, LogOptions{JSON: true, RequestContent: true}), "chat", slog.LevelInfo, "asked", attrs...)
	var entry map[string]any
	if err := json.Unmarshal(out.Bytes(), &entry); err != nil {
		t.Fatalf("want one entry, got %q: %v", out.String(), err)
	}
	for _, constant := range []string{"timestamp", "level", "message", "type", "stage", "logger"} {
		delete(entry, constant)
	}
	return entry
}

func TestKeysAreMaskedInRequestEntries(t *testing.T) {
	type metadata map[string]any
	for name, tc := range map[string]struct {
		attrs []slog.Attr
		want  map[string]any
	}{
		"without a key":          {nil, map[string]any{"api_key": nil}},
		"a key":                  {[]slog.Attr{slog.String("api_key", "sk-1")}, map[string]any{"api_key": mask}},
		"a key that is null":     {[]slog.Attr{slog.Any("api_key", nil)}, map[string]any{"api_key": mask}},
		"other fields stay":      {[]slog.Attr{slog.String("prefix", "größe <x>")}, map[string]any{"api_key": nil, "prefix": "größe <x>"}},
		"inputs without a model": {[]slog.Attr{slog.Any("inputs", metadata{"model_metadata": nil})}, map[string]any{"api_key": nil, "inputs": `{"model_metadata":null}`}},
		"inputs with a model and its key": {
			[]slog.Attr{slog.Any("inputs", metadata{"n": 12345678901234567, "model_metadata": metadata{"api_key": "sk-1", "name": "<m>"}})},
			map[string]any{"api_key": nil, "inputs": `{"model_metadata":{"api_key":"**********","name":"<m>"},"n":12345678901234567}`},
		},
		"inputs with a model without a key": {
			[]slog.Attr{slog.Any("inputs", metadata{"model_metadata": metadata{"api_key": ""}})},
			map[string]any{"api_key": nil, "inputs": `{"model_metadata":{"api_key":null}}`},
		},
		"a key deep down":               {[]slog.Attr{slog.Any("inputs", []any{metadata{"a": []any{metadata{"api_key": 7}}}})}, map[string]any{"api_key": nil, "inputs": `[{"a":[{"api_key":"**********"}]}]`}},
		"inputs that JSON doesn't know": {[]slog.Attr{slog.Any("inputs", func() {})}, map[string]any{"api_key": nil, "inputs": "func()"}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, requestEntry(t, tc.attrs...)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestInputsAreNotChanged(t *testing.T) {
	model := map[string]any{"api_key": "sk-1"}
	requestEntry(t, slog.Any("inputs", map[string]any{"model_metadata": model}))
	if model["api_key"] != "sk-1" {
		t.Error("the caller's value was masked, too")
	}
}

func TestContentIsLoggedOnlyWhenSomebodyWantsIt(t *testing.T) {
	for _, tc := range []struct {
		name          string
		setting, flag bool
		threshold     slog.Level
		want, flagged bool
	}{
		{"nobody does", false, false, slog.LevelDebug, false, false},
		{"the operator does", true, false, slog.LevelDebug, true, false},
		{"the flag of the request does", false, true, slog.LevelDebug, true, true},
		{"but the level is off", true, true, slog.LevelWarn, false, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var out bytes.Buffer
			log := Named(NewLogger(&out, LogOptions{JSON: true, Level: tc.threshold, RequestContent: tc.setting}), "x")
			ctx := WithRecord(t.Context(), &Record{LogContent: tc.flag})
			RequestLog(ctx, log, "chat", slog.LevelInfo, "asked")
			if got := out.Len() > 0; got != tc.want {
				t.Errorf("RequestLog: %s", out.String())
			}
			out.Reset()
			RequestLogFlagged(ctx, log, "models", slog.LevelInfo, "asked")
			if got := out.Len() > 0; got != tc.flagged {
				t.Errorf("RequestLogFlagged: %s", out.String())
			}
		})
	}
}

// What is not written must not cost anything: handlers call the logger for each request, at levels that are usually off.
func TestALevelThatIsOffAllocatesNothing(t *testing.T) {
	log := Named(NewLogger(io.Discard, LogOptions{JSON: true, Level: slog.LevelInfo}), "x")
	ctx := WithRecord(context.Background(), &Record{CorrelationID: "c"})
	text := string(make([]byte, 100))
	for name, call := range map[string]func(){
		"an entry below the threshold": func() { log.LogAttrs(ctx, slog.LevelDebug, "m", slog.String("a", text), slog.Int("n", len(text))) },
		"content that nobody wants": func() {
			RequestLog(ctx, log, "chat", slog.LevelInfo, "m", slog.String("a", text), slog.Int("n", len(text)), slog.Bool("b", true))
		},
	} {
		if n := testing.AllocsPerRun(100, call); n > 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

func BenchmarkALevelThatIsOff(b *testing.B) {
	log := Named(NewLogger(io.Discard, LogOptions{JSON: true, Level: slog.LevelInfo}), "x")
	ctx := WithRecord(context.Background(), &Record{CorrelationID: "c"})
	b.ReportAllocs()
	for b.Loop() {
		RequestLog(ctx, log, "chat", slog.LevelDebug, "m", slog.String("a", "text"), slog.Int("n", 7))
	}
}
