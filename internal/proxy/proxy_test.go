package proxy_test

import (
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/proxy"
)

const (
	claude   = `{"model":"claude-2.1"}`
	streamed = `{"model":"claude-2.1","stream":true}`
)

var claudeID = llm.ID{Engine: "anthropic", Name: "claude-2.1"}

func gzipped(w http.ResponseWriter, text string) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Encoding", "gzip")
	z := gzip.NewWriter(w)
	_, _ = io.WriteString(z, text)
	z.Close()
}

func TestWhatTheVendorSaysReachesTheClient(t *testing.T) {
	for _, tc := range []struct {
		name   string
		vendor http.HandlerFunc
		want   proxy.Answer
	}{
		{
			"a success", reply(200, `{"content":[]}`, "Content-Type", "application/json", "Request-Id", "r", "Retry-After", "3"),
			proxy.Answer{Status: 200, ContentType: "application/json", Body: []byte(`{"content":[]}`)},
		},
		{
			"a refusal", reply(400, `{"type":"error"}`, "Content-Type", "application/json; charset=utf-8"),
			proxy.Answer{Status: 400, ContentType: "application/json; charset=utf-8", Body: []byte(`{"type":"error"}`)},
		},
		{
			"a limit, which is not waited for", reply(429, "slow down", "Content-Type", "text/plain", "Retry-After", "1"),
			proxy.Answer{Status: 429, ContentType: "text/plain", Body: []byte("slow down")},
		},
		{
			"an overload, which is not repeated", reply(529, `{}`, "Content-Type", "application/json", "X-Should-Retry", "true"),
			proxy.Answer{Status: 529, ContentType: "application/json", Body: []byte(`{}`)},
		},
		{
			"a redirect, which is not followed", reply(302, "moved", "Content-Type", "text/plain", "Location", "http://127.0.0.1:1/"),
			proxy.Answer{Status: 302, ContentType: "text/plain", Body: []byte("moved")},
		},
		{
			"bytes that are no text", reply(200, "\xff\x00\xfe", "Content-Type", "application/octet-stream"),
			proxy.Answer{Status: 200, ContentType: "application/octet-stream", Body: []byte("\xff\x00\xfe")},
		},
		{
			"nothing", func(w http.ResponseWriter, _ *http.Request) {
				w.Header()["Content-Type"] = nil
				w.WriteHeader(http.StatusNoContent)
			},
			proxy.Answer{Status: 204, Body: []byte{}},
		},
		{
			"an answer that somebody compressed", func(w http.ResponseWriter, _ *http.Request) { gzipped(w, `{"text":"größe"}`) },
			proxy.Answer{Status: 200, ContentType: "application/json", Body: []byte(`{"text":"größe"}`)},
		},
	} {
		for _, body := range []string{claude, streamed} {
			t.Run(tc.name+", "+body, func(t *testing.T) {
				l := newLab(t, tc.vendor)
				got, err := l.anthropic().Forward(t.Context(), messages(body))
				if err != nil {
					t.Fatal(err)
				}
				if body == streamed {
					got.Body = []byte{}
					for piece, err := range got.Pieces {
						if err != nil {
							t.Fatal(err)
						}
						got.Body = append(got.Body, piece...)
					}
				}
				if diff := cmp.Diff(&tc.want, got, cmpopts.IgnoreFields(proxy.Answer{}, "Pieces"), cmpopts.EquateEmpty()); diff != "" {
					t.Error(diff)
				}
				if len(l.calls()) != 1 {
					t.Errorf("the vendor was asked %d times", len(l.calls()))
				}
				if diff := cmp.Diff([]counted{{claudeID, body == streamed, false}}, l.ends()); diff != "" || l.inFlight() != 0 {
					t.Errorf("%d in flight; %s", l.inFlight(), diff)
				}
			})
		}
	}
}

