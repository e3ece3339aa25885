package observe

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"strings"
	"sync"
)

// console writes entries for a person at a terminal: time, level, logger, message, and the fields that say something.
type console struct {
	mu    *sync.Mutex
	w     io.Writer
	level slog.Level
	attrs []slog.Attr
}

func newConsole(w io.Writer, level slog.Level) *console {
	return &console{mu: &sync.Mutex{}, w: w, level: level}
}

func (c *console) Enabled(_ context.Context, l slog.Level) bool { return l >= c.level }

func (c *console) WithAttrs(attrs []slog.Attr) slog.Handler {
	with := *c
	with.attrs = append(append([]slog.Attr(nil), c.attrs...), attrs...)
	return &with
}

// WithGroup keeps the fields flat, as Handle does: the only groups in the gateway have no name.
func (c *console) WithGroup(string) slog.Handler { return c }

func (c *console) Handle(_ context.Context, r slog.Record) error {
	var line consoleLine
	line.add(c.attrs...)
	r.Attrs(func(a slog.Attr) bool {
		line.add(a)
		return true
	})
	text := fmt.Sprintf("%s %-8s %-15s %s%s\n",
		r.Time.Format("15:04:05.000"), strings.ToUpper(levelName(r.Level)), line.logger, r.Message, line.fields.Bytes())
	c.mu.Lock()
	defer c.mu.Unlock()
	_, err := io.WriteString(c.w, text)
	return err
}

type consoleLine struct {
	logger string
	fields bytes.Buffer
}

func (l *consoleLine) add(attrs ...slog.Attr) {
	for _, a := range attrs {
		if a.Value.Kind() == slog.KindGroup {
			l.add(a.Value.Group()...)
			continue
		}
		switch value := a.Value.Resolve().String(); {
		case a.Key == "logger":
			l.logger = value
		case value == "" || value == "<nil>":
		case strings.ContainsAny(value, " \"\n\t="):
			fmt.Fprintf(&l.fields, " %s=%s", a.Key, strconv.Quote(value))
		default:
			fmt.Fprintf(&l.fields, " %s=%s", a.Key, value)
		}
	}
}
