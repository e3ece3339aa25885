package conformance

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/testkit"
)

func TestCallsAreCompared(t *testing.T) {
	fakes := testkit.NewFakes(t)
	yes, no := true, false
	message := testkit.Call{
		Method: "POST", Path: "/v1/messages", Header: http.Header{"X-Api-Key": {"k"}, "Authorization": {"Bearer x"}},
		Body: []byte(`{"system":[{"type":"text","text":"S"}],"messages":[{"role":"user","content":"hi"}]}`),
	}
	event := testkit.Call{Method: "POST", Path: "/tp2", Body: []byte(`{"data":[{"cx":"eyJhIjoxfQ==","n":1}]}`)}
	form := testkit.Call{Method: "POST", Path: "/sts", Body: []byte("Action=Assume&Version=2")}
	for _, tc := range []struct {
		name        string
		want        Call
		got         testkit.Call
		differences []string
	}{
		{
			"all as it is",
			Call{Method: "POST", Path: "/v1/messages", Headers: map[string]string{"x-api-key": "k", "x-no": ""}, Aborted: &no},
			message, nil,
		},
		{
			"everything else",
			Call{Method: "GET", Path: "~^/v2", Headers: map[string]string{"x-api-key": "", "Authorization": "~^Basic"}, Aborted: &yes},
			message,
			[]string{
				"call 1 method: want GET, got POST", "call 1 path: want ~^/v2, got /v1/messages",
				`call 1 header Authorization: want "~^Basic", got "Bearer x"`, `call 1 header x-api-key: want "", got "k"`,
				"call 1 aborted: want true, got false",
			},
		},
		{
			"a list of one text block is its text",
			Call{JSON: []byte(`{"system":"S","messages":[{"role":"user","content":[{"type":"text","text":"hi"}]}]}`)},
			message, nil,
		},
		{
			"but not with a field more",
			Call{JSON: []byte(`{"system":"S","messages":[{"role":"user","content":[{"type":"text","text":"hi","cache_control":1}]}]}`)},
			message,
			[]string{`call 1 body messages.0.content: want [{"cache_control":1,"text":"hi","type":"text"}], got "hi"`},
		},
		{"JSON in a text", Call{Decode: []string{"data.0.cx"}, JSON: []byte(`{"data":[{"cx":{"a":1},"n":1}]}`)}, event, nil},
		{
			"other JSON in a text",
			Call{Decode: []string{"data.0.cx"}, JSON: []byte(`{"data":[{"cx":{"a":2},"n":1}]}`)},
			event,
			[]string{`call 1 body data.0.cx.a: want 2, got 1`},
		},
		{"no text to decode", Call{Decode: []string{"data.0.no"}, Has: []string{"data"}}, event, []string{"call 1 body: no text at data.0.no"}},
		{"raw text", Call{TextMatches: []string{"Action=Assume", "!secret"}}, form, nil},
		{"other raw text", Call{TextMatches: []string{"Action=Other", "!Version"}}, form, []string{
			`call 1 body: want a match of "Action=Other", got "Action=Assume&Version=2"`,
			`call 1 body: want a match of "!Version", got "Action=Assume&Version=2"`,
		}},
		{"text as JSON text", Call{JSON: []byte(`"Action=Assume&Version=2"`)}, form, nil},
		{"no token", Call{JWT: &JWT{At: "Authorization"}}, message, []string{`token: want three parts at Authorization, got "x"`}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var d Differences
			tc.want.compare(&d, "call 1", tc.got, fakes)
			if diff := cmp.Diff(tc.differences, []string(d)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestBase64TextsHaveTheirAlphabet(t *testing.T) {
	body := []byte(`{"url":"eyJhIjoiPz8_In0=","std":"eyJhIjoiPz8/In0="}`)
	var d Differences
	got := decodeTexts(&d, "body", body, []string{"url", "std:std"})
	if diff := cmp.Diff(`{"std":{"a":"???"},"url":{"a":"???"}}`, string(got)); diff != "" || len(d) > 0 {
		t.Error(diff, d)
	}
	decodeTexts(&d, "body", body, []string{"std:url", "std"})
	if len(d) != 2 {
		t.Errorf("differences %v", d)
	}
}

func TestNumberOfCallsCounts(t *testing.T) {
	s := &Session{fakes: testkit.NewFakes(t)}
	for _, path := range []string{"/v1/complete", "/tp2"} {
		res, err := http.Post(s.fakes.URL+path, "application/json", strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
	}
	for _, tc := range []struct {
		name   string
		of     string
		calls  *[]Call
		passes bool
	}{
		{"not compared", "", nil, true},
		{"two", "", &[]Call{{}, {Path: "/tp2"}}, true},
		{"only those of the collector", "tp2", &[]Call{{Path: "/tp2"}}, true},
		{"more than expected", "", &[]Call{{}}, false},
		{"more than none", "", &[]Call{}, false},
		{"fewer than expected", "", &[]Call{{}, {}, {}}, false},
		{"none of this path", "messages", &[]Call{}, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var d Differences
			s.compareCalls(&d, &Case{Calls: tc.calls, CallsOf: tc.of}, Impatient)
			if (len(d) == 0) != tc.passes {
				t.Errorf("differences %v", d)
			}
		})
	}
}
