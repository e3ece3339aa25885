package outbox

import (
	"slices"
	"time"
)

// Limits of one request to a collector. A batch has the configured size, unless a queue has built up: then requests are larger, so that
// it is worked off faster than it grows.
const (
	backlog        = 200 // waiting items that are a backlog
	backlogRequest = 200 // items of one of its requests
	requestBytes   = 512 << 10
)

// queue is a bounded list of items in the order of their arrival. Items that are being sent keep their place.
type queue[T any] struct {
	size                             func(*T) int
	maxItems, maxBytes, maxItemBytes int

	waiting []T
	bytes   int // of the waiting items
	sending int // items that are on their way
}

// refusal says why there is no room for an item, or is empty.
func (q *queue[T]) refusal(item *T) string {
	switch size := q.size(item); {
	case size > q.maxItemBytes:
		return TooLarge
	case len(q.waiting)+q.sending >= q.maxItems || q.bytes+size > q.maxBytes:
		return QueueFull
	default:
		return ""
	}
}

func (q *queue[T]) add(item T) {
	q.waiting = append(q.waiting, item)
	q.bytes += q.size(&item)
}

// take removes the items of the next request.
func (q *queue[T]) take(batchSize int) []T {
	if len(q.waiting) >= backlog {
		batchSize = max(batchSize, backlogRequest)
	}
	n, bytes := 0, 0
	for n < len(q.waiting) && n < batchSize {
		size := q.size(&q.waiting[n])
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

// done forgets items that need not be sent again.
func (q *queue[T]) done(batch []T) { q.sending -= len(batch) }

// giveBack puts items first in line again.
func (q *queue[T]) giveBack(batch []T) {
	q.sending -= len(batch)
	for i := range batch {
		q.bytes += q.size(&batch[i])
	}
	q.waiting = append(batch, q.waiting...)
}

// empty says whether nothing is left to send or on its way.
func (q *queue[T]) empty() bool { return len(q.waiting)+q.sending == 0 }

// longestDelay is the longest time between two attempts.
const longestDelay = 60 * time.Second

// nextDelay is how long to wait after another failure in a row: about twice as long each time (spec/observability.md 12).
func nextDelay(delay time.Duration, random float64) time.Duration {
	return min(2*delay+time.Duration(random*float64(time.Second)), longestDelay)
}
