package e2e

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/ai-gateway/ai-gateway/internal/testkit"
)

// canary begins the texts that must not turn up; what follows says where it was put.
const canary = "c4nary_"

var canaries = regexp.MustCompile(canary + `\w+`)

// logged are the fields of requests whose values logs, metrics and events have by contract: they name models, languages, prompts and
// instances, and are no secrets.
var logged = []string{
	"model_engine", "model_name", "model", "model_identifier", "identifier", "lang", "language_identifier", "prompt_id", "prompt_version",
	"name", // of a model or an experiment
}

// otlpCollector takes whatever is sent by OTLP. Texts stand in Protocol Buffers as they are.
type otlpCollector struct {
	*httptest.Server
	mu   sync.Mutex
	sent map[string]string // by path
}

func newOTLPCollector(t *testing.T) *otlpCollector {
	t.Helper()
	c := &otlpCollector{sent: map[string]string{}}
	c.Server = httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.sent[r.URL.Path] += string(body)
	}))
	t.Cleanup(c.Close)
	return c
}

func (c *otlpCollector) on(path string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.sent[path]
}

// events are all that collectors of events got, with contexts decoded.
func events(t *testing.T, fakes *testkit.Fakes) string {
	t.Helper()
	var all strings.Builder
	for _, call := range fakes.Calls() {
		if !strings.HasSuffix(call.Path, "/tp2") {
			continue
		}
		all.Write(call.Body)
		var body struct {
			Data []struct {
				Context string `json:"cx"`
			}
		}
		call.JSON(t, &body)
		for _, e := range body.Data {
			described, err := base64.URLEncoding.DecodeString(e.Context)
			if err != nil {
				t.Error(err)
			}
			all.Write(described)
		}
	}
	return all.String()
}

// secretSettings gives a canary to every setting that the documentation calls a secret, and to the parts of others that are.
func secretSettings(t *testing.T, fakes *testkit.Fakes, otlp *otlpCollector) map[string]string {
	t.Helper()
	documentation, err := os.ReadFile("../../docs/settings.md")
	if err != nil {
		t.Fatal(err)
	}
	env := map[string]string{}
	for _, row := range regexp.MustCompile("(?m)^\\| `(\\w+)` \\| secret \\|").FindAllStringSubmatch(string(documentation), -1) {
		env[row[1]] = canary + row[1]
	}
	if len(env) < 10 {
		t.Fatalf("the documentation knows only the secrets %v", env)
	}
	withUser := strings.Replace(fakes.URL, "//", "//user:"+canary+"password@", 1)
	maps.Copy(env, map[string]string{
		"AIGW_AUTH__BYPASS_EXTERNAL":    "true",
		"AIGW_CUSTOM_MODELS__ENABLED":   "true",
		"AIGW_LOGGING__LEVEL":           "debug",
		"AIGW_FASTAPI__OPENAPI_URL":     "/openapi.json",
		"ANTHROPIC_BASE_URL":            withUser,
		"AIGW_GITLAB_URL":               withUser,
		"AIGW_CUSTOMER_PORTAL_URL":      withUser,
		"AIGW_SNOWPLOW__ENABLED":        "true",
		"AIGW_SNOWPLOW__ENDPOINT":       withUser + "/snowplow",
		"AIGW_INTERNAL_EVENT__ENABLED":  "true",
		"AIGW_INTERNAL_EVENT__ENDPOINT": withUser + "/internal",
		"AIGW_OPENTELEMETRY__ENABLED":   "true",
		"OTEL_EXPORTER_OTLP_ENDPOINT":   otlp.URL,
		"OTEL_EXPORTER_OTLP_HEADERS":    "x-key=" + canary + "otlp",
		"LANGSMITH_TRACING":             "true",
		"LANGSMITH_ENDPOINT":            withUser + "/langsmith",
		"AIGW_DOCS_SEARCH__SAMPLE":      "true",

		"AIGW_ABUSE_DETECTION__ENABLED":                        "true",
		"AIGW_ABUSE_DETECTION__SAMPLING_RATE":                  "1",
		"AIGW_INSTRUMENTATOR__THREAD_MONITORING_ENABLED":       "true",
		"AIGW_INSTRUMENTATOR__THREAD_MONITORING_INTERVAL":      "1",
		"AIGW_MODEL_ENDPOINTS__FIREWORKS_REGIONAL_ENDPOINTS":   `{"us": {"endpoint": "` + withUser + `/fireworks/v1", "identifier": "m"}}`,
		"AIGW_GOOGLE_CLOUD_PROFILER__ENABLED":                  "true",
		"AIGW_GOOGLE_CLOUD_PROFILER__VERBOSE":                  "3",
		"AIGW_GOOGLE_CLOUD_PLATFORM__PROJECT":                  "p",
		"AIGW_GOOGLE_CLOUD_PLATFORM__SERVICE_ACCOUNT_JSON_KEY": fakes.Fill("${GOOGLE_KEY}"),
	})
	return env
}

