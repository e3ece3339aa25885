package wire

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/llm"
)

// These tests run on a clock of their own: what takes minutes in them takes no time.

func TestPhasesOfACall(t *testing.T) {
	const s = time.Second
	for _, tc := range []struct {
		name    string
		handler func(ctx context.Context, w io.Writer)
		reader  time.Duration // how long the reader takes over each piece
		want    string
		kind    llm.Kind
		after   time.Duration
	}{
		{"a slow head is in time", func(ctx context.Context, w io.Writer) { sleep(ctx, 29*s); io.WriteString(w, "a") }, 0, "a", -1, 29 * s},
		{"a head that does not come is a time-out", func(ctx context.Context, _ io.Writer) { sleep(ctx, 31*s) }, 0, "", llm.TimedOut, 30 * s},
		{
			"a stream has no deadline while pieces come",
			func(ctx context.Context, w io.Writer) {
				for range 10 {
					io.WriteString(w, "a")
					sleep(ctx, 29*s)
				}
			},
			0, "aaaaaaaaaa", -1, 290 * s,
		},
		{
			"a stream that stalls is a time-out", func(ctx context.Context, w io.Writer) { io.WriteString(w, "a"); sleep(ctx, 31*s) },
			0, "a", llm.TimedOut, 30 * s,
		},
		{
			"the time that the reader takes does not count", func(ctx context.Context, w io.Writer) {
				io.WriteString(w, "a")
				sleep(ctx, 100*s)
				io.WriteString(w, "b")
			},
			90 * s, "ab", -1, 190 * s,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := pipe(t, tc.handler)
				began := time.Now()
				var got []byte
				body, err := c.Open(t.Context(), testCall(0))
				for err == nil {
					var n int
					p := make([]byte, 1)
					if n, err = body.Read(p); n > 0 {
						got = append(got, p[:n]...)
						time.Sleep(tc.reader)
					}
				}
				if body != nil {
					body.Close()
				}
				kind := llm.Kind(-1)
				if e := llm.ErrorOf(err); e != nil {
					kind = e.Kind
				} else if err != io.EOF {
					t.Errorf("got error %v", err)
				}
				if string(got) != tc.want || kind != tc.kind || time.Since(began) != tc.after {
					t.Errorf("got %q, kind %d after %v", got, kind, time.Since(began))
				}
			})
		})
	}
}

func TestEveryAttemptHasItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := pipe(t, func(ctx context.Context, _ io.Writer) { sleep(ctx, time.Hour) })
		began := time.Now()
		_, err := c.Post(t.Context(), testCall(2))
		if e := llm.ErrorOf(err); e == nil || e.Kind != llm.TimedOut || e.Status != 0 {
			t.Errorf("got %v", err)
		}
		if got, want := time.Since(began), 3*30*time.Second+500*time.Millisecond+time.Second; got != want {
			t.Errorf("took %v, want %v", got, want)
		}
	})
}

func TestAWholeAnswerThatStallsIsATimeOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := pipe(t, func(ctx context.Context, w io.Writer) { io.WriteString(w, "a"); sleep(ctx, time.Hour) })
		_, err := c.Post(t.Context(), testCall(0))
		if e := llm.ErrorOf(err); e == nil || e.Kind != llm.TimedOut {
			t.Errorf("got %v", err)
		}
	})
}

func TestConnectingHasATimeOutOfItsOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := NewClient(Options{Transport: &http.Transport{DialContext: dialWith(func(ctx context.Context, _, _ string) (net.Conn, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		})}})
		began := time.Now()
		_, err := c.Post(t.Context(), testCall(0))
		if e := llm.ErrorOf(err); e == nil || e.Kind != llm.TimedOut || time.Since(began) != 5*time.Second {
			t.Errorf("got %v after %v", err, time.Since(began))
		}
	})
}

func TestAFinishedStreamThatDoesNotEndIsCut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gone := make(chan time.Time, 1)
		c := pipe(t, func(ctx context.Context, w io.Writer) {
			for {
				if _, err := io.WriteString(w, "a"); err != nil {
					gone <- time.Now()
					return
				}
				sleep(ctx, 100*time.Millisecond)
			}
		})
		body, err := c.Open(t.Context(), testCall(0))
		if err != nil {
			t.Fatal(err)
		}
		body.Finish()
		began := time.Now()
		if took := (<-gone).Sub(began); took > time.Second {
			t.Errorf("the vendor could go on for %v", took)
		}
	})
}

func TestAWaitTakesItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		if err := sleep(t.Context(), time.Minute); err != nil || time.Since(began) != time.Minute {
			t.Errorf("got %v after %v", err, time.Since(began))
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := sleep(ctx, time.Minute); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
	})
}

// silent is a server that never answers.
type silent struct{}

func (silent) RoundTrip(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

func TestTheOperatorsTimeOutsReplaceThoseOfCalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := NewClient(Options{Transport: silent{}, Read: 2 * time.Minute})
		for name, ask := range map[string]func() error{
			"Post":  func() error { _, err := c.Post(t.Context(), testCall(0)); return err },
			"Open":  func() error { _, err := c.Open(t.Context(), testCall(0)); return err },
			"Relay": func() error { _, err := c.Relay(t.Context(), testCall(0)); return err },
		} {
			began := time.Now()
			if e := llm.ErrorOf(ask()); e == nil || e.Kind != llm.TimedOut || time.Since(began) != 2*time.Minute {
				t.Errorf("%s: got %v after %v", name, e, time.Since(began))
			}
		}
	})
}

func testCall(retries int) *Call {
	return &Call{
		Vendor: "v", URL: "http://h/", Header: Header(), Body: []byte("{}"), Connect: 5 * time.Second, Read: 30 * time.Second, Retries: retries,
	}
}

// pipe returns a client of a server within the process that answers 200 and then writes.
func pipe(t *testing.T, write func(ctx context.Context, w io.Writer)) *Client {
	l := &pipeListener{conns: make(chan net.Conn), closed: make(chan struct{})}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		write(r.Context(), flusher{w})
	})}
	go server.Serve(l)
	transport := &http.Transport{DialContext: dialWith(l.dial)}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		server.Close()
	})
	return NewClient(Options{Transport: transport, Random: func() float64 { return 0 }})
}

// flusher writes at once.
type flusher struct{ w http.ResponseWriter }

func (f flusher) Write(p []byte) (int, error) {
	n, err := f.w.Write(p)
	if err == nil {
		err = http.NewResponseController(f.w).Flush()
	}
	return n, err
}

type pipeListener struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func (l *pipeListener) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	here, there := net.Pipe()
	select {
	case l.conns <- there:
		return here, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *pipeListener) Close() error   { l.once.Do(func() { close(l.closed) }); return nil }
func (l *pipeListener) Addr() net.Addr { return &net.TCPAddr{} }
