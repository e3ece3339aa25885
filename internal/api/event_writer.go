package api

import (
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/asciijson"
)

// pingInterval is how often a stream of events says that it is alive, whatever else it sends (spec/http-api.md 22.6).
const pingInterval = 15 * time.Second

// eventWriter sends server-sent events, each flushed as it is written, and pings in between.
type eventWriter struct {
	mu   sync.Mutex // one writer at a time: the handler or the pings
	w    http.ResponseWriter
	conn *http.ResponseController
	done chan struct{}
	idle sync.WaitGroup
}

// newEventWriter sends the head of the response. Close the writer before the handler returns.
func newEventWriter(w http.ResponseWriter) *eventWriter {
	h := w.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Connection", "keep-alive")
	h.Set("X-Accel-Buffering", "no")
	w.WriteHeader(http.StatusOK)
	e := &eventWriter{w: w, conn: http.NewResponseController(w), done: make(chan struct{})}
	e.idle.Go(e.ping)
	return e
}

// send writes one event. It gives up the connection when the client has left.
func (e *eventWriter) send(name string, data any) {
	encoded, err := asciijson.Marshal(data)
	if err != nil {
		panic(fmt.Errorf("encode event %s: %w", name, err))
	}
	if e.write("event: "+name+"\r\ndata: "+string(encoded)+"\r\n\r\n") != nil {
		panic(http.ErrAbortHandler)
	}
}

func (e *eventWriter) write(text string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if _, err := io.WriteString(e.w, text); err != nil {
		return err
	}
	return e.conn.Flush()
}

func (e *eventWriter) ping() {
	ticker := time.NewTicker(pingInterval)
	defer ticker.Stop()
	for {
		select {
		case now := <-ticker.C:
			if e.write(": ping - "+now.UTC().Format("2006-01-02 15:04:05.000000+00:00")+"\r\n\r\n") != nil {
				return // the handler will notice
			}
		case <-e.done:
			return
		}
	}
}

// close ends the pings.
func (e *eventWriter) close() {
	close(e.done)
	e.idle.Wait()
}
