package reasoning

import "sync"

// place is a model where it is served.
type place struct{ provider, name, identifier, url string }

// memory knows the models whose template opens a section. It forgets one of them, whichever, when there are too many: servers are for
// clients to name.
type memory struct {
	mu     sync.RWMutex
	places map[place]struct{}
}

// remembered bounds the memory: more models than an installation has.
const remembered = 1000

func (m *memory) has(p place) bool {
	m.mu.RLock()
	defer m.mu.RUnlock()
	_, found := m.places[p]
	return found
}

func (m *memory) set(p place, opened bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !opened {
		delete(m.places, p)
		return
	}
	if m.places == nil {
		m.places = map[place]struct{}{}
	}
	for other := range m.places {
		if len(m.places) < remembered {
			break
		}
		delete(m.places, other)
	}
	m.places[p] = struct{}{}
}
