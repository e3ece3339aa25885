package observe

import (
	"context"
	"sync"
)

// Record collects what is learnt about one request while it is served (spec/auth.md 4, "request context"). It is safe for concurrent use.
type Record struct {
	CorrelationID string
	LogContent    bool // the request wants to be logged with its content ([RequestLog]); set before it is served

	mu     sync.Mutex
	fields []Field
}

// Field is one fact about a request.
type Field struct {
	Key   string
	Value any
}

// Set notes a fact; the last value of a key counts.
func (r *Record) Set(key string, value any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range r.fields {
		if r.fields[i].Key == key {
			r.fields[i].Value = value
			return
		}
	}
	r.fields = append(r.fields, Field{key, value})
}

// Get returns what was last set, or nil.
func (r *Record) Get(key string) any {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, f := range r.fields {
		if f.Key == key {
			return f.Value
		}
	}
	return nil
}

// Fields returns all facts in the order in which they were first set.
func (r *Record) Fields() []Field {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]Field(nil), r.fields...)
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
