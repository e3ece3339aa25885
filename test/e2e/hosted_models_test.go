package e2e

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/testkit"
)

// hostedModels are the settings of a gateway whose models are the operator's own, at three vendors.
func hostedModels(fakes *testkit.Fakes) map[string]string {
	return map[string]string{
		"AIGW_AUTH__BYPASS_EXTERNAL":                           "true",
		"ANTHROPIC_API_KEY":                                    "anthropic-key",
		"ANTHROPIC_BASE_URL":                                   fakes.URL,
		"AIGW_GOOGLE_CLOUD_PLATFORM__PROJECT":                  "my-project",
		"AIGW_GOOGLE_CLOUD_PLATFORM__SERVICE_ACCOUNT_JSON_KEY": fakes.Fill("${GOOGLE_KEY}"),
		"AIGW_VERTEX_TEXT_MODEL__ENDPOINT":                     fakes.URL,
		"AIGW_MODEL_KEYS__FIREWORKS_API_KEY":                   "fireworks-key",
		"AIGW_MODEL_ENDPOINTS__FIREWORKS_REGIONAL_ENDPOINTS":   `{"us": {"endpoint": "` + fakes.URL + `/fireworks/v1", "identifier": "qwen#d1"}}`,
		"AIGW_DEFAULT_PROMPTS":                                 `{"code_suggestions/generations": "vertex"}`,
	}
}

// editorCompletion is what an editor sends that leaves the choice of the model to the gateway.
func editorCompletion() body {
	return body{
		"prompt_version": 1, "choices_count": 5,
		"current_file": body{"file_name": "tax.py", "content_above_cursor": "def vat(net):\n    ", "content_below_cursor": "\n"},
	}
}

func TestTheDefaultModelOffersSeveralSuggestions(t *testing.T) {
	prediction := func(content, score string) string {
		return `{"content": "` + content + `", "score": ` + score + `, "safetyAttributes": {"blocked": false}}`
	}
	const blocked = `{"content": "", "score": -1, "safetyAttributes": {"blocked": true, "categories": ["Violent"], "errors": [234]}}`
	fakes := testkit.NewFakes(t)
	gateway := testkit.Gateway(t, hostedModels(fakes))

	for _, tc := range []struct {
		name        string
		predictions []string
		texts       []string
		logged      map[string]any // of the access log; nil: the field is missing
	}{
		{
			"all of them, in the model's order",
			[]string{prediction("return net * 1.2", "-1"), prediction("return net * 1.1", "-9.9")},
			[]string{"return net * 1.2", "return net * 1.1"},
			map[string]any{"blocked": false, "model_output_score": -9.9, "model_output_length": 32.0, "discarded": nil, "safety_categories": nil},
		},
		{
			"an empty one ends the list",
			[]string{prediction("return net", "-1"), blocked, prediction("return 1", "-1")},
			[]string{"return net"},
			map[string]any{"safety_categories": []any{"Violent"}, "error_codes": []any{234.0}, "blocked": false},
		},
		{
			"so does one that is too bad",
			[]string{prediction("return net", "-1"), prediction("return None", "-10"), prediction("return 1", "-1")},
			[]string{"return net"},
			map[string]any{"discarded": true, "blocked": false},
		},
		{"the last one decides about blocked", []string{prediction("return net", "-1"), blocked}, []string{"return net"}, map[string]any{"blocked": true}},
		{"none at all", nil, nil, map[string]any{"model_output_length": nil, "blocked": nil, "model_exception_message": nil}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			fakes.Reset(testkit.Script{Body: `{"predictions": [` + strings.Join(tc.predictions, ", ") + `], "metadata":
				{"tokenMetadata": {"inputTokenCount": {"totalTokens": 10}, "outputTokenCount": {"totalTokens": 4}}}}`})
			got := gateway.Do(t, testkit.Request{Path: "/v2/code/completions", JSON: editorCompletion(), Header: map[string]string{"X-Request-ID": tc.name}})
			if diff := cmp.Diff(tc.texts, choices(t, got.Body)); got.Status != 200 || diff != "" {
				t.Fatalf("got %d %s\n%s", got.Status, got.Body, diff)
			}
			answer := fields(t, got.Body)
			experiments, _ := answer["experiments"].([]any)
			if want := min(len(tc.predictions), 1); len(experiments) != want {
				t.Errorf("want %d experiments, got %v", want, experiments)
			}
			call := fakes.WaitCalls(t, 1)[0]
			if want := "/v1/projects/my-project/locations/us-central1/publishers/google/models/code-gecko@002:predict"; call.Path != want {
				t.Errorf("asked %s", call.Path)
			}
			if parameters, _ := fields(t, call.Body)["parameters"].(map[string]any); parameters["candidateCount"] != 4.0 {
				t.Errorf("asked for %v", parameters)
			}
			entry := gateway.WaitLogs(t, map[string]any{"correlation_id": tc.name, "status_code": 200.0})[0]
			for name, want := range tc.logged {
				if diff := cmp.Diff(want, entry[name]); diff != "" {
					t.Errorf("%s: %s", name, diff)
				}
			}
		})
	}
}

