package wire

import (
	"bytes"
	"fmt"
	"io"
)

// maxEvent is how long an event of a stream may be, in bytes.
const maxEvent = 8 << 20

// lines cuts a stream into lines that end in LF, CRLF or CR. A line is handed out as soon as its first end byte is there.
type lines struct {
	r       io.Reader
	buf     []byte
	start   int // what is before was handed out
	scanned int // from start to here there is no line end
	end     int
	afterCR bool // the last line ended in CR: an LF that follows belongs to it
	err     error
}

func newLines(r io.Reader) lines { return lines{r: r, buf: make([]byte, 4096)} }

// next returns the next line without its end; it is valid until the next call. A last line without an end counts when the stream
// ends properly, with io.EOF. Any other error of the stream is returned as it is.
func (l *lines) next() ([]byte, error) {
	for {
		l.skipLF()
		if i := lineEnd(l.buf[l.scanned:l.end]); i >= 0 {
			line := l.buf[l.start : l.scanned+i]
			l.afterCR = l.buf[l.scanned+i] == '\r'
			l.start = l.scanned + i + 1
			l.scanned = l.start
			return line, nil
		}
		l.scanned = l.end
		if l.err != nil {
			return l.rest()
		}
		if l.end-l.start > maxEvent {
			return nil, fmt.Errorf("an event is longer than %d MiB", maxEvent>>20)
		}
		l.fill()
	}
}

func (l *lines) skipLF() {
	if l.afterCR && l.start < l.end {
		l.afterCR = false
		if l.buf[l.start] == '\n' {
			l.start++
			l.scanned = max(l.scanned, l.start)
		}
	}
}

func lineEnd(b []byte) int {
	lf := bytes.IndexByte(b, '\n')
	if lf >= 0 {
		b = b[:lf]
	}
	if cr := bytes.IndexByte(b, '\r'); cr >= 0 {
		return cr
	}
	return lf
}

// rest is what is left when the stream has ended.
func (l *lines) rest() ([]byte, error) {
	if l.err != io.EOF || l.start == l.end {
		return nil, l.err
	}
	line := l.buf[l.start:l.end]
	l.start = l.end
	return line, nil
}

// fill reads once, into what is free of the buffer. Each byte is moved a bounded number of times: the buffer moves its rest
// forward, or doubles, only when it is full.
func (l *lines) fill() {
	if l.start == l.end {
		l.start, l.scanned, l.end = 0, 0, 0
	}
	if l.end == len(l.buf) {
		to := l.buf
		if l.start < len(l.buf)/2 {
			to = make([]byte, 2*len(l.buf))
		}
		l.end = copy(to, l.buf[l.start:l.end])
		l.scanned -= l.start
		l.start, l.buf = 0, to
	}
	for range 100 {
		n, err := l.r.Read(l.buf[l.end:])
		l.end += n
		l.err = err
		if n > 0 || err != nil {
			return
		}
	}
	l.err = io.ErrNoProgress
}
