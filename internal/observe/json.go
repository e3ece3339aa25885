package observe

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"math"
	"strconv"
	"sync"
	"time"
	"unicode/utf8"
)

// jsonLines writes entries as one JSON object a line, with the envelope of spec/observability.md 1. It does what [slog.JSONHandler] would
// do, in a third of the time: the access log is on the way of every request, and most of its forty fields are numbers and nulls.
type jsonLines struct {
	mu    *sync.Mutex
	w     io.Writer
	level slog.Level
	fixed []byte // fields of every entry, encoded, each behind a comma
}

func newJSONLines(w io.Writer, level slog.Level) *jsonLines {
	return &jsonLines{mu: &sync.Mutex{}, w: w, level: level}
}

func (j *jsonLines) Enabled(_ context.Context, l slog.Level) bool { return l >= j.level }

func (j *jsonLines) WithAttrs(attrs []slog.Attr) slog.Handler {
	with := *j
	with.fixed = appendFields(bytes.Clone(j.fixed), attrs)
	return &with
}

// WithGroup keeps the fields flat: nothing in the gateway groups them.
func (j *jsonLines) WithGroup(string) slog.Handler { return j }

// lines hold one entry each while it is written.
var lines = sync.Pool{New: func() any { return new(make([]byte, 0, 2<<10)) }}

// maxLine is how large a line may have become to be kept for the next entry.
const maxLine = 64 << 10

func (j *jsonLines) Handle(_ context.Context, r slog.Record) error {
	pooled := lines.Get().(*[]byte)
	line := (*pooled)[:0]
	line = append(line, `{"timestamp":"`...)
	line = r.Time.UTC().AppendFormat(line, timestampFormat)
	line = append(append(line, `","level":"`...), levelName(r.Level)...)
	line = appendText(append(line, `","message":`...), r.Message)
	line = append(line, j.fixed...)
	r.Attrs(func(a slog.Attr) bool {
		line = appendField(line, a)
		return true
	})
	line = append(line, "}\n"...)
	j.mu.Lock()
	_, err := j.w.Write(line)
	j.mu.Unlock()
	if *pooled = line; cap(line) <= maxLine {
		lines.Put(pooled)
	}
	return err
}

func appendFields(line []byte, attrs []slog.Attr) []byte {
	for _, a := range attrs {
		line = appendField(line, a)
	}
	return line
}

// appendField adds a field behind a comma. The fields of a group without a name are fields of the entry.
func appendField(line []byte, a slog.Attr) []byte {
	value := a.Value.Resolve()
	switch {
	case value.Kind() == slog.KindGroup && a.Key == "":
		return appendFields(line, value.Group())
	case a.Equal(slog.Attr{}), value.Kind() == slog.KindGroup && len(value.Group()) == 0:
		return line
	}
	line = append(appendText(append(line, ','), a.Key), ':')
	return appendValue(line, value)
}

func appendValue(line []byte, value slog.Value) []byte {
	switch value.Kind() {
	case slog.KindString:
		return appendText(line, value.String())
	case slog.KindInt64:
		return strconv.AppendInt(line, value.Int64(), 10)
	case slog.KindUint64:
		return strconv.AppendUint(line, value.Uint64(), 10)
	case slog.KindFloat64:
		return appendFloat(line, value.Float64())
	case slog.KindBool:
		return strconv.AppendBool(line, value.Bool())
	case slog.KindDuration:
		return strconv.AppendInt(line, int64(value.Duration()), 10)
	case slog.KindTime:
		return append(value.Time().AppendFormat(append(line, '"'), time.RFC3339Nano), '"')
	case slog.KindGroup:
		fields := appendFields(nil, value.Group())
		return append(append(append(line, '{'), bytes.TrimPrefix(fields, []byte(","))...), '}')
	default:
		return appendAny(line, value.Any())
	}
}

// appendAny adds what has no kind of its own. An error is its text, as in slog; so is the failure to encode something.
func appendAny(line []byte, v any) []byte {
	if v == nil {
		return append(line, "null"...)
	}
	if err, isError := v.(error); isError {
		if _, encodes := v.(json.Marshaler); !encodes {
			return appendText(line, err.Error())
		}
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return appendText(line, "!ERROR:"+err.Error())
	}
	return append(line, bytes.TrimSuffix(b.Bytes(), []byte("\n"))...)
}

// appendFloat adds a number; what is none in JSON is a text.
func appendFloat(line []byte, f float64) []byte {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return appendText(line, strconv.FormatFloat(f, 'g', -1, 64))
	}
	format := byte('f')
	if abs := math.Abs(f); abs != 0 && (abs < 1e-6 || abs >= 1e21) {
		format = 'e'
	}
	return strconv.AppendFloat(line, f, format, -1, 64)
}

// appendText adds a string in quotes. What is not UTF-8 becomes U+FFFD.
func appendText(line []byte, s string) []byte {
	const hex = "0123456789abcdef"
	line = append(line, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c >= utf8.RuneSelf:
			if r, size := utf8.DecodeRuneInString(s[i:]); r != utf8.RuneError || size > 1 {
				i += size
				continue
			}
			line = append(append(line, s[start:i]...), "\uFFFD"...)
		case c == '"', c == '\\':
			line = append(append(line, s[start:i]...), '\\', c)
		case c == '\n':
			line = append(append(line, s[start:i]...), `\n`...)
		case c < ' ':
			line = append(append(line, s[start:i]...), '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		default:
			i++
			continue
		}
		i++
		start = i
	}
	return append(append(line, s[start:]...), '"')
}
