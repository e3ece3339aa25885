package conformance

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/testkit"
)

func TestAnswersAreCompared(t *testing.T) {
	got := testkit.Answer{
		Status: 422, Header: http.Header{"Allow": {"GET", "HEAD"}, "X-Id": {"17"}}, Body: []byte("data: {\"a\":1}\n\nend"),
	}
	text := func(s string) *string { return &s }
	for _, tc := range []struct {
		name        string
		want        Answer
		differences []string
	}{
		{"the status", Answer{Status: 422}, nil},
		{"another status", Answer{Status: 200}, []string{"status: want 200, got 422: data: {\"a\":1}\n\nend"}},
		{"the class", Answer{StatusClass: 4}, nil},
		{"another class", Answer{StatusClass: 5}, []string{"status: want 5xx, got 422: data: {\"a\":1}\n\nend"}},
		{"a cut that is not there", Answer{Cut: true}, []string{"cut connection: want true, got false"}},
		{"an answer that came though we left", Answer{Aborted: true}, []string{"aborted: want true, got false"}},
		{"headers", Answer{Headers: map[string]string{"allow": "GET, HEAD", "X-Id": `~^\d+$`, "X-No": ""}}, nil},
		{
			"other headers",
			Answer{Headers: map[string]string{"Allow": "GET", "X-Id": "~x", "X-No": "1", "x-id": ""}},
			[]string{
				`header Allow: want "GET", got "GET, HEAD"`, `header X-Id: want "~x", got "17"`,
				`header X-No: want "1", got ""`, `header x-id: want "", got "17"`,
			},
		},
		{"the text", Answer{Text: text("data: {\"a\":1}\n\nend")}, nil},
		{"the text with spaces between JSON tokens", Answer{Text: text("data: {\"a\": 1}\n\nend")}, nil},
		{"another text", Answer{Text: text("data: {\"a\": 1}\nend")}, []string{`body: want "data: {\"a\": 1}\nend", got "data: {\"a\":1}\n\nend"`}},
		{"an empty text", Answer{Text: text("")}, []string{`body: want "", got "data: {\"a\":1}\n\nend"`}},
		{"a text that matches as it is, or spaced", Answer{TextMatches: `\{"a": 1\}`}, nil},
		{"a text that does not match", Answer{TextMatches: `b`}, []string{`body: want a match of "b", got "data: {\"a\":1}\n\nend"`}},
		{"JSON that is none", Answer{Has: []string{"a"}}, []string{"body is not JSON: data: {\"a\":1}\n\nend"}},
		{"a token that is none", Answer{JWT: &JWT{At: "token"}}, []string{`token: want three parts at token, got ""`}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var d Differences
			tc.want.compare(&d, got, testkit.NewFakes(t))
			if diff := cmp.Diff(tc.differences, []string(d)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAnswerThatWeLeftHasNoStatus(t *testing.T) {
	var d Differences
	(&Answer{Aborted: true, Status: 200}).compare(&d, testkit.Answer{Aborted: true}, testkit.NewFakes(t))
	if len(d) > 0 {
		t.Error(d)
	}
	(&Answer{Status: 200}).compare(&d, testkit.Answer{Aborted: true}, testkit.NewFakes(t))
	if diff := cmp.Diff(Differences{"aborted: want false, got true"}, d); diff != "" {
		t.Error(diff)
	}
}

func TestTokensAreCompared(t *testing.T) {
	fakes := testkit.NewFakes(t)
	at, _ := now("${NOW+3600}")
	token, err := fakes.Token(testkit.GitLab, nil, map[string]any{"iss": fakes.GitLab.URL, "exp": at - 3, "iat": at - 60, "jti": "a1"})
	if err != nil {
		t.Fatal(err)
	}
	body, _ := json.Marshal(map[string]any{"t": map[string]any{"token": token}})
	for _, tc := range []struct {
		name   string
		want   JWT
		passes bool
	}{
		{"as expected, times nearly", JWT{
			Header: []byte(`{"alg":"RS256","typ":"JWT","kid":"gitlab-1"}`),
			Claims: []byte(`{"iss":"${GITLAB}","exp":"${NOW+3600}","iat":"${NOW+3540}"}`), Match: map[string]string{"jti": "^a"},
		}, true},
		{"another header", JWT{Header: []byte(`{"alg":"RS256","typ":"JWT"}`)}, false},
		{"a missing claim", JWT{Claims: []byte(`{"iss":"${GITLAB}","exp":"${NOW+3600}","iat":"${NOW+3540}"}`)}, false},
		{"a time too far off", JWT{Claims: []byte(`{"iss":"${GITLAB}","exp":"${NOW+3620}","iat":"${NOW+3540}","jti":"a1"}`)}, false},
		{"a claim that does not match", JWT{Match: map[string]string{"jti": "^b"}}, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tc.want.At = "t.token"
			var d Differences
			(&Answer{JWT: &tc.want}).compare(&d, testkit.Answer{Body: body}, fakes)
			if (len(d) == 0) != tc.passes {
				t.Errorf("differences %v", d)
			}
		})
	}
}
