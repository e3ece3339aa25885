package outbox

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
	"sync/atomic"
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
	keys   []string // of the header
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
	c.bodies, c.keys = append(c.bodies, string(body)), append(c.keys, r.Header.Get("X-Key"))
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
				Action string `json:"name"`
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

// item is what the tests send.
type item struct {
	ID   int    `json:"id"`
	Name string `json:"name"`
}

// Limits of the tests' outboxes.
const (
	mostItems = 10_000
	mostBytes = 32 << 20
	itemBytes = 64 << 10
)

func testConfig(c *collector, batch int, recorder Recorder) Config[item] {
	return Config[item]{
		Items: "things", URL: "https://collector.example/", Header: http.Header{"X-Key": {"k"}},
		Body: func(batch []item, _ time.Time) []byte {
			body, _ := json.Marshal(map[string]any{"data": batch})
			return body
		},
		Size:     func(i *item) int { return len(i.Name) + 100 },
		Refusals: []int{400, 422}, MaxItems: mostItems, MaxBytes: mostBytes, MaxItemBytes: itemBytes,
		BatchSize: batch, Senders: 1, FlushInterval: 5 * time.Second, Transport: c, Recorder: recorder, Log: slog.New(slog.DiscardHandler),
	}
}

func newTestOutbox(c *collector, batch int) (*Outbox[item], *counts) {
	recorder := &counts{}
	return New(testConfig(c, batch, recorder)), recorder
}

var lastID atomic.Int64

func put(o *Outbox[item], names ...string) {
	for _, name := range names {
		o.Put(item{ID: int(lastID.Add(1)), Name: name})
	}
}

func closed(t *testing.T, o *Outbox[item]) {
	t.Helper()
	if err := o.Close(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestItemsGoInBatches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &collector{}
		o, recorder := newTestOutbox(c, 2)
		put(o, "1")
		time.Sleep(4 * time.Second)
		synctest.Wait()
		if got := c.batches(t); got != nil {
			t.Errorf("half a batch has to wait, got %v", got)
		}
		put(o, "2", "3")
		synctest.Wait()
		if diff := cmp.Diff([][]string{{"1", "2"}}, c.batches(t)); diff != "" {
			t.Error("a full batch goes at once: " + diff)
		}
		time.Sleep(5 * time.Second)
		synctest.Wait()
		if diff := cmp.Diff([][]string{{"1", "2"}, {"3"}}, c.batches(t)); diff != "" {
			t.Error("what waited long enough goes, too: " + diff)
		}
		put(o, "4")
		closed(t, o)
		if diff := cmp.Diff([][]string{{"1", "2"}, {"3"}, {"4"}}, c.batches(t)); diff != "" {
			t.Error("what is left goes at the end: " + diff)
		}
		if diff := cmp.Diff([]string{"k", "k", "k"}, c.keys); diff != "" {
			t.Error(diff)
		}
		if recorder.sent != 4 || recorder.waiting != 0 || recorder.dropped != nil {
			t.Errorf("counted: %+v", recorder)
		}
	})
}

func TestACollectorThatIsDownGetsItsItemsLaterInTheirOrder(t *testing.T) {
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
		o, recorder := newTestOutbox(c, 2)
		put(o, "1", "2")
		time.Sleep(time.Second)
		put(o, "3")
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
			t.Error("a repeated item has another id")
		}
		closed(t, o)
		if recorder.sent != 3 || recorder.dropped != nil {
			t.Errorf("counted: %+v", recorder)
		}
	})
}

func ids(t *testing.T, body string) (ids []int) {
	t.Helper()
	var request struct {
		Data []struct {
			ID int `json:"id"`
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
				return 0, errors.New("reset by peer, after the items were taken or before")
			case 1:
				return 503, nil
			default:
				return 200, nil
			}
		}}
		recorder := &counts{}
		cfg := testConfig(c, 7, recorder)
		cfg.Senders, cfg.FlushInterval = 3, time.Second
		o := New(cfg)
		var all sync.WaitGroup
		for worker := range 8 {
			all.Go(func() {
				for n := range 200 {
					put(o, fmt.Sprintf("%d/%d", worker, n))
					if n%50 == 0 {
						time.Sleep(time.Second)
					}
				}
			})
		}
		all.Wait()
		time.Sleep(2 * time.Hour)
		closed(t, o)
		arrived := map[string]bool{}
		for _, batch := range c.batches(t) {
			for _, action := range batch {
				arrived[action] = true
			}
		}
		if len(arrived) != 1600 || recorder.sent != 1600 || recorder.dropped != nil || recorder.waiting != 0 {
			t.Errorf("want 1600 items, got %d; counted %d sent, %v dropped, %d waiting", len(arrived), recorder.sent, recorder.dropped, recorder.waiting)
		}
	})
}