func TestWhatIsWrongWithTheDefaultModelIs503(t *testing.T) {
	fakes := testkit.NewFakes(t)
	gateway := testkit.Gateway(t, hostedModels(fakes))
	for name, script := range map[string]testkit.Script{
		"a quota":             {Status: 429, Body: `{"error": {"code": 429, "message": "Quota exceeded", "status": "RESOURCE_EXHAUSTED"}}`},
		"a broken connection": {CutHead: true},
		"a missing score":     {Body: `{"predictions": [{"content": "x"}]}`},
		"odd safety":          {Body: `{"predictions": [{"content": "x", "score": 1, "safetyAttributes": null}]}`},
	} {
		fakes.Reset(script)
		got := gateway.Do(t, testkit.Request{Path: "/v2/code/completions", JSON: editorCompletion()})
		if got.Status != 503 || string(got.Body) != `{"detail":"Inference failed"}` {
			t.Errorf("%s: got %d %s", name, got.Status, got.Body)
		}
	}
}

func TestClaudeAtGoogleIsAskedInTheLocationOfTheDefinition(t *testing.T) {
	fakes := testkit.NewFakes(t)
	fakes.Script(testkit.Script{Text: "return 1"})
	gateway := testkit.Gateway(t, hostedModels(fakes))
	got := gateway.Do(t, testkit.Request{Path: "/v4/code/suggestions", JSON: body{
		"prompt_components": []body{{
			"type": "code_editor_generation",
			"payload": body{
				"file_name": "a.py", "content_above_cursor": "# one", "content_below_cursor": "", "language_identifier": "python",
				"prompt_id": "code_suggestions/generations", "prompt_enhancer": body{"user_instruction": "Count"},
			},
		}},
	}})
	call := fakes.WaitCalls(t, 1)[0]
	const want = "/v1/projects/my-project/locations/us-east5/publishers/anthropic/models/claude-3-5-sonnet@20240620:rawPredict"
	if got.Status != 200 || call.Path != want || call.Header.Get("Authorization") != "Bearer ya29.fake" {
		t.Errorf("got %d %s, asked %s", got.Status, got.Body, call.Path)
	}
}

func TestReadinessAsksTheConfiguredProvidersInTurn(t *testing.T) {
	fakes := testkit.NewFakes(t)
	gateway := testkit.Gateway(t, hostedModels(fakes))
	ready := testkit.Request{Method: "GET", Path: "/monitoring/ready"}

	fakes.Script(testkit.Script{Path: "/fireworks", Status: 401})
	if got := gateway.Do(t, ready); got.Status != 503 {
		t.Errorf("got %d %s", got.Status, got.Body)
	}
	fakes.Script()
	for range 2 {
		if got := gateway.Do(t, ready); got.Status != 200 {
			t.Errorf("got %d %s", got.Status, got.Body)
		}
	}
	var asked []string
	for _, call := range fakes.Calls() {
		asked = append(asked, call.Path)
	}
	want := []string{
		"/v1/projects/my-project/locations/us-central1/publishers/google/models/code-gecko@002:predict", "/v1/messages", "/fireworks/v1/completions",
		"/fireworks/v1/completions", // who was reached is not asked again
	}
	if diff := cmp.Diff(want, asked); diff != "" {
		t.Error(diff)
	}
	last := fakes.Calls()[3]
	if limit := fields(t, last.Body)["max_tokens"]; limit != 16.0 || last.Header.Get("X-Session-Affinity") != "" {
		t.Errorf("asked %s", last.Body)
	}
}

// choices are the texts of a completion's answer.
func choices(t *testing.T, raw []byte) (texts []string) {
	t.Helper()
	list, _ := fields(t, raw)["choices"].([]any)
	for _, c := range list {
		text, _ := c.(map[string]any)["text"].(string)
		texts = append(texts, text)
	}
	return texts
}
