package observe

import (
	"context"
	"io"
	"log/slog"
	"strings"
)

// LevelCritical is above slog's own levels: something that an operator must not overlook.
const LevelCritical = slog.Level(12)

// LogOptions say how log entries are written.
type LogOptions struct {
	Level slog.Level
	JSON  bool // one JSON object a line, else lines for humans

	// RequestContent lets [RequestLog] write what users wrote and models answered.
	RequestContent bool
}

// NewLogger returns a logger that writes entries with the envelope of spec/observability.md 1 to w. Entries written with the context of a
// request carry its correlation id.
func NewLogger(w io.Writer, opts LogOptions) *slog.Logger {
	if !opts.JSON {
		return slog.New(correlated{newConsole(w, opts.Level), opts.RequestContent})
	}
	constant := []slog.Attr{slog.String("type", "mlops"), slog.String("stage", "main")}
	return slog.New(correlated{newJSONLines(w, opts.Level).WithAttrs(constant), opts.RequestContent})
}

// Named returns a logger whose entries say which part of the gateway wrote them.
func Named(log *slog.Logger, name string) *slog.Logger {
	return log.With(slog.String("logger", name))
}

// ParseLevel reads the value of AIGW_LOGGING__LEVEL.
func ParseLevel(name string) (level slog.Level, ok bool) {
	switch strings.ToUpper(name) {
	case "NOTSET", "DEBUG":
		return slog.LevelDebug, true
	case "INFO":
		return slog.LevelInfo, true
	case "WARN", "WARNING":
		return slog.LevelWarn, true
	case "ERROR":
		return slog.LevelError, true
	case "CRITICAL", "FATAL":
		return LevelCritical, true
	}
	return 0, false
}

// timestampFormat is that of entries in JSON.
const timestampFormat = "2006-01-02T15:04:05.999999Z"

func levelName(l slog.Level) string {
	switch {
	case l < slog.LevelInfo:
		return "debug"
	case l < slog.LevelWarn:
		return "info"
	case l < slog.LevelError:
		return "warning"
	case l < LevelCritical:
		return "error"
	default:
		return "critical"
	}
}

// correlated adds the correlation id of the request whose context an entry is written with.
type correlated struct {
	slog.Handler
	content bool // see [LogOptions.RequestContent]
}

func (h correlated) Handle(ctx context.Context, r slog.Record) error {
	if req, ok := ctx.Value(recordKey{}).(*Record); ok && req.CorrelationID != "" {
		r.AddAttrs(slog.String("correlation_id", req.CorrelationID))
	}
	return h.Handler.Handle(ctx, r)
}

func (h correlated) WithAttrs(attrs []slog.Attr) slog.Handler {
	return correlated{h.Handler.WithAttrs(attrs), h.content}
}

func (h correlated) WithGroup(name string) slog.Handler {
	return correlated{h.Handler.WithGroup(name), h.content}
}
