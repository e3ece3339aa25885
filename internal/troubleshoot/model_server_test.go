package troubleshoot

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/testkit"
)

// What vLLM and Ollama answer.
const (
	vllmModels   = `{"object":"list","data":[{"id":"codellama/CodeLlama-13b","object":"model","owned_by":"vllm"}]}`
	ollamaModels = `{"object":"list","data":[{"id":"codegemma:2b","object":"model"},{"id":"mistral:latest","object":"model"}]}`
	vllmKey      = `{"error":"Unauthorized"}`
)

func TestAModelServer(t *testing.T) {
	fakes := testkit.NewFakes(t)
	html := map[string]string{"Content-Type": "text/html; charset=utf-8"}
	var thousand strings.Builder
	for n := range 1000 {
		thousand.WriteString(`,{"id":"m` + strconv.Itoa(n) + `"}`)
	}
	for name, tc := range map[string]struct {
		scripts    []testkit.Script
		path       string // behind the fake's address
		identifier string
		key        string
		status     Status
		words      []string
	}{
		"it has the model":                   {[]testkit.Script{{Path: "/v1/models", Body: vllmModels}}, "/v1", "custom_openai/codellama/CodeLlama-13b", "", Passed, []string{"codellama/CodeLlama-13b"}},
		"a slash at the end":                 {[]testkit.Script{{Path: "/v1/models", Body: vllmModels}}, "/v1/", "custom_openai/codellama/CodeLlama-13b", "", Passed, nil},
		"the family is the model":            {[]testkit.Script{{Path: "/v1/models", Body: ollamaModels}}, "/v1", "", "", Passed, []string{"mistral:latest"}},
		"it has other models":                {[]testkit.Script{{Path: "/v1/models", Body: ollamaModels}}, "/v1", "custom_openai/codegemma:7b", "", Warned, []string{"codegemma:2b, mistral:latest", "custom_openai/codegemma:2b", "codegemma:7b"}},
		"it has a thousand models":           {[]testkit.Script{{Path: "/v1/models", Body: `{"data":[{"id":"a"}` + thousand.String() + `]}`}}, "/v1", "", "", Warned, []string{"a, m0", "and 991 more"}},
		"it has none":                        {[]testkit.Script{{Path: "/v1/models", Body: `{"data":[]}`}}, "/v1", "", "", Warned, []string{"ollama pull"}},
		"/v1 is missing":                     {[]testkit.Script{{Path: "/v1/models", Body: ollamaModels}, {Path: "/", Status: 404, Body: "404 page not found"}}, "", "", "", Failed, []string{"status 404", "The API is at " + fakes.URL + "/v1."}},
		"/v1 is there twice":                 {[]testkit.Script{{Path: "/v1/v1", Status: 404, Body: `{"detail":"Not Found"}`}, {Path: "/v1/models", Body: ollamaModels}}, "/v1/v1", "", "", Failed, []string{"The API is at " + fakes.URL + "/v1."}},
		"the URL of a single call":           {[]testkit.Script{{Path: "/completions/", Status: 404}, {Path: "/v1/models", Body: ollamaModels}}, "/v1/chat/completions", "", "", Failed, []string{"The API is at " + fakes.URL + "/v1."}},
		"the URL of the list":                {[]testkit.Script{{Path: "/models/models", Status: 404}, {Path: "/v1/models", Body: ollamaModels}}, "/v1/models", "", "", Failed, []string{"The API is at " + fakes.URL + "/v1."}},
		"Ollama's own API":                   {[]testkit.Script{{Path: "/api/models", Status: 404, Body: "404 page not found"}, {Path: "/api/v1/models", Status: 404}, {Path: "/v1/models", Body: ollamaModels}}, "/api", "", "", Failed, []string{"The API is at " + fakes.URL + "/v1."}},
		"a page of another program":          {[]testkit.Script{{Path: "/", Body: "<!DOCTYPE html><title>Grafana</title>", Headers: html}}, "/v1", "", "", Failed, []string{"a web page answers", "Another program listens"}},
		"a page without its type":            {[]testkit.Script{{Path: "/", Body: "\n<!doctype HTML>"}}, "/v1", "", "", Failed, []string{"a web page answers"}},
		"a key is missing":                   {[]testkit.Script{{Status: 401, Body: vllmKey}}, "/v1", "", "", Failed, []string{"Unauthorized", "none was given", "--model-key -"}},
		"a key is wrong, and repeated":       {[]testkit.Script{{Status: 401, Body: `{"error":{"message":"Incorrect API key provided: hidden-key"}}`}}, "/v1", "", "hidden-key", Failed, []string{"[key]", "does not accept the key"}},
		"plain HTTP to a port of TLS":        {[]testkit.Script{{Status: 400, Body: "Client sent an HTTP request to an HTTPS server.\n"}}, "/v1", "", "", Failed, []string{"speaks TLS", "https://"}},
		"plain HTTP to nginx's port of TLS":  {[]testkit.Script{{Status: 400, Body: "<html><head><title>400 The plain HTTP request was sent to HTTPS port</title>", Headers: html}}, "/v1", "", "", Failed, []string{"speaks TLS"}},
		"it is in trouble":                   {[]testkit.Script{{Status: 502, Body: "bad gateway"}}, "/v1", "", "", Failed, []string{"bad gateway", "its log"}},
		"it has no list":                     {[]testkit.Script{{Status: 404, Body: `{"detail":"Not Found"}`}}, "/v1", "", "", Warned, []string{"does not list its models", "--model-endpoint"}},
		"it answers something else entirely": {[]testkit.Script{{Body: `{"data":7}`}}, "/v1", "", "", Warned, []string{"does not list its models"}},
		"it breaks the connection":           {[]testkit.Script{{CutHead: true}}, "/v1", "", "", Failed, []string{"--model-endpoint", "in GitLab"}},
	} {
		t.Run(name, func(t *testing.T) {
			for i := range tc.scripts {
				if tc.scripts[i].Status == 0 {
					tc.scripts[i].Status = http.StatusOK
				}
			}
			model := Model{Family: "mistral", Endpoint: fakes.URL + tc.path, Identifier: tc.identifier}
			check := ModelServer(http.DefaultClient, model, tc.key)
			fakes.Reset(tc.scripts...)
			expect(t, check, tc.status, tc.words...)
			fakes.Reset(tc.scripts...)
			if found := check.Find(t.Context()); strings.Contains(found.Seen+found.Remedy, "hidden") {
				t.Errorf("shows the key: %+v", found)
			}
			want := ""
			if tc.key != "" {
				want = "Bearer " + tc.key
			}
			for _, call := range fakes.Calls() {
				if got := call.Header.Get("Authorization"); got != want {
					t.Errorf("asked with %q", got)
				}
			}
		})
	}
}

