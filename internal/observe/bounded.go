package observe

import (
	"strings"
	"sync"
)

// other stands in labels for all values beyond a bound.
const other = "other"

// longestLabel is how many bytes of a client's text a label may have.
const longestLabel = 200

// labels are values of up to five labels that belong together.
type labels [5]string

// bounded keeps clients from making as many time series as they like: it lets the first so many combinations of values through. Whatever
// comes later is "other", and so is each single value that is too long.
type bounded struct {
	most int

	mu    sync.RWMutex
	known map[labels]labels
}

func newBounded(most int) *bounded { return &bounded{most: most, known: map[labels]labels{}} }

// admit returns l as it may be used in metrics, or that there is no room for it. The values it returns are copies, which don't keep the
// request in memory that they came with.
func (b *bounded) admit(l labels) (admitted labels, ok bool) {
	b.mu.RLock()
	admitted, ok = b.known[l]
	b.mu.RUnlock()
	if ok {
		return admitted, true
	}
	for i, value := range l {
		l[i] = strings.Clone(value)
		admitted[i] = strings.ToValidUTF8(l[i], "\uFFFD") // the metrics library panics on others
		if len(value) > longestLabel {
			l[i], admitted[i] = other, other
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, ok := b.known[l]; !ok {
		if len(b.known) >= b.most {
			return labels{}, false
		}
		b.known[l] = admitted
	}
	return admitted, true
}