func TestACallWithoutAnAnswerIsTheVendorsFault(t *testing.T) {
	for _, tc := range []struct {
		name   string
		vendor http.HandlerFunc
	}{
		{"it hangs up", breakOff},
		{"it switches to another protocol", func(w http.ResponseWriter, _ *http.Request) {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				panic(err)
			}
			_, _ = io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n")
			conn.Close()
		}},
		{"it uses an encoding that nobody asked for", reply(200, "x", "Content-Encoding", "br")},
		{"it says gzip and means something else", reply(200, "plain words, no gzip", "Content-Encoding", "gzip")},
	} {
		for _, body := range []string{claude, streamed} {
			t.Run(tc.name+", "+body, func(t *testing.T) {
				l := newLab(t, tc.vendor)
				answer, err := l.anthropic().Forward(t.Context(), messages(body))
				var failure *proxy.VendorError
				if !errors.As(err, &failure) || answer != nil || strings.Contains(err.Error(), "sk-ant") {
					t.Errorf("got %v, %v", answer, err)
				}
				if len(l.calls()) != 1 || len(l.ends()) != 1 || l.inFlight() != 0 {
					t.Errorf("%d calls, %d counted, %d in flight", len(l.calls()), len(l.ends()), l.inFlight())
				}
			})
		}
	}
	t.Run("it breaks off in the middle of a whole answer", func(t *testing.T) {
		l := newLab(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, "half")
			panic(http.ErrAbortHandler)
		})
		_, err := l.anthropic().Forward(t.Context(), messages(claude))
		var failure *proxy.VendorError
		if !errors.As(err, &failure) || !cmp.Equal(l.ends(), []counted{{claudeID, false, true}}) {
			t.Errorf("got %v, counted %v", err, l.ends())
		}
	})
	t.Run("nobody is there", func(t *testing.T) {
		l := newLab(t, breakOff)
		options := l.options()
		options.BaseURL = "http://127.0.0.1:1"
		_, err := proxy.NewAnthropic("sk-ant-secret", []string{"claude-2.1"}, options).Forward(t.Context(), messages(claude))
		var failure *proxy.VendorError
		if !errors.As(err, &failure) || !cmp.Equal(l.ends(), []counted{{claudeID, false, true}}) {
			t.Errorf("got %v, counted %v", err, l.ends())
		}
	})
}

func TestPiecesArriveBeforeTheVendorGoesOn(t *testing.T) {
	events := []string{"event: a\ndata: {\"n\":1}\n\n", "data: {\"half", " of it\":2}\n\n", strings.Repeat("long ", 2000) + "\n\n"}
	next := make(chan struct{})
	l := newLab(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		for _, event := range events {
			http.NewResponseController(w).Flush()
			<-next
			_, _ = io.WriteString(w, event)
		}
	})
	answer, err := l.anthropic().Forward(t.Context(), messages(streamed))
	if err != nil || answer.Status != 200 || answer.ContentType != "text/event-stream" {
		t.Fatalf("want the head at once, got %v, %v", answer, err)
	}
	if l.inFlight() != 1 {
		t.Errorf("want the call in flight, got %d", l.inFlight())
	}
	next <- struct{}{}
	var got []string
	for piece, err := range answer.Pieces {
		if err != nil {
			t.Fatal(err)
		}
		if got = append(got, string(piece)); len(got) < len(events) {
			next <- struct{}{}
		}
	}
	if diff := cmp.Diff(events, got); diff != "" {
		t.Errorf("pieces were cut, joined or held back: %s", diff)
	}
	if diff := cmp.Diff([]counted{{claudeID, true, false}}, l.ends()); diff != "" {
		t.Error(diff)
	}
}

func TestAStreamThatBreaksEndsWithAnError(t *testing.T) {
	l := newLab(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "first")
		http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	})
	answer, err := l.anthropic().Forward(t.Context(), messages(streamed))
	if err != nil {
		t.Fatal(err)
	}
	var text string
	var failure error
	for piece, err := range answer.Pieces {
		text, failure = text+string(piece), err
	}
	if text != "first" || failure == nil || !cmp.Equal(l.ends(), []counted{{claudeID, true, true}}) {
		t.Errorf("got %q, %v, counted %v", text, failure, l.ends())
	}
}

