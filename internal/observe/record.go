package observe

import (
	"context"
	"iter"
	"sync"
)

// Record collects what is learnt about one request while it is served (spec/auth.md 4, "request context"). It is safe for concurrent use.
type Record struct {
	CorrelationID string
	LogContent    bool // the request wants to be logged with its content ([RequestLog]); set before it is served

	mu     sync.Mutex
	fields []field
}

// usualFields is how many facts are learnt about most requests.
const usualFields = 16

// field is one fact about a request.
type field struct {
	key   string
	value any
}

// Set notes a fact; the last value of a key counts.
func (r *Record) Set(key string, value any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range r.fields {
		if r.fields[i].key == key {
			r.fields[i].value = value
			return
		}
	}
	if r.fields == nil {
		r.fields = make([]field, 0, usualFields)
	}
	r.fields = append(r.fields, field{key, value})
}

// Get returns what was last set, or nil.
func (r *Record) Get(key string) any {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, f := range r.fields {
		if f.key == key {
			return f.value
		}
	}
	return nil
}

// Facts are all facts in the order in which they were first set. None may be set while they are ranged over.
func (r *Record) Facts() iter.Seq2[string, any] {
	return func(yield func(string, any) bool) {
		r.mu.Lock()
		defer r.mu.Unlock()
		for _, f := range r.fields {
			if !yield(f.key, f.value) {
				return
			}
		}
	}
}

type recordKey struct{}

// WithRecord returns a context that carries the record of a request.
func WithRecord(ctx context.Context, r *Record) context.Context {
	return context.WithValue(ctx, recordKey{}, r)
}

// RecordFrom returns the record of the request being served. Outside of a request it is a record that nobody reads.
func RecordFrom(ctx context.Context) *Record {
	if r, ok := ctx.Value(recordKey{}).(*Record); ok {
		return r
	}
	return &Record{}
}

// FeatureCategory is the key under which a handler notes the feature that it serves (spec/observability.md 10).
const FeatureCategory = "meta.feature_category"

// UnitPrimitive is the key under which a handler notes the permission that a request uses, where the request chooses it
// (spec/observability.md 10).
const UnitPrimitive = "meta.unit_primitive"
