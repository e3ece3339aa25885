package wire

import (
	"bytes"
	"fmt"
	"io"
)

// Event is a server-sent event. It is valid until the next one is read.
type Event struct {
	Name []byte // of its "event:" line; empty without one
	Data []byte // of its "data:" lines, joined with line feeds; never empty
}

// Events reads server-sent events.
type Events struct {
	lines lines
	name  []byte
	data  []byte
	any   bool // there was a data line
	begun bool
}

// NewEvents returns a reader of the events in r.
func NewEvents(r io.Reader) *Events { return &Events{lines: newLines(r)} }

// Next returns the next event, as soon as the empty line behind it is complete. Comments, unknown fields and events without
// data are left out; an event that the end of the stream completes counts. An event has at most 8 MiB. The error is that
// of the stream, [io.EOF] at its end.
func (e *Events) Next() (Event, error) {
	e.name, e.data, e.any = e.name[:0], e.data[:0], false
	for {
		line, err := e.lines.next()
		switch {
		case err == io.EOF && len(e.data) > 0:
			return Event{e.name, e.data}, nil // the next call meets the end again
		case err != nil:
			return Event{}, err
		case len(line) > 0:
			e.field(line)
			if len(e.data) > maxEvent {
				return Event{}, fmt.Errorf("an event is longer than %d MiB", maxEvent>>20)
			}
		case len(e.data) > 0:
			return Event{e.name, e.data}, nil
		default:
			e.name, e.any = e.name[:0], false
		}
	}
}

func (e *Events) field(line []byte) {
	if !e.begun {
		e.begun = true
		line = bytes.TrimPrefix(line, []byte("\uFEFF"))
	}
	if value, ok := field(line, "data"); ok {
		if e.any {
			e.data = append(e.data, '\n')
		}
		e.data, e.any = append(e.data, value...), true
	} else if value, ok := field(line, "event"); ok {
		e.name = append(e.name[:0], value...)
	}
}

// field is the value of a line "name: value". The blank may be missing.
func field(line []byte, name string) ([]byte, bool) {
	if len(line) <= len(name) || line[len(name)] != ':' || string(line[:len(name)]) != name {
		return nil, false
	}
	return bytes.TrimPrefix(line[len(name)+1:], []byte(" ")), true
}

// DataLines reads a stream whose events are one "data:" line each, which is how OpenAI-compatible servers stream.
type DataLines struct {
	lines lines
	begun bool
}

// NewDataLines returns a reader of the data lines in r.
func NewDataLines(r io.Reader) *DataLines { return &DataLines{lines: newLines(r)} }

// Next returns the data of the next line that has some, as soon as the line is complete: it does not wait for the empty line that ends an
// event. It is valid until the next call. A line has at most 8 MiB. The error is that of the stream, [io.EOF] at its end.
func (d *DataLines) Next() ([]byte, error) {
	for {
		line, err := d.lines.next()
		if err != nil {
			return nil, err
		}
		if !d.begun {
			d.begun = true
			line = bytes.TrimPrefix(line, []byte("\uFEFF"))
		}
		if data, ok := field(line, "data"); ok && len(data) > 0 {
			return data, nil
		}
	}
}
