package observe

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// TestFieldsAreThoseOfTheStandardLibrary writes any fields with the standard library's handler, too.
func TestFieldsAreThoseOfTheStandardLibrary(t *testing.T) {
	value := rapid.OneOf(
		rapid.Map(rapid.String(), slog.StringValue),
		rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) slog.Value { return slog.StringValue(string(b)) }),
		rapid.Map(rapid.Int64(), slog.Int64Value),
		rapid.Map(rapid.Uint64(), slog.Uint64Value),
		rapid.Map(rapid.Float64(), slog.Float64Value),
		rapid.Map(rapid.Bool(), slog.BoolValue),
		rapid.SampledFrom([]slog.Value{
			slog.AnyValue(nil), slog.AnyValue(errors.New("bad \"luck\"")), slog.AnyValue([]string{"<a>", "b"}), slog.AnyValue(map[string]any{"k": nil}),
			slog.AnyValue(json.RawMessage(`{"raw": 1}`)), slog.DurationValue(time.Second), slog.TimeValue(time.Unix(1734696000, 5).UTC()),
			slog.GroupValue(slog.Int("n", 1), slog.String("s", "x")), slog.GroupValue(), slog.Float64Value(0), slog.Float64Value(1e21), slog.Float64Value(1e-7),
			slog.AnyValue(math.NaN), slog.Float64Value(0.000017366),
		}),
	)
	rapid.Check(t, func(t *rapid.T) {
		var attrs []slog.Attr
		for i, v := range rapid.SliceOfN(value, 0, 8).Draw(t, "values") {
			attrs = append(attrs, slog.Attr{Key: fmt.Sprintf("%d%s", i, rapid.String().Draw(t, "key")), Value: v})
		}
		message := rapid.String().Draw(t, "message")
		inline := slog.Attr{Value: slog.GroupValue(attrs...)}
		var ours, theirs bytes.Buffer
		slog.New(newJSONLines(&ours, slog.LevelInfo)).With("fixed", "yes").LogAttrs(context.Background(), slog.LevelInfo, message, inline)
		slog.New(slog.NewJSONHandler(&theirs, nil)).With("fixed", "yes").LogAttrs(context.Background(), slog.LevelInfo, message, inline)
		got, want := fieldsOf(t, ours.String()), fieldsOf(t, theirs.String())
		for _, name := range []string{"timestamp", "level", "message"} {
			delete(got, name)
		}
		if want["msg"] != strings.ToValidUTF8(message, "\uFFFD") {
			t.Fatalf("the message is %q", want["msg"])
		}
		for _, name := range []string{"time", "level", "msg"} {
			delete(want, name)
		}
		if diff := cmp.Diff(want, got, sameFailure, sameNumber); diff != "" {
			t.Error(diff)
		}
	})
}

var (
	sameFailure = cmp.Comparer(func(a, b string) bool {
		return a == b || strings.HasPrefix(a, "!ERROR:") && strings.HasPrefix(b, "!ERROR:")
	})
	// An exponent may have a zero in front.
	sameNumber = cmp.Comparer(func(a, b json.Number) bool {
		x, _ := a.Float64()
		y, _ := b.Float64()
		return a == b || x == y && strings.Contains(a.String(), "e")
	})
)

// fieldsOf reads a line, which must be one.
func fieldsOf(t *rapid.T, line string) map[string]any {
	decoder := json.NewDecoder(strings.NewReader(line))
	decoder.UseNumber()
	fields := map[string]any{}
	if err := decoder.Decode(&fields); err != nil {
		t.Fatalf("%q: %v", line, err)
	}
	if strings.Count(line, "\n") != 1 || !strings.HasSuffix(line, "}\n") {
		t.Fatalf("%q is not one line", line)
	}
	return fields
}

func TestNumbersThatJSONDoesNotHaveAreTexts(t *testing.T) {
	var out bytes.Buffer
	slog.New(newJSONLines(&out, slog.LevelInfo)).Info("m", "nan", math.NaN(), "inf", math.Inf(-1))
	if !strings.HasSuffix(out.String(), `"nan":"NaN","inf":"-Inf"}`+"\n") {
		t.Errorf("got %s", &out)
	}
}

// BenchmarkEntry writes one of the size of an access log entry.
func BenchmarkEntry(b *testing.B) {
	fields := make([]slog.Attr, 0, 40)
	for i := range 5 {
		fields = append(fields,
			slog.String(fmt.Sprint("text", i), "http://localhost:5052/v2/code/completions"), slog.String(fmt.Sprint("word", i), "self-managed"),
			slog.Float64(fmt.Sprint("seconds", i), 0.000017366), slog.Int(fmt.Sprint("number", i), 200),
			slog.Any(fmt.Sprint("missing", i), nil), slog.Bool(fmt.Sprint("flag", i), false))
	}
	entry := slog.Attr{Value: slog.GroupValue(fields...)}
	for name, handler := range map[string]slog.Handler{
		"ours": newJSONLines(io.Discard, slog.LevelInfo), "standard library": slog.NewJSONHandler(io.Discard, nil),
	} {
		b.Run(name, func(b *testing.B) {
			log := slog.New(handler)
			b.ReportAllocs()
			for b.Loop() {
				log.LogAttrs(context.Background(), slog.LevelInfo, "127.0.0.1:51934 - \"POST /v2/code/completions HTTP/1.1\" 200", entry)
			}
		})
	}
}