// While the collector hangs, Put has to return all the same: the bubble's clock does not move, since nothing waits for it.
func TestAFullQueueDropsAndCountsAndNeverBlocks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hang := make(chan struct{})
		c := &collector{before: func(context.Context) { <-hang }}
		o, recorder := newTestOutbox(c, 10)
		started := time.Now()
		for range mostItems + 5 {
			put(o, "x")
		}
		if took := time.Since(started); took != 0 {
			t.Errorf("tracking took %s", took)
		}
		if diff := cmp.Diff(map[string]int{QueueFull: 5}, recorder.dropped); diff != "" {
			t.Error(diff)
		}
		put(o, strings.Repeat("x", itemBytes))
		close(hang)
		closed(t, o)
		if diff := cmp.Diff(map[string]int{QueueFull: 5, TooLarge: 1}, recorder.dropped); diff != "" || recorder.sent != mostItems {
			t.Errorf("%s, %d sent", diff, recorder.sent)
		}
		if requests := len(c.batches(t)); requests > mostItems/100 {
			t.Errorf("a backlog takes %d requests", requests)
		}
	})
}

func TestTheQueueIsBoundedInBytes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hang := make(chan struct{})
		o, recorder := newTestOutbox(&collector{before: func(context.Context) { <-hang }}, 1)
		for range 1000 {
			put(o, strings.Repeat("x", itemBytes-1000))
		}
		if kept := 1000 - recorder.dropped[QueueFull]; kept*itemBytes > mostBytes+2*requestBytes || kept < 400 {
			t.Errorf("%d items of 64 KiB are kept", kept)
		}
		close(hang)
		closed(t, o)
	})
}

func TestARefusedBatchIsNotSentAgain(t *testing.T) {
	for _, status := range []int{400, 422} {
		synctest.Test(t, func(t *testing.T) {
			c := &collector{answer: func(n int) (int, error) { return map[bool]int{true: status, false: 200}[n == 0], nil }}
			o, recorder := newTestOutbox(c, 1)
			put(o, "refused", "taken")
			time.Sleep(time.Hour)
			closed(t, o)
			if diff := cmp.Diff([][]string{{"refused"}, {"taken"}}, c.batches(t)); diff != "" {
				t.Errorf("%d: %s", status, diff)
			}
			if recorder.sent != 1 || recorder.dropped[Refused] != 1 {
				t.Errorf("%d: counted %+v", status, recorder)
			}
		})
	}
}

// A redirect that were followed would become a GET, and the items would be gone.
func TestARedirectIsNotFollowed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &collector{answer: func(n int) (int, error) { return map[bool]int{true: 302, false: 200}[n == 0], nil }}
		o, recorder := newTestOutbox(c, 1)
		put(o, "1")
		time.Sleep(time.Minute)
		closed(t, o)
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
				o, recorder := newTestOutbox(c, 10)
				put(o, "1", "2")
				ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
				defer cancel()
				started := time.Now()
				err := o.Close(ctx)
				if took := time.Since(started); took != 3*time.Second {
					t.Errorf("took %s", took)
				}
				if err == nil || recorder.dropped[Shutdown] != 2 {
					t.Errorf("%v, counted %+v", err, recorder)
				}
				put(o, "late")
				if recorder.dropped[Shutdown] != 3 {
					t.Errorf("an item after the end: %+v", recorder)
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
		o, _ := newTestOutbox(c, 1)
		put(o, "1")
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		down = false
		started := time.Now()
		closed(t, o)
		if took := time.Since(started); took > 0 {
			t.Errorf("took %s", took)
		}
	})
}

func TestThePasswordOfACollectorIsNotLogged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		c := &collector{answer: func(int) (int, error) { return 0, errors.New("refused") }}
		cfg := testConfig(c, 1, &counts{})
		cfg.URL, cfg.Log = "https://u:canary@snow.example", slog.New(slog.NewTextHandler(&log, nil))
		o := New(cfg)
		put(o, "1")
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		err := o.Close(ctx)
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
		cfg := testConfig(c, 1, &counts{})
		cfg.Senders = 3
		o := New(cfg)
		put(o, "1", "2", "3")
		synctest.Wait()
		if len(busy) != 3 {
			t.Errorf("%d senders are busy", len(busy))
		}
		close(release)
		closed(t, o)
		got := slices.Concat(c.batches(t)...)
		slices.Sort(got)
		if diff := cmp.Diff([]string{"1", "2", "3"}, got); diff != "" {
			t.Error(diff)
		}
	})
}