// secretHeaders are headers that hold secrets, or what nobody asked for.
func secretHeaders() map[string]string {
	headers := map[string]string{
		"Authorization": "Bearer " + canary + "token",
		"Cookie":        "session=" + canary + "cookie",
		"Traceparent":   "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
		"Baggage":       "user=" + canary + "baggage",

		"X-Gitlab-Unit-Primitive": "explain_code",
	}
	for _, name := range []string{
		"X-Api-Key", "Proxy-Authorization", "X-Gitlab-Authentication-Type", "Anthropic-Version", "Anthropic-Beta", "Langsmith-Trace", "X-Unheard-Of",
		"X-Goog-Api-Key", "Referer", "Origin",
	} {
		headers[name] = canary + strings.ReplaceAll(name, "-", "_")
	}
	return headers
}

// aboutRequests makes the requests: for every path of the API, bodies in which each text is a canary.
type aboutRequests struct {
	schemas map[string]any
	url     string // of model servers
	variant int    // which of alternatives is taken
}

// requests reads the API's own description.
func requests(t *testing.T, gateway *testkit.Process, fakes *testkit.Fakes) (all []testkit.Request) {
	t.Helper()
	answer := gateway.Do(t, testkit.Request{Method: http.MethodGet, Path: "/openapi.json"})
	var document struct {
		Paths map[string]map[string]struct {
			RequestBody struct {
				Content map[string]struct{ Schema any }
			}
		}
		Components struct{ Schemas map[string]any }
	}
	if err := json.Unmarshal(answer.Body, &document); err != nil {
		t.Fatal(err)
	}
	paths := strings.NewReplacer("{chat_invokable}", "agent", "/v1/prompts/{prompt_id}", "/v1/prompts/chat/explain_code",
		"/v2/prompts/{prompt_id}", "/v2/prompts/chat/explain_code", "/anthropic/{path}", "/anthropic/v1/messages", "/vertex-ai/{path}", "/vertex-ai/v1/x")
	for path, methods := range document.Paths {
		for method, operation := range methods {
			for variant := range 6 {
				r := testkit.Request{Method: strings.ToUpper(method), Path: paths.Replace(path), Header: secretHeaders()}
				about := aboutRequests{document.Components.Schemas, fakes.URL + "/v1", variant}
				if content, ok := operation.RequestBody.Content["application/json"]; ok {
					r.JSON = about.value("body", content.Schema)
				}
				all = append(all, r)
			}
		}
	}
	return all
}

// value is one that fits a schema, unless there are rules that the schema does not tell.
func (a aboutRequests) value(name string, schema any) any {
	s, _ := schema.(map[string]any)
	if ref, ok := s["$ref"].(string); ok {
		return a.value(name, a.schemas[ref[strings.LastIndexByte(ref, '/')+1:]])
	}
	if values, ok := s["enum"].([]any); ok {
		return values[a.variant%len(values)]
	}
	for _, kind := range []string{"oneOf", "anyOf"} {
		if alternatives, ok := s[kind].([]any); ok {
			return a.value(name, alternatives[a.variant%len(alternatives)])
		}
	}
	kind, _ := s["type"].(string)
	if kinds, ok := s["type"].([]any); ok {
		kind, _ = kinds[0].(string)
	}
	switch kind {
	case "object":
		object := map[string]any{}
		properties, _ := s["properties"].(map[string]any)
		for property, of := range properties {
			object[property] = a.value(property, of)
		}
		if len(properties) == 0 {
			object[canary+"key"] = canary + name
		}
		return object
	case "array":
		return []any{a.value(name, s["items"])}
	case "integer", "number":
		return 1
	case "boolean":
		return a.variant%2 == 1
	case "null":
		return nil
	case "string":
		if name == "endpoint" || name == "model_endpoint" {
			return a.url
		}
		return canary + name
	default:
		return map[string]any{"messages": []any{map[string]any{"role": "user", "content": canary + "vendor"}}, "model": "claude-2.1", "max_tokens": 5}
	}
}

