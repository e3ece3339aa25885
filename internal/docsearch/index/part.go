package index

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
)

// part is what has come of a file so far. It outlives the process, in two files: the bytes, and what they are of.
type part struct {
	file   *os.File
	notes  string // path of the other one
	size   int64
	source source
}

// source is which file at a server it is, as far as that is known.
type source struct {
	etag, modified string
	all            int64 // bytes; -1 if the server does not say
}

// same tells whether two answers are surely of the same file.
func (s source) same(as source) bool { return (s.etag != "" || s.modified != "") && s == as }

// sourceNotes is how a source is written down.
type sourceNotes struct {
	ETag, LastModified string
	Size               int64
}

// openPart opens what there is already, or starts anew.
func openPart(path string) (*part, error) {
	file, err := os.OpenFile(path+".part", os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	p := &part{file: file, notes: path + ".part.json"}
	var notes sourceNotes
	if b, err := os.ReadFile(p.notes); err == nil && json.Unmarshal(b, &notes) == nil {
		p.source = source{notes.ETag, notes.LastModified, notes.Size}
	}
	if err := p.keepWhatIsSure(); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return p, nil
}

// keepWhatIsSure drops bytes of which it is not known what file they are of. Of a file that is whole it drops the last one, so that there is
// something to ask for: the answer says whether the file is still the same.
func (p *part) keepWhatIsSure() error {
	info, err := p.file.Stat()
	if err != nil {
		return err
	}
	if p.source.same(p.source) {
		p.size = info.Size()
	}
	if p.size > 0 && p.size >= p.source.all && p.source.all >= 0 {
		p.size = max(p.source.all-1, 0)
	}
	if err := p.file.Truncate(p.size); err != nil {
		return err
	}
	_, err = p.file.Seek(p.size, io.SeekStart)
	return err
}

func (p *part) close() { _ = p.file.Close() }

// accept looks at the head of an answer and gets ready for its body. An error that is no [*StatusError] is worth another attempt.
func (p *part) accept(res *http.Response) error {
	of := source{strings.TrimPrefix(res.Header.Get("ETag"), "W/"), res.Header.Get("Last-Modified"), res.ContentLength}
	switch res.StatusCode {
	case http.StatusOK: // from the start, whether or not that was asked for
		return p.restart(of)
	case http.StatusPartialContent:
		var from int64
		if from, of.all = contentRange(res.Header.Get("Content-Range")); from == p.size && p.source.same(of) {
			return nil
		}
		fallthrough
	case http.StatusRequestedRangeNotSatisfiable:
		return errors.Join(errors.New("the file has changed meanwhile"), p.restart(source{}))
	default:
		return &StatusError{res.StatusCode}
	}
}

// contentRange reads "bytes 5-9/10"; what is not known is -1.
func contentRange(header string) (from, all int64) {
	span, total, _ := strings.Cut(strings.TrimPrefix(header, "bytes "), "/")
	first, _, _ := strings.Cut(span, "-")
	number := func(s string) int64 {
		if n, err := strconv.ParseInt(s, 10, 64); err == nil {
			return n
		}
		return -1
	}
	return number(first), number(total)
}

// restart forgets what has come, and notes what comes next.
func (p *part) restart(of source) error {
	p.size, p.source = 0, of
	notes, _ := json.Marshal(sourceNotes{of.etag, of.modified, of.all})
	if err := os.WriteFile(p.notes, notes, 0o644); err != nil {
		return err
	}
	if err := p.file.Truncate(0); err != nil {
		return err
	}
	_, err := p.file.Seek(0, io.SeekStart)
	return err
}

// fill adds a body, and tells after each piece of it.
func (p *part) fill(body io.Reader, tell func()) error {
	buffer := make([]byte, 64<<10)
	for {
		n, err := body.Read(buffer)
		if n > 0 {
			written, failure := p.file.Write(buffer[:n])
			p.size += int64(written)
			if failure != nil {
				return failure
			}
			tell()
		}
		switch {
		case errors.Is(err, io.EOF) && p.source.all >= 0 && p.size != p.source.all:
			return fmt.Errorf("%d bytes came of %d", p.size, p.source.all)
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
	}
}

// complete puts the file where it belongs.
func (p *part) complete(path string) error {
	if err := p.file.Close(); err != nil {
		return err
	}
	if err := os.Rename(p.file.Name(), path); err != nil {
		return err
	}
	return os.Remove(p.notes)
}
