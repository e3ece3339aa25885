package config

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

var update = flag.Bool("update", false, "write the generated files")

func TestGeneratedFilesAreCurrent(t *testing.T) {
	for path, want := range map[string]string{"../../example.env": ExampleEnv(), "../../docs/settings.md": Reference()} {
		if *update {
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(path)
		if err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff(want, string(got)); diff != "" {
			t.Errorf("%s lags behind the settings; run go generate ./internal/config (-want +got):\n%s", path, diff)
		}
	}
}

func TestTheExampleFileIsADevelopmentSetup(t *testing.T) {
	got, err := load(nil, ".env", ExampleEnv(), "")
	if err != nil {
		t.Fatal(err)
	}
	want := defaults(t)
	want.Auth.BypassExternal = true
	want.MockModelResponses = true
	want.DocsSearch.Sample = true
	want.FastAPI.APIPort = 5052
	want.FastAPI.DocsURL = "/docs"
	want.FastAPI.OpenAPIURL = "/openapi.json"
	want.FastAPI.ReDocURL = "/redoc"
	want.Logging.FormatJSON = false
	if diff := cmp.Diff(want, got, ignoreExtras); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(got.Warnings()) > 0 {
		t.Errorf("warnings: %q", got.Warnings())
	}
}

// Whatever the example file shows in a comment is the default, and is read as the default.
func TestTheExampleFileShowsDefaults(t *testing.T) {
	var text strings.Builder
	for line := range strings.Lines(ExampleEnv()) {
		if assignment, found := strings.CutPrefix(line, "# "); found && strings.Contains(assignment, "=") && !strings.Contains(assignment, " =") &&
			!strings.HasPrefix(assignment, "RUNWAY_REGION") {
			if name, _, _ := strings.Cut(assignment, "="); name == strings.ToUpper(name) {
				text.WriteString(assignment)
			}
		}
	}
	got, err := load(nil, ".env", text.String(), "")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(defaults(t), got, ignoreExtras, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("(-defaults +shown):\n%s", diff)
	}
}

func TestEverySettingIsDocumented(t *testing.T) {
	for _, f := range fields() {
		if f.doc == "" || f.title == "" {
			t.Errorf("%s has no doc or its group has no title", f.name)
		}
		if !strings.Contains(Reference(), "| `"+f.name+"` | "+f.typeName()) || f.typeName() == "" {
			t.Errorf("%s is not in the reference", f.name)
		}
		if !strings.Contains(ExampleEnv(), f.name+"=") {
			t.Errorf("%s is not in the example file", f.name)
		}
	}
}

var ignoreExtras = cmpopts.IgnoreUnexported(Settings{})

func defaults(t *testing.T) *Settings {
	t.Helper()
	s, err := Load(nil, "")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// What installations of GitLab's own gateway set (spec/settings-and-operations.md 2, 3) is understood, and shown to who looks for it.
func TestEveryVariableOfTheContractIsDocumented(t *testing.T) {
	const names = `AIGW_ENVIRONMENT AIGW_GITLAB_URL AIGW_GITLAB_API_URL AIGW_CUSTOMER_PORTAL_URL AIGW_GLGO_BASE_URL AIGW_MOCK_MODEL_RESPONSES
		AIGW_LOGGING__LEVEL AIGW_LOGGING__FORMAT_JSON AIGW_LOGGING__TO_FILE AIGW_LOGGING__ENABLE_REQUEST_LOGGING
		AIGW_FASTAPI__API_HOST AIGW_FASTAPI__API_PORT AIGW_FASTAPI__METRICS_HOST AIGW_FASTAPI__METRICS_PORT AIGW_FASTAPI__UVICORN_LOGGER
		AIGW_FASTAPI__DOCS_URL AIGW_FASTAPI__OPENAPI_URL AIGW_FASTAPI__REDOC_URL AIGW_FASTAPI__RELOAD
		AIGW_AUTH__BYPASS_EXTERNAL AIGW_AUTH__BYPASS_EXTERNAL_WITH_HEADER AIGW_AUTH__BYPASS_JWT_SIGNATURE
		AIGW_SELF_SIGNED_JWT__SIGNING_KEY AIGW_SELF_SIGNED_JWT__VALIDATION_KEY
		AIGW_GOOGLE_CLOUD_PLATFORM__PROJECT AIGW_GOOGLE_CLOUD_PLATFORM__LOCATION AIGW_GOOGLE_CLOUD_PLATFORM__SERVICE_ACCOUNT_JSON_KEY
		AIGW_VERTEX_TEXT_MODEL__PROJECT AIGW_VERTEX_TEXT_MODEL__LOCATION AIGW_VERTEX_TEXT_MODEL__ENDPOINT AIGW_VERTEX_TEXT_MODEL__SERVICE_ACCOUNT_JSON_KEY
		AIGW_VERTEX_SEARCH__PROJECT AIGW_VERTEX_SEARCH__FALLBACK_DATASTORE_VERSION AIGW_VERTEX_SEARCH__LOCATION AIGW_VERTEX_SEARCH__SERVICE_ACCOUNT_JSON_KEY
		AIGW_MODEL_KEYS__MISTRAL_API_KEY AIGW_MODEL_KEYS__FIREWORKS_API_KEY
		AIGW_MODEL_ENDPOINTS__FIREWORKS_REGIONAL_ENDPOINTS AIGW_MODEL_ENDPOINTS__FIREWORKS_CURRENT_REGION_ENDPOINT
		AIGW_MODEL_ENDPOINTS__FIREWORKS_COMPLETION_ENDPOINT AIGW_MODEL_ENDPOINTS__FIREWORKS_COMPLETION_IDENTIFIER
		AIGW_MODEL_ENGINE_CONCURRENCY_LIMITS AIGW_DEFAULT_PROMPTS AIGW_CUSTOM_MODELS__ENABLED AIGW_CUSTOM_MODELS__DISABLE_STREAMING
		AIGW_AMAZON_Q__REGION AIGW_AMAZON_Q__ENDPOINT_URL AIGW_FEATURE_FLAGS__DISALLOWED_FLAGS AIGW_F__CODE_SUGGESTIONS__EXCL_POST_PROC
		AIGW_ABUSE_DETECTION__ENABLED AIGW_ABUSE_DETECTION__SAMPLING_RATE
		AIGW_SNOWPLOW__ENABLED AIGW_SNOWPLOW__ENDPOINT AIGW_SNOWPLOW__BATCH_SIZE AIGW_SNOWPLOW__THREAD_COUNT AIGW_SNOWPLOW__APP_ID AIGW_SNOWPLOW__NAMESPACE
		AIGW_INTERNAL_EVENT__ENABLED AIGW_INTERNAL_EVENT__ENDPOINT AIGW_INTERNAL_EVENT__APP_ID AIGW_INTERNAL_EVENT__NAMESPACE
		AIGW_INTERNAL_EVENT__BATCH_SIZE AIGW_INTERNAL_EVENT__THREAD_COUNT
		AIGW_INSTRUMENTATOR__THREAD_MONITORING_ENABLED AIGW_INSTRUMENTATOR__THREAD_MONITORING_INTERVAL
		AIGW_GOOGLE_CLOUD_PROFILER__ENABLED AIGW_GOOGLE_CLOUD_PROFILER__VERBOSE AIGW_GOOGLE_CLOUD_PROFILER__PERIOD_MS
		ANTHROPIC_API_KEY ANTHROPIC_BASE_URL ANTHROPIC_API_URL CLOUD_CONNECTOR_SERVICE_NAME RUNWAY_REGION WEB_CONCURRENCY PROMETHEUS_MULTIPROC_DIR
		PROMETHEUS_DISABLE_CREATED_SERIES GOOGLE_APPLICATION_CREDENTIALS AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_REGION_NAME AWS_REGION
		SSL_CERT_FILE REQUESTS_CA_BUNDLE HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY K_REVISION
		LANGSMITH_TRACING_V2 LANGSMITH_API_KEY LANGSMITH_PROJECT LANGSMITH_ENDPOINT LANGSMITH_HIDE_INPUTS LANGSMITH_HIDE_OUTPUTS`
	example, reference := ExampleEnv(), Reference()
	for name := range strings.FieldsSeq(names) {
		if !strings.Contains(example, name+"=") || !strings.Contains(reference, "`"+name+"`") {
			t.Errorf("%s is in neither or only one of example.env and docs/settings.md", name)
		}
	}
	// Nothing here uses these; docs/migration.md says so.
	migration, err := os.ReadFile("../../docs/migration.md")
	if err != nil {
		t.Fatal(err)
	}
	for name := range strings.FieldsSeq("HF_HOME TOKENIZERS_PARALLELISM CODE_SUGGESTIONS") {
		if !strings.Contains(string(migration), "`"+name+"`") {
			t.Errorf("docs/migration.md says nothing of %s", name)
		}
	}
}
