package wire

import (
	"cmp"
	"context"
	"math"
	"net/http"
	"strconv"
	"time"
)

// Waits between attempts.
const (
	firstWait    = 500 * time.Millisecond
	longestWait  = 8 * time.Second
	longestAsked = 60 * time.Second // a vendor that asks for more is not obeyed
)

// repeat makes attempts until one succeeds, fails for good, or the call has had its share (spec/models-and-providers.md 6, 16). It
// tells each attempt how many there were before.
func (c *Client) repeat(ctx context.Context, call *Call, attempt func(n int) *failure) error {
	c.override(call)
	if err := cmp.Or(checkURL(call.URL), checkKey(call.Secret)); err != nil {
		return refused(call.Vendor, err)
	}
	for n := 0; ; n++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		f := attempt(n)
		switch {
		case f == nil:
			return nil
		case f.again && n < call.Retries:
			if err := c.sleep(ctx, c.wait(n, f.after)); err != nil {
				return err
			}
		case f.broken && call.Reconnect && n == 0:
		default:
			return f.err
		}
	}
}

// wait is how long to wait after attempt n: what the vendor asked for, or twice as long each time, less up to a quarter.
func (c *Client) wait(n int, asked time.Duration) time.Duration {
	if 0 < asked && asked <= longestAsked {
		return asked
	}
	d := longestWait
	if n < 4 {
		d = firstWait << n
	}
	return d - time.Duration(c.random()*float64(d)/4)
}

// worthRepeating tells whether a status is passing, unless the vendor says so itself.
func worthRepeating(r *http.Response) bool {
	switch r.Header.Get("X-Should-Retry") {
	case "true":
		return true
	case "false":
		return false
	}
	switch r.StatusCode {
	case http.StatusRequestTimeout, http.StatusConflict, http.StatusTooManyRequests:
		return true
	default:
		return r.StatusCode >= 500
	}
}

// retryAfter reads how long a vendor asks to wait: retry-after-ms, or retry-after in seconds or as a date. It is 0 without a
// positive, readable value.
func retryAfter(h http.Header, now time.Time) time.Duration {
	if ms, err := strconv.ParseFloat(h.Get("Retry-After-Ms"), 64); err == nil {
		return duration(ms, time.Millisecond)
	}
	value := h.Get("Retry-After")
	if s, err := strconv.ParseFloat(value, 64); err == nil {
		return duration(s, time.Second)
	}
	if t, err := http.ParseTime(value); err == nil {
		return max(0, t.Sub(now))
	}
	return 0
}

func duration(n float64, unit time.Duration) time.Duration {
	if d := n * float64(unit); d > 0 && d < math.MaxInt64 { // false for NaN, too
		return time.Duration(d)
	}
	return 0
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
