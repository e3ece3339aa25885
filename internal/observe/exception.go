package observe

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"

	"github.com/ai-gateway/ai-gateway/internal/llm"
)

// LogException reports a failure as an entry of the logger "exceptions" (spec/observability.md 5). extra is put under the key of that name.
func LogException(ctx context.Context, log *slog.Logger, err error, extra map[string]any) {
	var status any
	if e := llm.ErrorOf(err); e != nil && e.Status != 0 {
		status = e.Status
	}
	if extra == nil {
		extra = map[string]any{}
	}
	log.LogAttrs(ctx, slog.LevelError, err.Error(),
		slog.String("logger", "exceptions"),
		slog.Any("status_code", status),
		slog.String("exception_class", classOf(err)),
		slog.String("backtrace", string(debug.Stack())),
		slog.Any("extra", extra),
	)
}

// classOf is the type of an error, or the name that the contract has for it, where the error says so.
func classOf(err error) string {
	var named interface{ ExceptionClass() string }
	if errors.As(err, &named) {
		return named.ExceptionClass()
	}
	return fmt.Sprintf("%T", err)
}
