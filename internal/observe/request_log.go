package observe

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
)

// mask stands for a key in log entries.
const mask = "**********"

// RequestLog writes an entry that holds what a user wrote or a model answered (spec/observability.md 6). There is one only when the operator
// has switched such entries on for all requests ([LogOptions.RequestContent]), or a feature flag has for this one
// ([Record.LogContent]), and the level passes the threshold. Otherwise a call costs nothing, so long as attrs are at hand already.
//
// Every entry has the key api_key: a mask when attrs have it, whatever its value, else null. An attribute inputs is written as text, with the
// keys in it masked. Nothing else is redacted.
func RequestLog(ctx context.Context, log *slog.Logger, logger string, level slog.Level, message string, attrs ...slog.Attr) {
	if LogsContent(ctx, log) && log.Enabled(ctx, level) {
		writeContent(ctx, log, logger, level, message, attrs)
	}
}

// RequestLogFlagged is [RequestLog] for entries that only the feature flag brings about.
func RequestLogFlagged(ctx context.Context, log *slog.Logger, logger string, level slog.Level, message string, attrs ...slog.Attr) {
	if RecordFrom(ctx).LogContent && log.Enabled(ctx, level) {
		writeContent(ctx, log, logger, level, message, attrs)
	}
}

// LogsContent says whether [RequestLog] writes anything for the request being served, for callers whose attributes are dear.
func LogsContent(ctx context.Context, log *slog.Logger) bool {
	if handler, ok := log.Handler().(correlated); ok && handler.content {
		return true
	}
	return RecordFrom(ctx).LogContent
}

func writeContent(ctx context.Context, log *slog.Logger, logger string, level slog.Level, message string, attrs []slog.Attr) {
	entry := make([]slog.Attr, 0, len(attrs)+2)
	entry = append(entry, slog.String("logger", logger))
	key := slog.Any("api_key", nil)
	for _, a := range attrs {
		switch a.Key {
		case "api_key":
			key = slog.String("api_key", mask)
		case "inputs":
			entry = append(entry, slog.String(a.Key, withoutKeys(a.Value.Any())))
		default:
			entry = append(entry, a)
		}
	}
	log.LogAttrs(ctx, level, message, append(entry, key)...)
}

// withoutKeys is v as JSON, with every member api_key in it masked, or null where it holds nothing.
func withoutKeys(v any) string {
	encoded, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprintf("%T", v)
	}
	decoder := json.NewDecoder(bytes.NewReader(encoded))
	decoder.UseNumber()
	var document any
	if err := decoder.Decode(&document); err != nil {
		return fmt.Sprintf("%T", v)
	}
	hideKeys(document)
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(document) // what was decoded can be encoded
	return string(bytes.TrimSuffix(b.Bytes(), []byte{'\n'}))
}

func hideKeys(document any) {
	switch d := document.(type) {
	case []any:
		for _, element := range d {
			hideKeys(element)
		}
	case map[string]any:
		for name, member := range d {
			switch {
			case name != "api_key":
				hideKeys(member)
			case member == nil || member == "":
				d[name] = nil
			default:
				d[name] = mask
			}
		}
	}
}
