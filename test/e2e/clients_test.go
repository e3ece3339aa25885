package e2e

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/testkit"
)

// One gateway serves every release of GitLab at once. Each file client_*_test.go has what one client sends and what it needs back; all of
// them ask gateways with the same settings.

// client is who asks: the headers that it always sends, and the claims of its tokens beyond those that every token has.
type client struct {
	header map[string]string
	claims map[string]any
}

// clientCall is a request of a client, and what becomes of it.
type clientCall struct {
	name   string
	path   string
	scopes []string          // of its token
	header map[string]string // beyond those of the client; "" removes one
	json   any
	model  testkit.Script // what the model says

	selfHosted bool // the gateway is one that takes model servers along with requests, and has no Vertex AI

	status int    // wanted; 0: 200
	kind   string // wanted start of the Content-Type; "": JSON
	answer string // pattern that the whole answer has to match
	asked  string // pattern that the call to the model, "PATH BODY", has to match; "": none is made
	wait   string // wanted Retry-After
}

// settingsForClients are those of a gateway that has models of its own at three vendors, or else lets requests bring a model server along.
func settingsForClients(fakes *testkit.Fakes, selfHosted bool) map[string]string {
	env := hostedModels(fakes)
	delete(env, "AIGW_DEFAULT_PROMPTS")
	maps.Copy(env, withTokens(fakes))
	env["AIGW_CUSTOM_MODELS__ENABLED"] = strconv.FormatBool(selfHosted)
	maps.Copy(env, map[string]string{
		"AWS_ACCESS_KEY_ID": "AKIDTEST", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "us-east-1",
		"AWS_BEDROCK_RUNTIME_ENDPOINT": fakes.URL + "/bedrock",
	})
	return env
}

// calls makes the calls of a client.
func (c client) calls(t *testing.T, list func(fakes *testkit.Fakes) []clientCall) {
	fakes := testkit.NewFakes(t)
	hosted := testkit.Gateway(t, settingsForClients(fakes, false))
	selfHosted := testkit.Gateway(t, settingsForClients(fakes, true))
	for _, call := range list(fakes) {
		t.Run(call.name, func(t *testing.T) {
			if call.selfHosted {
				c.call(t, fakes, selfHosted, call)
			} else {
				c.call(t, fakes, hosted, call)
			}
		})
	}
}

func (c client) call(t *testing.T, fakes *testkit.Fakes, gateway *testkit.Process, call clientCall) {
	fakes.Reset(call.model)
	got := gateway.Do(t, testkit.Request{Path: call.path, Header: c.headers(t, fakes, call), JSON: call.json})
	if want := cmp.Or(call.status, 200); got.Status != want {
		t.Errorf("want %d, got %d", want, got.Status)
	}
	matches(t, "the type", "^"+regexp.QuoteMeta(cmp.Or(call.kind, "application/json")), got.Header.Get("Content-Type"))
	matches(t, "the answer", "(?s)^(?:"+call.answer+")$", string(got.Body))
	if wait := got.Header.Get("Retry-After"); wait != call.wait {
		t.Errorf("Retry-After: want %q, got %q", call.wait, wait)
	}
	if got.Cut {
		t.Error("the answer does not end well")
	}
	calls := slices.DeleteFunc(fakes.Calls(), func(c testkit.Call) bool { return c.Method != "POST" })
	switch {
	case call.asked == "" && len(calls) > 0:
		t.Errorf("want no call to a model, got %s %s", calls[0].Path, calls[0].Body)
	case call.asked != "" && len(calls) != 1:
		t.Errorf("want one call to a model, got %d", len(calls))
	case call.asked != "":
		matches(t, "the call to the model", "(?s)"+call.asked, calls[0].Path+" "+string(calls[0].Body))
	}
}

// headers are those of a call, with a token that says the same as they do.
func (c client) headers(t *testing.T, fakes *testkit.Fakes, call clientCall) map[string]string {
	now := time.Now().Unix()
	claims := map[string]any{
		"iss": fakes.GitLab.URL, "aud": "gitlab-ai-gateway", "sub": c.header["X-Gitlab-Instance-Id"], "jti": "5d3c", "iat": now, "nbf": now - 5, "exp": now + 3600,
		"gitlab_realm": c.header["X-Gitlab-Realm"], "scopes": call.scopes,
	}
	maps.Copy(claims, c.claims)
	all := maps.Clone(c.header)
	all["Authorization"] = "Bearer " + sign(t, fakes, testkit.GitLab, claims)
	maps.Copy(all, call.header)
	return all
}

func matches(t *testing.T, what, pattern, text string) {
	t.Helper()
	if !regexp.MustCompile(pattern).MatchString(text) {
		t.Errorf("%s: want %s, got %s", what, pattern, text)
	}
}

// forEditor is GitLab's Workhorse, which passes an editor's requests on.
func (c client) forEditor(languageServer string) client {
	header := maps.Clone(c.header)
	header["User-Agent"] = "gitlab-language-server:" + languageServer + " (Visual Studio Code:1.96.2)"
	header["X-Gitlab-Language-Server-Version"] = languageServer
	return client{header, c.claims}
}

// components is a body of version 3 and 4 with one component to generate code, beside the editor's own keys (spec/clients.md 8.2).
func components(payload, beside body) body {
	enhancer := body{
		"examples_array":               []body{{"example": "# add\n{{cursor}}", "response": "<new_code>def add(a, b):\n    return a + b\n</new_code>", "trigger_type": "comment"}},
		"trimmed_content_above_cursor": "# parse an ISO date\n", "trimmed_content_below_cursor": "", "related_files": []string{}, "related_snippets": []string{},
		"libraries": []string{"python-dateutil"}, "user_instruction": "parse an ISO date",
	}
	return body{
		"intent": "generation", "generation_type": "comment", "stream": true, "user_instruction": "parse an ISO date", "choices_count": 1,
		"current_file": body{"file_name": "dates.py", "content_above_cursor": "# parse an ISO date\n", "content_below_cursor": ""},
		"prompt_components": []body{{"type": "code_editor_generation", "payload": body{
			"file_name": "dates.py", "content_above_cursor": "# parse an ISO date\n", "content_below_cursor": "", "language_identifier": "Python",
			"stream": true, "prompt_enhancer": enhancer, "prompt_id": "code_suggestions/generations",
		}.with(payload)}},
	}.with(beside)
}

// sse is the pattern of an answer of version 4 that holds one piece.
func sse(engine, piece string) string {
	event := func(name, data string) string { return "event: " + name + `\r\ndata: ` + data + `\r\n\r\n` }
	chunk := func(text string) string {
		return event("content_chunk", `\{"choices": \[\{"delta": \{"content": "`+text+`"\}, "index": 0\}\]\}`)
	}
	empty := "(" + chunk("") + ")*"
	return event("stream_start", `\{"metadata": \{"model": \{"engine": "`+engine+`", "name": "[^"]+"\}, "timestamp": \d+\}\}`) +
		empty + chunk(piece) + empty + event("stream_end", "null")
}