func TestTheCallEndsWithTheClient(t *testing.T) {
	t.Run("that waits for the head", func(t *testing.T) {
		for _, body := range []string{claude, streamed} {
			ctx, leave := context.WithCancel(t.Context())
			defer leave()
			var l *lab
			l = newLab(t, func(_ http.ResponseWriter, r *http.Request) {
				leave()
				l.holdUntilLeft(r)
			})
			_, err := l.anthropic().Forward(ctx, messages(body))
			if !errors.Is(err, context.Canceled) {
				t.Errorf("got %v", err)
			}
			<-l.left
			if l.inFlight() != 0 || len(l.ends()) != 1 || l.ends()[0].Failed {
				t.Errorf("%d in flight, counted %v", l.inFlight(), l.ends())
			}
		}
	})
	t.Run("that waits for the body", func(t *testing.T) {
		ctx, leave := context.WithCancel(t.Context())
		var l *lab
		l = newLab(t, func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusOK)
			http.NewResponseController(w).Flush()
			leave()
			l.holdUntilLeft(r)
		})
		if _, err := l.anthropic().Forward(ctx, messages(claude)); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		<-l.left
	})
	t.Run("that stops reading a stream", func(t *testing.T) {
		var l *lab
		l = newLab(t, func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, "first")
			http.NewResponseController(w).Flush()
			l.holdUntilLeft(r)
		})
		answer, err := l.anthropic().Forward(t.Context(), messages(streamed))
		if err != nil {
			t.Fatal(err)
		}
		for _, err := range answer.Pieces {
			if err != nil {
				t.Error(err)
			}
			break
		}
		<-l.left
		if diff := cmp.Diff([]counted{{claudeID, true, false}}, l.ends()); diff != "" || l.inFlight() != 0 {
			t.Errorf("%d in flight; %s", l.inFlight(), diff)
		}
	})
	t.Run("that goes while a stream is silent", func(t *testing.T) {
		ctx, leave := context.WithCancel(t.Context())
		var l *lab
		l = newLab(t, func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusOK)
			http.NewResponseController(w).Flush()
			l.holdUntilLeft(r)
		})
		answer, err := l.anthropic().Forward(ctx, messages(streamed))
		if err != nil {
			t.Fatal(err)
		}
		leave()
		for _, err := range answer.Pieces {
			if !errors.Is(err, context.Canceled) {
				t.Errorf("got %v", err)
			}
		}
		<-l.left
	})
}

func TestMockModeAsksNobody(t *testing.T) {
	l := newLab(t, breakOff)
	options := l.options()
	options.Mock = true
	want := &proxy.Answer{Status: 200, ContentType: "application/json", Body: []byte(`{"response": "mocked"}`)}
	anthropic := proxy.NewAnthropic("", []string{"claude-2.1"}, options)

	got, err := anthropic.Forward(t.Context(), messages(claude))
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("Anthropic: %v %s", err, diff)
	}
	got, err = anthropic.Forward(t.Context(), messages(streamed))
	if err != nil {
		t.Fatal(err)
	}
	for piece, err := range got.Pieces {
		if err != nil || string(piece) != string(want.Body) {
			t.Errorf("Anthropic, streamed: %s", piece)
		}
	}
	if _, err = anthropic.Forward(t.Context(), messages(`{"model":"gpt"}`)); !errors.Is(err, proxy.ModelNotAllowed) {
		t.Errorf("Anthropic, another model: %v", err)
	}
	anything := &proxy.Request{Path: "anything", Query: "x", Body: []byte("not json")}
	got, err = proxy.NewVertexAI(tokens{}, "", "", options).Forward(t.Context(), anything)
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("Vertex AI, anything: %v %s", err, diff)
	}
	if len(l.calls()) > 0 {
		t.Errorf("the vendor was asked: %v", l.calls())
	}
}

func TestABusyModelIsNotAsked(t *testing.T) {
	lab := newLab(t, func(http.ResponseWriter, *http.Request) {})
	lab.full = &llm.Error{Kind: llm.Overloaded, Vendor: "anthropic", RetryAfter: time.Second, Err: llm.ErrHeldBack}
	for _, body := range []string{`{"model": "claude-2.1"}`, `{"model": "claude-2.1", "stream": true}`} {
		_, err := lab.anthropic().Forward(t.Context(), &proxy.Request{Path: "v1/messages", Body: []byte(body)})
		if _, asVendor := errors.AsType[*proxy.VendorError](err); !errors.Is(err, llm.ErrHeldBack) || asVendor {
			t.Errorf("want the limit's own error, got %v", err)
		}
	}
	if len(lab.calls()) != 0 {
		t.Error("the vendor was asked")
	}
}
