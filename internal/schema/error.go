package schema

import (
	"fmt"
	"strings"
)

// ValidationError is all that is wrong with a value, in order. It is answered with status 422 (spec/http-api.md 8).
type ValidationError struct {
	Entries []Entry
}

// Entry is one thing that is wrong. Its input has no secrets in it.
type Entry struct {
	Type  string // "string_too_long"
	Loc   []any  // where: strings and integers (int64), see spec/http-api.md 8.4
	Msg   string
	Input Value  // what was there; for something missing: the object that lacks it
	Ctx   Object // details; zero if the type has none
}

// Error lists the first types and places, for a log. It quotes nothing that was sent but the names of keys.
func (e *ValidationError) Error() string {
	const few, short = 5, 400
	var b strings.Builder
	fmt.Fprintf(&b, "%d validation errors", len(e.Entries))
	for _, entry := range e.Entries[:min(few, len(e.Entries))] {
		b.WriteString("; " + entry.Type + " at")
		for _, step := range entry.Loc {
			fmt.Fprintf(&b, " %v", step)
		}
	}
	if text := b.String(); len(text) > short {
		return strings.ToValidUTF8(text[:short], "") + "…"
	}
	return b.String()
}

// AppendJSON appends the body of the answer (spec/http-api.md 8.1).
func (e *ValidationError) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"detail":[`...)
	for i, entry := range e.Entries {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = entry.appendJSON(dst)
	}
	return append(dst, `]}`...)
}

// Literal returns the entries in the literal notation that some endpoints have as "detail" (spec/http-api.md 8.6).
func (e *ValidationError) Literal() string {
	dst := []byte{'['}
	for i, entry := range e.Entries {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		dst = entry.appendLiteral(dst)
	}
	return string(append(dst, ']'))
}

func (e Entry) appendJSON(dst []byte) []byte {
	dst = append(dst, `{"type":`...)
	dst = appendQuoted(dst, e.Type)
	dst = append(dst, `,"loc":`...)
	dst = ValueOf(e.Loc).AppendJSON(dst)
	dst = append(dst, `,"msg":`...)
	dst = appendQuoted(dst, e.Msg)
	dst = append(dst, `,"input":`...)
	dst = e.Input.AppendJSON(dst)
	if !e.Ctx.IsZero() {
		dst = append(dst, `,"ctx":`...)
		dst = e.Ctx.value.AppendJSON(dst)
	}
	return append(dst, '}')
}

func (e Entry) appendLiteral(dst []byte) []byte {
	dst = append(dst, "{'type': "...)
	dst = appendLiteralString(dst, e.Type)
	dst = append(dst, ", 'loc': ("...)
	for i, step := range e.Loc {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		dst = ValueOf(step).appendLiteral(dst)
	}
	if len(e.Loc) == 1 {
		dst = append(dst, ',')
	}
	dst = append(dst, "), 'msg': "...)
	dst = appendLiteralString(dst, e.Msg)
	dst = append(dst, ", 'input': "...)
	dst = e.Input.appendLiteral(dst)
	if !e.Ctx.IsZero() {
		dst = append(dst, ", 'ctx': "...)
		dst = e.Ctx.value.appendLiteral(dst)
	}
	dst = append(dst, ", 'url': "...)
	dst = appendLiteralString(dst, "https://errors.pydantic.dev/2.10/v/"+e.Type)
	return append(dst, '}')
}
