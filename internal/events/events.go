// Package events tells GitLab how its AI features are used: as structured events that a Snowplow collector takes
// (spec/observability.md 12 to 14).
//
// There are two kinds, each with a collector of its own: [Internal] events say which unit primitive a request used, [Suggestions] events
// follow one code suggestion. A request carries what its events have in common in its context, so that whoever tracks an event only has to
// name it.
//
// Tracking never waits for a collector. An [Emitter] puts events into a bounded queue and sends them from there, batch by batch. A collector
// that is down or slow gets them later, in the order of their arrival and with the same ids, so that it can tell repetitions; only what does
// not fit the queue is lost, and counted.
package events

import (
	"encoding/base64"
	"strconv"
	"sync"
	"time"

	"github.com/google/uuid"
)

// Event is one thing that happened.
type Event struct {
	Category string // the component that saw it; not empty
	Action   string // not empty
	Label    string // "" for none
	Value    *int   // nil for none
	Context  *Context
}

// Context says in which circumstances events happened. It is encoded once, however many events share it. Make one with [NewContext]; nil is
// an event without context.
type Context struct{ encode func() string }

// NewContext describes circumstances by data, which is marshalled to JSON, in the terms of an Iglu schema ("iglu:com.gitlab/…").
func NewContext(schema string, data any) *Context {
	return &Context{sync.OnceValue(func() string {
		document := contexts{contextsSchema, []selfDescribing{{schema, data}}}
		return base64.URLEncoding.EncodeToString(marshal(document))
	})}
}

const (
	contextsSchema = "iglu:com.snowplowanalytics.snowplow/contexts/jsonschema/1-0-1"
	payloadSchema  = "iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4"
	trackerVersion = "ai-gateway-1.0"
)

type contexts struct {
	Schema string           `json:"schema"`
	Data   []selfDescribing `json:"data"`
}

type selfDescribing struct {
	Schema string `json:"schema"`
	Data   any    `json:"data"`
}

// payload is an event as the collector takes it: nothing but texts, and no empty ones.
type payload struct {
	Kind      string `json:"e"`
	Category  string `json:"se_ca"`
	Action    string `json:"se_ac"`
	Label     string `json:"se_la,omitempty"`
	Value     string `json:"se_va,omitempty"`
	Context   string `json:"cx,omitempty"`
	Platform  string `json:"p"`
	ID        string `json:"eid"`
	Created   string `json:"dtm"` // Unix milliseconds
	Tracker   string `json:"tv"`
	Namespace string `json:"tna,omitempty"`
	AppID     string `json:"aid,omitempty"`
	Sent      string `json:"stm,omitempty"` // Unix milliseconds of this attempt, whole seconds
}

func newPayload(e Event, namespace, appID string, now time.Time) payload {
	p := payload{
		Kind: "se", Category: e.Category, Action: e.Action, Label: e.Label, Platform: "pc", ID: uuid.NewString(),
		Created: strconv.FormatInt(now.UnixMilli(), 10), Tracker: trackerVersion, Namespace: namespace, AppID: appID,
	}
	if e.Value != nil {
		p.Value = strconv.Itoa(*e.Value)
	}
	if e.Context != nil {
		p.Context = e.Context.encode()
	}
	return p
}

// size is about what the event takes, in memory and on the wire, in bytes.
func (p *payload) size() int {
	const rest = 400 // names, ids and times
	return len(p.Category) + len(p.Action) + len(p.Label) + len(p.Context) + rest
}

// body is what is posted to the collector at the given time.
func body(batch []payload, now time.Time) []byte {
	sent := strconv.FormatInt(now.Unix()*1000, 10)
	for i := range batch {
		batch[i].Sent = sent
	}
	return marshal(struct {
		Schema string    `json:"schema"`
		Data   []payload `json:"data"`
	}{payloadSchema, batch})
}
