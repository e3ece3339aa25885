package middleware

import (
	"io"
	"net/http"
	"time"
)

// drainTime is how long a client may go on sending a body that was not read.
const drainTime = 5 * time.Second

// DrainBody reads on when a request was answered before its body was read, for instance with a 401: closing the connection under a client
// that is still sending would take the answer away from it. It reads no more than limit bytes.
func DrainBody(limit int64) Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.ContentLength == 0 || r.Header.Get("Expect") != "" { // nothing to come, or a client that waits to be asked
				next.ServeHTTP(w, r)
				return
			}
			body := &watchedBody{ReadCloser: r.Body}
			r.Body = body
			next.ServeHTTP(w, r)
			if body.ended {
				return
			}
			conn := http.NewResponseController(w)
			_ = conn.Flush()
			_ = conn.SetReadDeadline(time.Now().Add(drainTime))
			_, _ = io.CopyN(io.Discard, body, limit)
			_ = conn.SetReadDeadline(time.Time{})
		})
	}
}

// watchedBody knows whether it was read to its end, or to an error.
type watchedBody struct {
	io.ReadCloser
	ended bool
}

func (b *watchedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.ended = b.ended || err != nil
	return n, err
}