// whole are requests that are answered with 200, each with canaries in what users write.
func whole(fakes *testkit.Fakes) []testkit.Request {
	code := body{"file_name": canary + "file.py", "content_above_cursor": "x = '" + canary + "above'\n", "content_below_cursor": canary + "below"}
	asked := []body{{"role": "user", "content": canary + "question"}}
	requests := []testkit.Request{
		{Path: "/v2/code/completions", JSON: completion(fakes).with(body{"current_file": code, "model_api_key": canary + "key", "project_path": canary + "project"})},
		{Path: "/v2/code/completions", JSON: completion(fakes).with(body{"current_file": code, "model_api_key": canary + "key", "context": []body{{"type": "file", "name": canary + "other", "content": canary + "context"}}})},
		{Path: "/v2/code/completions", JSON: claudeCompletion().with(body{"current_file": code, "prompt": asked})},
		{Path: "/v2/code/completions", JSON: claudeCompletion().with(body{"current_file": code, "prompt": asked, "stream": true})},
		{Path: "/v2/code/generations", JSON: generation(fakes).with(body{"current_file": code, "prompt": canary + "instruction"})},
		{Path: "/v1/chat/agent", JSON: body{"prompt_components": []body{{
			"type": "prompt", "metadata": body{"source": canary + "source", "version": canary + "version"},
			"payload": body{"content": asked, "provider": "anthropic", "model": "claude-3-5-sonnet-20240620"},
		}}}},
		{Path: "/v1/proxy/anthropic/v1/messages", JSON: body{"model": "claude-3-5-sonnet-20240620", "max_tokens": 5, "messages": asked}},
		{Path: agentPath, JSON: chatTurn().with(body{"messages": asked})},
		{Path: agentPath, JSON: selfHostedTurn(fakes).with(body{"messages": asked, "model_metadata": body{
			"provider": "openai", "name": "mistral", "endpoint": fakes.URL + "/v1", "api_key": canary + "key", "identifier": "custom_openai/my-mistral",
		}})},
		{Path: "/v1/prompts/chat/explain_code", JSON: body{"inputs": body{"input": canary + "question", "selected_text": canary + "selection", "file_content": ""}}},
		{Path: "/v2/prompts/chat/explain_code", JSON: body{"inputs": body{"input": canary + "question", "selected_text": canary + "selection", "file_content": ""}, "stream": true}},
		{Path: "/v4/code/suggestions", JSON: body{"prompt_components": []body{{"type": "code_editor_generation", "payload": body{
			"file_name": canary + "file.py", "content_above_cursor": canary + "above", "content_below_cursor": canary + "below", "language_identifier": "python",
			"prompt_id": "code_suggestions/generations", "prompt_enhancer": body{"user_instruction": canary + "instruction"},
		}}}}},
		{Path: "/v1/search/gitlab-docs", JSON: body{"type": "search-docs", "metadata": body{"source": canary + "source", "version": "17.0.0"}, "payload": body{"query": canary + "query"}}},
		{Path: "/v1/x-ray/libraries", JSON: body{"prompt_components": []body{{"payload": body{"prompt": canary + "libraries", "provider": "anthropic", "model": "claude-2.1"}}}}},
	}
	for i := range requests {
		requests[i].Header = secretHeaders()
	}
	return requests
}

// found are the places of the canaries in a text, sorted.
func found(text string) []string {
	places := canaries.FindAllString(text, -1)
	slices.Sort(places)
	return slices.Compact(places)
}

// broken are requests that cannot be read, with a canary where that happens.
func broken(described []testkit.Request) (all []testkit.Request) {
	for _, r := range described {
		if r.Method != http.MethodPost {
			continue
		}
		key := `"key": null` // no endpoint knows the keys of another
		switch {
		case strings.HasPrefix(r.Path, "/v2/code/"):
			key = `"model_api_key": ["` + canary + `key"]` // in its place, but not what it should be
		case strings.Contains(r.Path, "/prompts/"), r.Path == agentPath:
			key = `"model_metadata": {"api_key": ["` + canary + `key"]}`
		}
		for _, body := range []string{
			`{` + key + `, "` + canary + `content"`, `"` + canary + `content"`, `{` + key + `, "messages": "` + canary + `content"}`, "",
		} {
			all = append(all, testkit.Request{Path: r.Path, Header: secretHeaders(), Body: body})
		}
	}
	return all
}