func TestAModelServerThatIsNotThere(t *testing.T) {
	for endpoint, words := range map[string]string{
		"http://127.0.0.1:1/v1": "Nobody listens at 127.0.0.1:1", "localhost:8000/v1": "--model-endpoint", "http://%zz": "--model-endpoint",
	} {
		expect(t, ModelServer(http.DefaultClient, Model{Family: "mistral", Endpoint: endpoint}, ""), Failed, words)
	}
	fakes := testkit.NewFakes(t)
	fakes.Script(testkit.Script{Hold: make(chan struct{})})
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	finding := ModelServer(http.DefaultClient, Model{Family: "mistral", Endpoint: fakes.URL}, "").Find(ctx)
	if finding.Status != Failed || !strings.Contains(finding.Remedy, "does not answer in time") {
		t.Errorf("a server that is silent: %+v", finding)
	}
}

func TestOtherBases(t *testing.T) {
	for base, want := range map[string][]string{
		"http://h:1":                     {"http://h:1/v1"},
		"http://h:1/v1":                  nil,
		"http://h:1/v1/v1":               {"http://h:1/v1"},
		"http://h:1/llm":                 {"http://h:1/llm/v1", "http://h:1/v1"},
		"http://h:1/v1/chat/completions": {"http://h:1/v1"},
		"h":                              nil,
	} {
		if got := otherBases(base); !slices.Equal(got, want) {
			t.Errorf("%s: want %q, got %q", base, want, got)
		}
	}
}
