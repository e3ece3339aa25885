package testkit

import (
	"context"
	"sync"
)

// journal is a list that grows while tests watch it, so that they wait for what they need instead of sleeping.
// The zero value is empty and ready for use.
type journal[T any] struct {
	mu      sync.Mutex
	items   []*T
	changed chan struct{} // closed at the next change; nil while nobody waits
}

// add appends an item and returns it; alter it only inside change.
func (j *journal[T]) add(item T) *T {
	kept := &item
	j.change(func() { j.items = append(j.items, kept) })
	return kept
}

// clear forgets all items.
func (j *journal[T]) clear() {
	j.change(func() { j.items = nil })
}

// change runs f alone and wakes all who wait.
func (j *journal[T]) change(f func()) {
	j.mu.Lock()
	defer j.mu.Unlock()
	f()
	if j.changed != nil {
		close(j.changed)
		j.changed = nil
	}
}

// size is the number of items so far.
func (j *journal[T]) size() int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return len(j.items)
}

// since copies the items from the given index on.
func (j *journal[T]) since(from int) []T {
	items, _ := j.look(from, false)
	return items
}

// await returns the items from the given index on as soon as they are enough, or as they are, and false, when ctx ends.
// It always looks once, also when ctx has already ended.
func (j *journal[T]) await(ctx context.Context, from int, enough func([]T) bool) ([]T, bool) {
	for {
		items, changed := j.look(from, true)
		if enough(items) {
			return items, true
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return items, false
		}
	}
}

func (j *journal[T]) look(from int, wait bool) ([]T, <-chan struct{}) {
	j.mu.Lock()
	defer j.mu.Unlock()
	items := make([]T, 0, max(0, len(j.items)-from))
	for _, item := range j.items[min(from, len(j.items)):] {
		items = append(items, *item)
	}
	if wait && j.changed == nil {
		j.changed = make(chan struct{})
	}
	return items, j.changed
}
