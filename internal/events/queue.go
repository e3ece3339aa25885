package events

import (
	"slices"
	"time"
)

// Limits of what waits for a collector.
const (
	queueEvents = 10_000
	queueBytes  = 32 << 20
	eventBytes  = 64 << 10 // of one event; a longer one comes from a client that plays with its headers
)

// Limits of one request to a collector. A batch has the configured size, unless a queue has built up: then requests are larger, so that
// it is worked off faster than it grows.
const (
	backlog        = 200 // waiting events that are a backlog
	backlogRequest = 200 // events of one of its requests
	requestBytes   = 512 << 10
)

// queue is a bounded list of events in the order of their arrival. Events that are being sent keep their place.
type queue struct {
	waiting []payload
	bytes   int // of the waiting events
	sending int // events that are on their way
}

// refusal says why there is no room for an event, or is empty.
func (q *queue) refusal(p *payload) string {
	switch size := p.size(); {
	case size > eventBytes:
		return tooLarge
	case len(q.waiting)+q.sending >= queueEvents || q.bytes+size > queueBytes:
		return queueFull
	default:
		return ""
	}
}

func (q *queue) add(p payload) {
	q.waiting = append(q.waiting, p)
	q.bytes += p.size()
}

// take removes the events of the next request.
func (q *queue) take(batchSize int) []payload {
	if len(q.waiting) >= backlog {
		batchSize = max(batchSize, backlogRequest)
	}
	n, bytes := 0, 0
	for n < len(q.waiting) && n < batchSize {
		size := q.waiting[n].size()
		if n > 0 && bytes+size > requestBytes {
			break
		}
		bytes += size
		n++
	}
	batch := slices.Clone(q.waiting[:n])
	clear(q.waiting[:n])
	q.waiting = q.waiting[n:]
	q.bytes -= bytes
	q.sending += n
	return batch
}

// done forgets events that need not be sent again.
func (q *queue) done(batch []payload) { q.sending -= len(batch) }

// giveBack puts events first in line again.
func (q *queue) giveBack(batch []payload) {
	q.sending -= len(batch)
	for i := range batch {
		q.bytes += batch[i].size()
	}
	q.waiting = append(batch, q.waiting...)
}

// empty says whether nothing is left to send or on its way.
func (q *queue) empty() bool { return len(q.waiting)+q.sending == 0 }

// longestDelay is the longest time between two attempts.
const longestDelay = 60 * time.Second

// nextDelay is how long to wait after another failure in a row: about twice as long each time (spec/observability.md 12).
func nextDelay(delay time.Duration, random float64) time.Duration {
	return min(2*delay+time.Duration(random*float64(time.Second)), longestDelay)
}
