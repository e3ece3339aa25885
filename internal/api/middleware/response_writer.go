package middleware

import (
	"net/http"
	"time"
)

// responseWriter notes when a response started and with what status. Every layer that wants to know uses the one that is there already.
type responseWriter struct {
	http.ResponseWriter
	status     int // 0: not started
	headAt     time.Time
	firstAt    time.Time // of the body
	beforeHead func()    // runs just before the head is sent; may be nil
}

// watch returns w as a responseWriter, wrapping it when it isn't one.
func watch(w http.ResponseWriter) *responseWriter {
	if rw, ok := w.(*responseWriter); ok {
		return rw
	}
	return &responseWriter{ResponseWriter: w}
}

func (w *responseWriter) WriteHeader(status int) {
	if w.status != 0 {
		return
	}
	if w.beforeHead != nil {
		w.beforeHead()
	}
	w.status, w.headAt = status, time.Now()
	w.ResponseWriter.WriteHeader(status)
}

func (w *responseWriter) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	n, err := w.ResponseWriter.Write(b)
	if w.firstAt.IsZero() {
		w.firstAt = time.Now()
	}
	return n, err
}

// Unwrap gives http.ResponseController access to the connection: flushing, deadlines.
func (w *responseWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// statusClientGone stands for a request whose client left before the answer began, in logs and metrics (nginx's number for it).
const statusClientGone = 499

// answered is the status of the response, for logs and metrics: what was sent, else whose fault it is that nothing was.
func (w *responseWriter) answered(r *http.Request) int {
	switch {
	case w.status != 0:
		return w.status
	case r.Context().Err() != nil:
		return statusClientGone
	default:
		return http.StatusInternalServerError
	}
}
