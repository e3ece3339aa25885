package events

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// collector is a transport that ends at a scripted collector.
type collector struct {
	mu     sync.Mutex
	answer func(attempt int) (status int, err error) // nil: 200
	before func(context.Context)                     // each answer
	bodies []string
}

func (c *collector) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	if c.before != nil {
		c.before(r.Context())
	}
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.bodies = append(c.bodies, string(body))
	status := http.StatusOK
	if c.answer != nil {
		if status, err = c.answer(len(c.bodies) - 1); err != nil {
			return nil, err
		}
	}
	return &http.Response{StatusCode: status, Body: io.NopCloser(strings.NewReader("")), Request: r}, nil
}

// batches are the actions of each request so far.
func (c *collector) batches(t *testing.T) (actions [][]string) {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, body := range c.bodies {
		var request struct {
			Data []struct {
				Action string `json:"se_ac"`
			}
		}
		if err := json.Unmarshal([]byte(body), &request); err != nil {
			t.Fatal(err)
		}
		var batch []string
		for _, e := range request.Data {
			batch = append(batch, e.Action)
		}
		actions = append(actions, batch)
	}
	return actions
}

// counts is a Recorder.
type counts struct {
	mu            sync.Mutex
	sent, waiting int
	dropped       map[string]int
}

func (c *counts) Sent(n int)    { c.mu.Lock(); defer c.mu.Unlock(); c.sent += n }
func (c *counts) Waiting(n int) { c.mu.Lock(); defer c.mu.Unlock(); c.waiting = n }
func (c *counts) Dropped(n int, reason string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.dropped == nil {
		c.dropped = map[string]int{}
	}
	c.dropped[reason] += n
}

func newTestEmitter(c *collector, batch int) (*Emitter, *counts) {
	recorder := &counts{}
	return NewEmitter(Config{
		Endpoint: "https://snow.example/", Namespace: "gl", AppID: "app", BatchSize: batch, Senders: 1, FlushInterval: 5 * time.Second,
		Transport: c, Recorder: recorder, Log: slog.New(slog.DiscardHandler),
	}), recorder
}

func track(e *Emitter, actions ...string) {
	for _, action := range actions {
		e.Track(Event{Category: "c", Action: action})
	}
}

func closed(t *testing.T, e *Emitter) {
	t.Helper()
	if err := e.Close(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestEventsGoInBatches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &collector{}
		e, recorder := newTestEmitter(c, 2)
		track(e, "1")
		time.Sleep(4 * time.Second)
		synctest.Wait()
		if got := c.batches(t); got != nil {
			t.Errorf("half a batch has to wait, got %v", got)
		}
		track(e, "2", "3")
		synctest.Wait()
		if diff := cmp.Diff([][]string{{"1", "2"}}, c.batches(t)); diff != "" {
			t.Error("a full batch goes at once: " + diff)
		}
		time.Sleep(5 * time.Second)
		synctest.Wait()
		if diff := cmp.Diff([][]string{{"1", "2"}, {"3"}}, c.batches(t)); diff != "" {
			t.Error("what waited long enough goes, too: " + diff)
		}
		track(e, "4")
		closed(t, e)
		if diff := cmp.Diff([][]string{{"1", "2"}, {"3"}, {"4"}}, c.batches(t)); diff != "" {
			t.Error("what is left goes at the end: " + diff)
		}
		if recorder.sent != 4 || recorder.waiting != 0 || recorder.dropped != nil {
			t.Errorf("counted: %+v", recorder)
		}
	})
}

func TestACollectorThatIsDownGetsItsEventsLaterInTheirOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var attempts []time.Time
		c := &collector{answer: func(n int) (int, error) {
			attempts = append(attempts, time.Now())
			switch {
			case n < 4:
				return 0, errors.New("connection refused")
			case n < 8:
				return 500 + n%2*3, nil
			default:
				return 200, nil
			}
		}}
		e, recorder := newTestEmitter(c, 2)
		track(e, "1", "2")
		time.Sleep(time.Second)
		track(e, "3")
		time.Sleep(5 * time.Minute)
		synctest.Wait()
		got := c.batches(t)
		if diff := cmp.Diff([][]string{{"1", "2"}, {"3"}}, got[8:]); diff != "" {
			t.Error(diff)
		}
		for i, pause := 1, time.Duration(0); i < 9; i++ {
			was := pause
			if pause = attempts[i].Sub(attempts[i-1]); pause < min(2*was, time.Minute) || pause > min(2*was+time.Second, time.Minute) {
				t.Errorf("pause %d: %s after %s", i, pause, was)
			}
		}
		if ids(t, c.bodies[0])[0] != ids(t, c.bodies[8])[0] {
			t.Error("a repeated event has another id")
		}
		closed(t, e)
		if recorder.sent != 3 || recorder.dropped != nil {
			t.Errorf("counted: %+v", recorder)
		}
	})
}

