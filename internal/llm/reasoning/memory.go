package reasoning

import (
	"strings"
	"sync"
)

// place is a model where it is served.
type place struct{ provider, name, identifier, url string }

// memory knows of models whether their template opens a section. It forgets one of them, whichever, when there are too many: servers are for
// clients to name.
type memory struct {
	mu     sync.RWMutex
	places map[place]bool
}

// remembered bounds the memory: more models than an installation has.
const remembered = 1000

// opens says whether the template of a model opens a section, as far as anybody knows.
func (m *memory) opens(p place) bool {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if opens, known := m.places[p]; known {
		return opens
	}
	return opensByName(p.name)
}

func (m *memory) learn(p place, opens bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.places == nil {
		m.places = map[place]bool{}
	}
	for other := range m.places {
		if len(m.places) < remembered {
			break
		}
		delete(m.places, other)
	}
	m.places[p] = opens
}

// opensByName says that the model of a name is one whose makers say so of its template. A server that knows it better than to leave the
// reasoning in the text costs one stream that comes late.
func opensByName(name string) bool {
	name = strings.ToLower(name)
	for _, part := range []string{"qwq", "deepseek-r1", "-thinking"} {
		if strings.Contains(name, part) {
			return true
		}
	}
	return false
}
