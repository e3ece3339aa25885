package config

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestEffectiveSaysWhereEachValueComesFrom(t *testing.T) {
	const file = `AIGW_LOGGING__LEVEL=debug
AIGW_LOGGING__FORMAT_JSON=false
AIGW_DEFAULT_PROMPTS='{"a/b": "x"}'
HTTPS_PROXY=http://user:hidden@proxy:3128
`
	env := []string{
		"AIGW_LOGGING__LEVEL=error", `AIGW_DEFAULT_PROMPTS={"c/d": "y"}`, `AIGW_FASTAPI={"api_port": 5052}`, "aigw_environment=staging",
		"ANTHROPIC_API_KEY=hidden", "RUNWAY_REGION=europe-west1", "AIGW_GOOGLE_CLOUD_PLATFORM__PROJECT=p", "AIGW_CUSTOM_MODELS__ENABLED=YES",
		"AIGW_GLGO_BASE_URL=https://me:hidden@glgo.example.com", `AIGW_FEATURE_FLAGS__DISALLOWED_FLAGS={"saas": ["<a>", "b"]}`,
		`AIGW_MODEL_ENDPOINTS__FIREWORKS_REGIONAL_ENDPOINTS={"us": {"endpoint": "u", "identifier": "i"}, "europe": {"endpoint": "e", "identifier": "j"}}`,
	}
	settings, err := load(env, "/srv/.env", file, "")
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]Entry{}
	for _, e := range settings.Effective() {
		got[e.Name] = e
		if strings.Contains(e.Value, "hidden") {
			t.Errorf("%s shows its secret: %s", e.Name, e.Value)
		}
	}
	for _, want := range []struct{ name, value, source string }{
		{"AIGW_LOGGING__LEVEL", "ERROR", "environment"},
		{"AIGW_LOGGING__FORMAT_JSON", "false", "/srv/.env, line 2"},
		{"AIGW_DEFAULT_PROMPTS", `{"a/b":"x","c/d":"y"}`, "/srv/.env, line 3 and environment"},
		{"AIGW_FASTAPI__API_PORT", "5052", "AIGW_FASTAPI, member api_port"},
		{"AIGW_FASTAPI__METRICS_PORT", "8082", "default"},
		{"AIGW_FASTAPI__KEEP_ALIVE_TIMEOUT", "75", "default"},
		{"AIGW_ENVIRONMENT", "staging", "aigw_environment"},
		{"AIGW_CUSTOM_MODELS__ENABLED", "true", "environment"},
		{"AIGW_GLGO_BASE_URL", "https://me:xxxxx@glgo.example.com", "environment"},
		{"AIGW_FEATURE_FLAGS__DISALLOWED_FLAGS", `{"saas":["<a>","b"]}`, "environment"},
		{"ANTHROPIC_API_KEY", "[secret]", "environment"},
		{"ANTHROPIC_API_URL", "https://api.anthropic.com", "default"},
		{"AWS_ACCESS_KEY_ID", "", "default"},
		{"AIGW_GOOGLE_CLOUD_PLATFORM__LOCATION", "europe-west1", "from RUNWAY_REGION"},
		{"AIGW_VERTEX_TEXT_MODEL__ENDPOINT", "europe-west1-aiplatform.googleapis.com", "from RUNWAY_REGION"},
		{"AIGW_VERTEX_SEARCH__PROJECT", "p", "from AIGW_GOOGLE_CLOUD_PLATFORM__PROJECT"},
		{"AIGW_GOOGLE_CLOUD_PROFILER__PERIOD_MS", "10", "default"},
		{
			"AIGW_MODEL_ENDPOINTS__FIREWORKS_REGIONAL_ENDPOINTS",
			`{"us":{"endpoint":"u","identifier":"i"},"europe":{"endpoint":"e","identifier":"j"}}`, "environment",
		},
		{
			"AIGW_MODEL_ENDPOINTS__FIREWORKS_CURRENT_REGION_ENDPOINT", `{"endpoint":"e","identifier":"j"}`,
			"from AIGW_MODEL_ENDPOINTS__FIREWORKS_REGIONAL_ENDPOINTS",
		},
		{"HTTPS_PROXY", "http://user:xxxxx@proxy:3128", "/srv/.env, line 4"},
	} {
		if e := got[want.name]; e.Value != want.value || e.Source != want.source {
			t.Errorf("%s: want %q from %q, got %q from %q", want.name, want.value, want.source, e.Value, e.Source)
		}
	}
}

// What is shown can be given back, so that an installation can be copied.
func TestEffectiveValuesCanBeGivenBack(t *testing.T) {
	first := mustLoad(t, "", `AIGW_DEFAULT_PROMPTS={"a": "b"}`, "AIGW_FASTAPI__DRAIN_TIMEOUT=0.25", "AIGW_ABUSE_DETECTION__SAMPLING_RATE=1e-7",
		`AIGW_F__CODE_SUGGESTIONS__EXCL_POST_PROC=["x"]`, `AIGW_MODEL_ENGINE_CONCURRENCY_LIMITS={"a": {"b": 1}}`)
	var env []string
	for _, e := range first.Effective() {
		if e.Name != "PROMETHEUS_MULTIPROC_DIR" && e.Name != "RUNWAY_REGION" {
			env = append(env, e.Name+"="+e.Value)
		}
	}
	again, err := Load(env, "")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(first, again, ignoreExtras, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("(-first +again):\n%s", diff)
	}
}