func ids(t *testing.T, body string) (ids []string) {
	t.Helper()
	var request struct {
		Data []struct {
			ID string `json:"eid"`
		}
	}
	if err := json.Unmarshal([]byte(body), &request); err != nil {
		t.Fatal(err)
	}
	for _, e := range request.Data {
		ids = append(ids, e.ID)
	}
	return ids
}

func TestAFlappingCollectorLosesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &collector{answer: func(int) (int, error) {
			switch rand.IntN(3) {
			case 0:
				return 0, errors.New("reset by peer, after the events were taken or before")
			case 1:
				return 503, nil
			default:
				return 200, nil
			}
		}}
		recorder := &counts{}
		e := NewEmitter(Config{
			Endpoint: "snow", BatchSize: 7, Senders: 3, FlushInterval: time.Second, Transport: c, Recorder: recorder, Log: slog.New(slog.DiscardHandler),
		})
		var all sync.WaitGroup
		for worker := range 8 {
			all.Go(func() {
				for n := range 200 {
					track(e, fmt.Sprintf("%d/%d", worker, n))
					if n%50 == 0 {
						time.Sleep(time.Second)
					}
				}
			})
		}
		all.Wait()
		time.Sleep(2 * time.Hour)
		closed(t, e)
		arrived := map[string]bool{}
		for _, batch := range c.batches(t) {
			for _, action := range batch {
				arrived[action] = true
			}
		}
		if len(arrived) != 1600 || recorder.sent != 1600 || recorder.dropped != nil || recorder.waiting != 0 {
			t.Errorf("want 1600 events, got %d; counted %d sent, %v dropped, %d waiting", len(arrived), recorder.sent, recorder.dropped, recorder.waiting)
		}
	})
}

// While the collector hangs, Track has to return all the same: the bubble's clock does not move, since nothing waits for it.
func TestAFullQueueDropsAndCountsAndNeverBlocks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hang := make(chan struct{})
		c := &collector{before: func(context.Context) { <-hang }}
		e, recorder := newTestEmitter(c, 10)
		started := time.Now()
		for range queueEvents + 5 {
			track(e, "x")
		}
		if took := time.Since(started); took != 0 {
			t.Errorf("tracking took %s", took)
		}
		if diff := cmp.Diff(map[string]int{queueFull: 5}, recorder.dropped); diff != "" {
			t.Error(diff)
		}
		e.Track(Event{Category: "c", Action: strings.Repeat("x", eventBytes)})
		close(hang)
		closed(t, e)
		if diff := cmp.Diff(map[string]int{queueFull: 5, tooLarge: 1}, recorder.dropped); diff != "" || recorder.sent != queueEvents {
			t.Errorf("%s, %d sent", diff, recorder.sent)
		}
		if requests := len(c.batches(t)); requests > queueEvents/100 {
			t.Errorf("a backlog takes %d requests", requests)
		}
	})
}

func TestTheQueueIsBoundedInBytes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hang := make(chan struct{})
		e, recorder := newTestEmitter(&collector{before: func(context.Context) { <-hang }}, 1)
		for range 1000 {
			e.Track(Event{Category: "c", Action: strings.Repeat("x", eventBytes-1000)})
		}
		if kept := 1000 - recorder.dropped[queueFull]; kept*eventBytes > queueBytes+2*requestBytes || kept < 400 {
			t.Errorf("%d events of 64 KiB are kept", kept)
		}
		close(hang)
		closed(t, e)
	})
}

