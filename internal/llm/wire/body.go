package wire

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/llm"
)

// drainTime is how long a finished body may take to end, so that its connection can be used again.
const drainTime = 250 * time.Millisecond

// Body is the answer of a vendor that accepted a call. It is for one goroutine.
type Body struct {
	parent   context.Context
	call     *Call
	response *http.Response
	watch    *watch
	ended    bool // io.EOF was read
	finished bool // see Finish
}

// Read reads what the vendor sends as it comes. Its error is [io.EOF], an [*llm.Error], or that of a cancelled context.
func (b *Body) Read(p []byte) (int, error) {
	n, err := b.read(p)
	if err != nil && err != io.EOF {
		return n, broken(b.parent, b.watch, b.call, err).err
	}
	return n, err
}

func (b *Body) read(p []byte) (int, error) {
	b.watch.wait()
	n, err := b.response.Body.Read(p)
	b.watch.pause()
	b.ended = err == io.EOF
	return n, err
}

// Close ends the call at once, whether or not the vendor is done. It does nothing after a Finish, and may be called more than once.
func (b *Body) Close() {
	if !b.finished {
		b.close()
	}
}

func (b *Body) close() {
	b.watch.end()
	b.response.Body.Close()
}

// Finish is a Close for a reader that knows that nothing more will come. It returns at once, too; behind it the vendor gets a
// moment to end the response, so that the connection need not be thrown away.
func (b *Body) Finish() {
	if b.ended || !b.watch.detach() { // the caller has left already
		b.close()
		return
	}
	b.finished = true
	go func() {
		end := time.AfterFunc(drainTime, b.watch.end)
		defer end.Stop()
		b.head(maxRefusal)
		b.close()
	}()
}

// whole reads and closes a body that is not a stream. A vendor that breaks off in the middle is worth another attempt.
func (b *Body) whole() ([]byte, *failure) {
	defer b.Close()
	var buf bytes.Buffer
	if size := b.response.ContentLength; size > 0 && size <= maxAnswer {
		buf.Grow(int(size) + bytes.MinRead) // one read more than needed would make it grow again
	}
	_, err := buf.ReadFrom(io.LimitReader(reader(b.read), maxAnswer+1))
	if err != nil {
		return nil, broken(b.parent, b.watch, b.call, err)
	}
	if buf.Len() > maxAnswer {
		return nil, &failure{err: &llm.Error{
			Kind: llm.Unavailable, Vendor: b.call.Vendor, Err: fmt.Errorf("the answer is larger than %d MiB", maxAnswer>>20),
		}}
	}
	return buf.Bytes(), nil
}

// head reads the first n bytes, or as many as there are.
func (b *Body) head(n int64) []byte {
	data, _ := io.ReadAll(io.LimitReader(reader(b.read), n)) // a part of an error's body is better than none
	return data
}

type reader func([]byte) (int, error)

func (r reader) Read(p []byte) (int, error) { return r(p) }
