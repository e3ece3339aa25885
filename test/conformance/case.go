package conformance

import (
	"encoding/json"

	"github.com/ai-gateway/ai-gateway/internal/testkit"
)

// Case is one recorded exchange. Texts in it may name the fakes (see [testkit.Fakes.Fill]).
type Case struct {
	ID        string           `json:"-"`                   // FILE/NAME
	Name      string           `json:"name"`                // unique in its file
	Spec      string           `json:"spec,omitempty"`      // heading in the specification
	Note      string           `json:"note,omitempty"`      // why it matters
	Profile   string           `json:"profile"`             // settings of the gateway
	Start     *Start           `json:"start,omitempty"`     // the gateway is started for this case alone
	Scripts   []testkit.Script `json:"scripts,omitempty"`   // what the model servers say
	Token     *Token           `json:"token,omitempty"`     // signs an Authorization header
	Request   Request          `json:"request"`             // what is asked; without a path nothing is
	Expect    *Answer          `json:"expect,omitempty"`    // what must come back
	Calls     *[]Call          `json:"calls,omitempty"`     // model and collector calls in order; absent: not checked
	CallsOf   string           `json:"calls_of,omitempty"`  // compare only calls whose path contains this
	Logs      []LogPattern     `json:"logs,omitempty"`      // entries that must appear, or must not
	Metrics   []Metric         `json:"metrics,omitempty"`   // counters that must move
	Reference *Answer          `json:"reference,omitempty"` // what was recorded, where ours must differ; not compared
}

// Start says how a gateway of its own is started.
type Start struct {
	Env   map[string]string `json:"env,omitempty"`   // on top of the profile
	Fails bool              `json:"fails,omitempty"` // it must end by itself, not with 0, before it serves
	Says  []string          `json:"says,omitempty"`  // regular expressions its output must match
}

// Token is a bearer token.
type Token struct {
	Issuer    string         `json:"issuer"`               // who signs: gitlab, portal, foreign
	Header    map[string]any `json:"header,omitempty"`     // null removes a field
	Claims    map[string]any `json:"claims"`               // "${NOW+3600}" is a time
	Mangle    testkit.Mangle `json:"mangle,omitempty"`     // what is wrong about it
	Scheme    string         `json:"scheme,omitempty"`     // default Bearer
	FromIssue bool           `json:"from_issue,omitempty"` // send instead what POST /v1/code/user_access_token answers to it

	IssueHeaders map[string]string `json:"issue_headers,omitempty"` // of that request, on top of the case's own
}

// Request is what a client asks. "${REPEAT 300 x}" in a body is 300 times x.
type Request struct {
	Method       string            `json:"method,omitempty"` // default POST
	Port         string            `json:"port,omitempty"`   // "metrics": ask the metrics listener
	Path         string            `json:"path"`
	Headers      map[string]string `json:"headers,omitempty"`        // "" removes one
	AddHeaders   [][2]string       `json:"add_headers,omitempty"`    // more headers, for a name that occurs twice
	JSON         json.RawMessage   `json:"json,omitempty"`           // body
	Raw          *string           `json:"raw,omitempty"`            // body that may be no JSON, sent without a type
	RawBase64    []byte            `json:"raw_base64,omitempty"`     // body that is no text
	AbortAfterMS int               `json:"abort_after_ms,omitempty"` // leave then, before the answer is complete
}

// Answer is what must come back. What is absent is not compared.
type Answer struct {
	Status      int               `json:"status,omitempty"`
	StatusClass int               `json:"status_class,omitempty"` // 4: any 4xx
	Headers     map[string]string `json:"headers,omitempty"`      // exact, or "~regex"; "" must be absent
	JSON        json.RawMessage   `json:"json,omitempty"`         // whole body
	Has         []string          `json:"has,omitempty"`          // paths that must exist
	Ignore      []string          `json:"ignore,omitempty"`       // paths that are not compared
	Match       map[string]string `json:"match,omitempty"`        // path -> regex
	JWT         *JWT              `json:"jwt,omitempty"`          // token at a path
	Text        *string           `json:"text,omitempty"`         // exact bytes, but for spaces between JSON tokens
	TextMatches string            `json:"text_matches,omitempty"`
	Cut         bool              `json:"cut,omitempty"`     // the connection ends without a proper end of the body
	Aborted     bool              `json:"aborted,omitempty"` // we left
}

// Call is what the gateway must ask a model server or the event collector. What is absent is not compared.
type Call struct {
	Method      string            `json:"method,omitempty"`
	Path        string            `json:"path,omitempty"`    // exact, or "~regex"
	Headers     map[string]string `json:"headers,omitempty"` // the same; "" must be absent
	JWT         *JWT              `json:"jwt,omitempty"`     // token in a header
	JSON        json.RawMessage   `json:"json,omitempty"`
	Has         []string          `json:"has,omitempty"`
	Ignore      []string          `json:"ignore,omitempty"`
	Match       map[string]string `json:"match,omitempty"`
	Decode      []string          `json:"decode,omitempty"`       // paths of base64 texts that are compared as the JSON in them
	TextMatches []string          `json:"text_matches,omitempty"` // regexes on the raw body; "!re" must not match
	Aborted     *bool             `json:"aborted,omitempty"`      // the gateway left this call
}

// JWT is a token that must be there. Whether its signature is good shows in a case that uses one.
type JWT struct {
	At     string            `json:"at"` // path in an answer; header in a call
	Header json.RawMessage   `json:"header,omitempty"`
	Claims json.RawMessage   `json:"claims,omitempty"` // "${NOW+3600}" may be some seconds off
	Match  map[string]string `json:"match,omitempty"`  // claim -> regex
}

// LogPattern picks log entries and says what one of them holds. A field is exact, "~regex", or null for null or absent.
type LogPattern struct {
	Match  map[string]any `json:"match"`
	Fields map[string]any `json:"fields,omitempty"`
	Absent bool           `json:"absent,omitempty"` // there must be no such entry
}

// Metric is a counter, or part of a histogram, that must move by an exact amount.
type Metric struct {
	Name   string            `json:"name"`
	Labels map[string]string `json:"labels,omitempty"` // at least these; the sum of all such series counts
	Delta  float64           `json:"delta"`
}