func TestARefusedBatchIsNotSentAgain(t *testing.T) {
	for _, status := range []int{400, 401, 403, 410, 422} {
		synctest.Test(t, func(t *testing.T) {
			c := &collector{answer: func(n int) (int, error) { return map[bool]int{true: status, false: 200}[n == 0], nil }}
			e, recorder := newTestEmitter(c, 1)
			track(e, "refused", "taken")
			time.Sleep(time.Hour)
			closed(t, e)
			if diff := cmp.Diff([][]string{{"refused"}, {"taken"}}, c.batches(t)); diff != "" {
				t.Errorf("%d: %s", status, diff)
			}
			if recorder.sent != 1 || recorder.dropped[refused] != 1 {
				t.Errorf("%d: counted %+v", status, recorder)
			}
		})
	}
}

// A redirect that were followed would become a GET, and the events would be gone.
func TestARedirectIsNotFollowed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &collector{answer: func(n int) (int, error) { return map[bool]int{true: 302, false: 200}[n == 0], nil }}
		e, recorder := newTestEmitter(c, 1)
		track(e, "1")
		time.Sleep(time.Minute)
		closed(t, e)
		if recorder.sent != 1 || len(c.bodies) != 2 || c.bodies[1] == "" {
			t.Errorf("%d requests, counted %+v", len(c.bodies), recorder)
		}
	})
}

func TestTheEndIsBounded(t *testing.T) {
	for name, c := range map[string]*collector{
		"by a collector that is down": {answer: func(int) (int, error) { return 0, errors.New("refused") }},
		"by a collector that hangs":   {before: func(ctx context.Context) { <-ctx.Done() }},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e, recorder := newTestEmitter(c, 10)
				track(e, "1", "2")
				ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
				defer cancel()
				started := time.Now()
				err := e.Close(ctx)
				if took := time.Since(started); took != 3*time.Second {
					t.Errorf("took %s", took)
				}
				if err == nil || recorder.dropped[shutdown] != 2 {
					t.Errorf("%v, counted %+v", err, recorder)
				}
				track(e, "late")
				if recorder.dropped[shutdown] != 3 {
					t.Errorf("an event after the end: %+v", recorder)
				}
			})
		})
	}
}

func TestTheEndDoesNotWaitForTheNextAttempt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		down := true
		c := &collector{answer: func(int) (int, error) {
			if down {
				return 503, nil
			}
			return 200, nil
		}}
		e, _ := newTestEmitter(c, 1)
		track(e, "1")
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		down = false
		started := time.Now()
		closed(t, e)
		if took := time.Since(started); took > 0 {
			t.Errorf("took %s", took)
		}
	})
}

func TestCollectorURL(t *testing.T) {
	const path = "/com.snowplowanalytics.snowplow/tp2"
	for endpoint, want := range map[string]string{
		"https://x/y/":      "https://x/y" + path,
		"http://x":          "http://x" + path,
		"snow.example:9090": "http://snow.example:9090" + path,
		"https://x//":       "https://x" + path,
	} {
		if got := collectorURL(endpoint); got != want {
			t.Errorf("%s: want %s, got %s", endpoint, want, got)
		}
	}
}

func TestThePasswordOfACollectorIsNotLogged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		c := &collector{answer: func(int) (int, error) { return 0, errors.New("refused") }}
		e := NewEmitter(Config{
			Endpoint: "https://u:canary@snow.example", BatchSize: 1, Transport: c, Recorder: &counts{}, Log: slog.New(slog.NewTextHandler(&log, nil)),
		})
		track(e, "1")
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		err := e.Close(ctx)
		if err == nil || strings.Contains(log.String()+err.Error(), "canary") {
			t.Errorf("%v\n%s", err, log.String())
		}
	})
}

func TestAllSendersWorkAtTheSameTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		busy := make(chan struct{}, 3)
		c := &collector{before: func(context.Context) { busy <- struct{}{}; <-release }}
		e := NewEmitter(Config{Endpoint: "x", BatchSize: 1, Senders: 3, FlushInterval: time.Second, Transport: c, Recorder: &counts{}, Log: slog.New(slog.DiscardHandler)})
		track(e, "1", "2", "3")
		synctest.Wait()
		if len(busy) != 3 {
			t.Errorf("%d senders are busy", len(busy))
		}
		close(release)
		closed(t, e)
		got := slices.Concat(c.batches(t)...)
		slices.Sort(got)
		if diff := cmp.Diff([]string{"1", "2", "3"}, got); diff != "" {
			t.Error(diff)
		}
	})
}