// isSecret tells a canary that stands for a secret from one that stands for what users write.
func isSecret(place string, env map[string]string) bool {
	name := strings.TrimPrefix(place, canary)
	_, setting := env[name]
	return setting || slices.Contains([]string{"key", "api_key", "model_api_key", "token", "cookie", "password", "otlp", "X_Api_Key", "X_Goog_Api_Key", "Proxy_Authorization"}, name)
}

func TestSecretsAndContentsStayWhereTheyBelong(t *testing.T) {
	for name, asJSON := range map[string]string{"in JSON": "true", "for people": "false"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // the gateways wait between attempts
			fakes, otlp := testkit.NewFakes(t), newOTLPCollector(t)
			env := secretSettings(t, fakes, otlp)
			env["AIGW_LOGGING__FORMAT_JSON"] = asJSON
			nothingGetsOut(t, fakes, otlp, env)
		})
	}
}

// nothingGetsOut sends requests of every kind, with a canary wherever one fits, to a gateway whose models answer, break off, and fail with an error that
// shows all they were sent.
func nothingGetsOut(t *testing.T, fakes *testkit.Fakes, otlp *otlpCollector, env map[string]string) {
	t.Helper()
	gateway := testkit.Gateway(t, env)
	var answers strings.Builder
	ask := func(r testkit.Request) int {
		t.Helper()
		got := gateway.Do(t, r)
		answers.Write(got.Body)
		return got.Status
	}
	kept := []testkit.Script{{Path: "/tp2"}, {Path: "/runs/batch"}}
	fakes.Script(append(kept, testkit.Script{Text: canary + "answer"})...)
	for _, r := range whole(fakes) {
		if status := ask(r); status != http.StatusOK {
			t.Errorf("%s: %d", r.Path, status)
		}
	}
	described := requests(t, gateway, fakes)
	for _, r := range append(described, broken(described)...) {
		ask(r)
	}
	for _, trouble := range []testkit.Script{{CutHead: true}, {Status: 400, Echo: true}, {Status: 401, Echo: true}, {Status: 500, Echo: true}, {Echo: true}} {
		fakes.Script(append(kept, trouble)...)
		for _, r := range whole(fakes) {
			if !strings.HasPrefix(r.Path, "/v1/proxy/") { // which pass on what the vendor says
				ask(r)
			}
		}
	}
	fakes.Script(kept...)
	metrics := gateway.Do(t, testkit.Request{Method: http.MethodGet, Path: "/", Metrics: true})
	if err := gateway.Stop(); err != nil {
		t.Error(err)
	}

	recorded := ""
	for _, call := range fakes.Calls() {
		if strings.HasSuffix(call.Path, "/runs/batch") {
			recorded += string(call.Body)
		}
	}
	for name, text := range map[string]string{"an answer": answers.String(), "LangSmith": recorded} {
		if !strings.Contains(text, canary+"answer") {
			t.Errorf("%s: what belongs there is not in it: %.500s", name, text)
		}
		for _, place := range found(text) {
			if isSecret(place, env) {
				t.Errorf("%s: %s is in it: %s", name, place, around(text, place))
			}
		}
	}
	sent := events(t, fakes)
	for name, text := range map[string]string{
		"the log": gateway.Log.Text(), "metrics": string(metrics.Body), "events": sent, "traces": otlp.on("/v1/traces"), "metrics of OTLP": otlp.on("/v1/metrics"),
	} {
		if len(text) < 500 {
			t.Errorf("%s: there is nothing in it: %q", name, text)
		}
		for _, place := range found(text) {
			if field := strings.TrimPrefix(place, canary); !slices.Contains(logged, field) {
				t.Errorf("%s: %s is in it: %s", name, place, around(text, place))
			}
		}
	}
	if len(described) < 60 {
		t.Errorf("only %d requests are described", len(described))
	}
}

// around is what stands around a text.
func around(text, part string) string {
	at := strings.Index(text, part)
	return fmt.Sprintf("%q", text[max(0, at-300):min(len(text), at+len(part)+200)])
}

// The test above proves nothing unless a leak is seen: with request logging the contents are there, and still no secret.
func TestRequestLoggingShowsContentsButNoSecrets(t *testing.T) {
	fakes, otlp := testkit.NewFakes(t), newOTLPCollector(t)
	env := secretSettings(t, fakes, otlp)
	env["AIGW_LOGGING__ENABLE_REQUEST_LOGGING"] = "true"
	gateway := testkit.Gateway(t, env)
	for _, r := range whole(fakes) {
		r.Header["X-Gitlab-Enabled-Feature-Flags"] = "expanded_ai_logging"
		gateway.Do(t, r)
	}
	if err := gateway.Stop(); err != nil {
		t.Error(err)
	}
	places := found(gateway.Log.Text())
	for _, want := range []string{"above", "below", "question", "instruction"} {
		if !slices.Contains(places, canary+want) {
			t.Errorf("%s is not in the log, which has %v", want, places)
		}
	}
	for _, place := range places {
		if isSecret(place, env) {
			t.Errorf("%s is in the log: %s", place, around(gateway.Log.Text(), place))
		}
	}
}

func TestTokensAreNotLogged(t *testing.T) {
	fakes := testkit.NewFakes(t)
	env := withTokens(fakes)
	env["AIGW_LOGGING__LEVEL"] = "debug"
	gateway := testkit.Gateway(t, env)
	strange := map[string]any{"exp": 1 << 40}
	for _, claim := range []string{"iss", "aud", "sub", "jti", "gitlab_realm", "gitlab_instance_id", "scopes", "duo_seat_count"} {
		strange[claim] = canary + claim
	}
	signed := []string{canary + "no.token.at_all", sign(t, fakes, testkit.Foreign, strange)}
	for _, issuer := range []string{testkit.GitLab, testkit.Portal} {
		signed = append(signed, sign(t, fakes, issuer, strange), sign(t, fakes, issuer, claims(fakes, "complete_code", canary+"scope")))
	}
	for _, token := range signed {
		header := secretHeaders()
		header["Authorization"], header["X-Gitlab-Authentication-Type"] = "Bearer "+token, "oidc"
		for _, r := range whole(fakes) {
			r.Header = header
			gateway.Do(t, r)
		}
	}
	good := headers(sign(t, fakes, testkit.Portal, claims(fakes, "complete_code")))
	issued, _ := fields(t, gateway.Do(t, testkit.Request{Path: "/v1/code/user_access_token", Header: good}).Body)["token"].(string)
	if issued == "" {
		t.Error("the gateway issues no token")
	}
	good["Authorization"] = "Bearer " + issued
	gateway.Do(t, testkit.Request{Path: "/v2/code/completions", Header: good, JSON: completion(fakes)})
	signed = append(signed, issued)
	if err := gateway.Stop(); err != nil {
		t.Error(err)
	}
	log := gateway.Log.Text()
	for _, place := range found(log) {
		t.Errorf("%s is in the log: %s", place, around(log, place))
	}
	for _, token := range signed {
		if strings.Contains(log, token) {
			t.Errorf("a token is in the log: %s", around(log, token))
		}
	}
}

// What operators copy into an issue.
func TestCommandsShowNoSecret(t *testing.T) {
	fakes, otlp := testkit.NewFakes(t), newOTLPCollector(t)
	fakes.Script(testkit.Script{Status: 401, Echo: true})
	env := secretSettings(t, fakes, otlp)
	for _, args := range [][]string{
		{"config"},
		{"config", "check"},
		{"prompts"},
		{"troubleshoot", "--model-name", "mistral", "--model-endpoint", fakes.URL + "/v1", "--model-key", canary + "key"},
	} {
		command := exec.CommandContext(t.Context(), testkit.Binary(t), args...)
		command.Dir = t.TempDir()
		for name, value := range env {
			command.Env = append(command.Env, name+"="+value)
		}
		output, err := command.CombinedOutput() // its status is of no interest: what is there to find is broken
		if len(output) < 100 {
			t.Errorf("%v: %s, %v", args, output, err)
		}
		for _, place := range found(string(output)) {
			t.Errorf("%v: %s is shown: %s", args, place, around(string(output), place))
		}
	}
}
