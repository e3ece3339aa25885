package config

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestNothingGivenIsAllDefaults(t *testing.T) {
	want := &Settings{
		Environment:                  "production",
		GitLabURL:                    "https://gitlab.com",
		GitLabAPIURL:                 "https://gitlab.com/api/v4/",
		CustomerPortalURL:            "https://customers.gitlab.com",
		GlgoBaseURL:                  "http://auth.token.gitlab.com",
		ModelEngineConcurrencyLimits: nil,
		Logging:                      Logging{Level: "INFO", FormatJSON: true},
		FastAPI: FastAPI{
			APIHost: "0.0.0.0", APIPort: 5000, MetricsHost: "0.0.0.0", MetricsPort: 8082, UvicornLogger: UvicornLogger{Version: 1},
			MaxBodyBytes: 10485760, ReadHeaderTimeout: 10 * time.Second, ReadBodyTimeout: 30 * time.Second,
			KeepAliveTimeout: 75 * time.Second, DrainTimeout: time.Minute,
		},
		GoogleCloudPlatform: GoogleCloudPlatform{Location: "us-central1"},
		VertexTextModel:     VertexTextModel{Location: "us-central1", Endpoint: "us-central1-aiplatform.googleapis.com"},
		VertexSearch:        VertexSearch{Location: "us-central1", Endpoint: "https://discoveryengine.googleapis.com"},
		ModelRequests:       ModelRequests{MaxConnectionsPerHost: 1000, MaxIdleConnectionsPerHost: 100, IdleTimeout: 30 * time.Second},
		Prompts:             Prompts{UnknownFamilies: "refuse"},
		CodeSuggestions:     Suggestions{PostProcess: "contract"},
		AbuseDetection:      AbuseDetection{SamplingRate: 0.1},
		Snowplow:            Snowplow{BatchSize: 10, ThreadCount: 1, AppID: "gitlab_ai_gateway", Namespace: "gl", FlushInterval: 5 * time.Second},
		InternalEvent:       InternalEvent{BatchSize: 10, ThreadCount: 1, AppID: "gitlab_ai_gateway", Namespace: "gl", FlushInterval: 5 * time.Second},
		Instrumentator:      Instrumentator{ThreadMonitoringInterval: time.Minute},
		GoogleCloudProfiler: GoogleCloudProfiler{Verbose: 2, Period: 10 * time.Millisecond},
		Anthropic:           Anthropic{BaseURL: "https://api.anthropic.com", APIURL: "https://api.anthropic.com"},
		LangSmith:           LangSmith{Project: "default"},
		Deployment:          Deployment{ServiceName: "gitlab-ai-gateway", Revision: "1.0.0", RunwayRegion: "us-central1"},
		AWS:                 AWS{Region: "us-west-2"},
		Google:              Google{ClaudeLocation: "us-central1"},
		Azure:               Azure{APIVersion: "2024-08-01-preview"},
		OTel:                OTel{TracesExporter: "otlp", MetricsExporter: "otlp"},
	}
	got := mustLoad(t, "")
	if diff := cmp.Diff(want, got, ignoreExtras, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(got.Exports()) > 0 || len(got.Warnings()) > 0 {
		t.Errorf("exports %q, warnings %q", got.Exports(), got.Warnings())
	}
}

// The names are those of the contract, with the settings of our own at the end.
func TestEveryVariableOfTheContractIsASetting(t *testing.T) {
	for name := range strings.FieldsSeq(`
		AIGW_ENVIRONMENT AIGW_GITLAB_URL AIGW_GITLAB_API_URL AIGW_CUSTOMER_PORTAL_URL AIGW_GLGO_BASE_URL AIGW_MOCK_MODEL_RESPONSES
		AIGW_LOGGING__LEVEL AIGW_LOGGING__FORMAT_JSON AIGW_LOGGING__TO_FILE AIGW_LOGGING__ENABLE_REQUEST_LOGGING
		AIGW_FASTAPI__API_HOST AIGW_FASTAPI__API_PORT AIGW_FASTAPI__METRICS_HOST AIGW_FASTAPI__METRICS_PORT AIGW_FASTAPI__UVICORN_LOGGER
		AIGW_FASTAPI__DOCS_URL AIGW_FASTAPI__OPENAPI_URL AIGW_FASTAPI__REDOC_URL AIGW_FASTAPI__RELOAD
		AIGW_AUTH__BYPASS_EXTERNAL AIGW_AUTH__BYPASS_EXTERNAL_WITH_HEADER AIGW_AUTH__BYPASS_JWT_SIGNATURE
		AIGW_SELF_SIGNED_JWT__SIGNING_KEY AIGW_SELF_SIGNED_JWT__VALIDATION_KEY
		AIGW_GOOGLE_CLOUD_PLATFORM__PROJECT AIGW_GOOGLE_CLOUD_PLATFORM__LOCATION AIGW_GOOGLE_CLOUD_PLATFORM__SERVICE_ACCOUNT_JSON_KEY
		AIGW_VERTEX_TEXT_MODEL__PROJECT AIGW_VERTEX_TEXT_MODEL__LOCATION AIGW_VERTEX_TEXT_MODEL__ENDPOINT
		AIGW_VERTEX_TEXT_MODEL__SERVICE_ACCOUNT_JSON_KEY AIGW_VERTEX_SEARCH__PROJECT AIGW_VERTEX_SEARCH__FALLBACK_DATASTORE_VERSION
		AIGW_VERTEX_SEARCH__LOCATION AIGW_VERTEX_SEARCH__SERVICE_ACCOUNT_JSON_KEY
		AIGW_MODEL_KEYS__MISTRAL_API_KEY AIGW_MODEL_KEYS__FIREWORKS_API_KEY
		AIGW_MODEL_ENDPOINTS__FIREWORKS_REGIONAL_ENDPOINTS AIGW_MODEL_ENDPOINTS__FIREWORKS_CURRENT_REGION_ENDPOINT
		AIGW_MODEL_ENDPOINTS__FIREWORKS_COMPLETION_ENDPOINT AIGW_MODEL_ENDPOINTS__FIREWORKS_COMPLETION_IDENTIFIER
		AIGW_MODEL_ENGINE_CONCURRENCY_LIMITS AIGW_DEFAULT_PROMPTS AIGW_CUSTOM_MODELS__ENABLED AIGW_CUSTOM_MODELS__DISABLE_STREAMING
		AIGW_AMAZON_Q__REGION AIGW_AMAZON_Q__ENDPOINT_URL AIGW_FEATURE_FLAGS__DISALLOWED_FLAGS AIGW_F__CODE_SUGGESTIONS__EXCL_POST_PROC
		AIGW_ABUSE_DETECTION__ENABLED AIGW_ABUSE_DETECTION__SAMPLING_RATE
		AIGW_SNOWPLOW__ENABLED AIGW_SNOWPLOW__ENDPOINT AIGW_SNOWPLOW__BATCH_SIZE AIGW_SNOWPLOW__THREAD_COUNT AIGW_SNOWPLOW__APP_ID
		AIGW_SNOWPLOW__NAMESPACE AIGW_INTERNAL_EVENT__ENABLED AIGW_INTERNAL_EVENT__ENDPOINT AIGW_INTERNAL_EVENT__APP_ID
		AIGW_INTERNAL_EVENT__NAMESPACE AIGW_INTERNAL_EVENT__BATCH_SIZE AIGW_INTERNAL_EVENT__THREAD_COUNT
		AIGW_INSTRUMENTATOR__THREAD_MONITORING_ENABLED AIGW_INSTRUMENTATOR__THREAD_MONITORING_INTERVAL
		AIGW_GOOGLE_CLOUD_PROFILER__ENABLED AIGW_GOOGLE_CLOUD_PROFILER__VERBOSE AIGW_GOOGLE_CLOUD_PROFILER__PERIOD_MS
		ANTHROPIC_API_KEY ANTHROPIC_AUTH_TOKEN ANTHROPIC_BASE_URL ANTHROPIC_API_URL CLOUD_CONNECTOR_SERVICE_NAME RUNWAY_REGION
		WEB_CONCURRENCY PROMETHEUS_MULTIPROC_DIR PROMETHEUS_DISABLE_CREATED_SERIES
		AIGW_FASTAPI__MAX_BODY_BYTES AIGW_FASTAPI__READ_HEADER_TIMEOUT AIGW_FASTAPI__READ_BODY_TIMEOUT AIGW_FASTAPI__KEEP_ALIVE_TIMEOUT
		AIGW_FASTAPI__DRAIN_TIMEOUT AIGW_FASTAPI__DRAIN_DELAY AIGW_FASTAPI__TLS_CERT_FILE AIGW_FASTAPI__TLS_KEY_FILE AIGW_FASTAPI__TLS_CLIENT_CA_FILE
		AIGW_AUTH__CLOCK_SKEW`) {
		if !isKnown(strings.ToLower(name)) {
			t.Errorf("%s is no setting", name)
		}
	}
}

func TestValuesByType(t *testing.T) {
	for _, tc := range []struct {
		variable string
		get      func(*Settings) any
		accepted map[string]any
		rejected []string
	}{
		{
			"AIGW_AUTH__BYPASS_EXTERNAL", func(s *Settings) any { return s.Auth.BypassExternal },
			map[string]any{
				"1": true, "on": true, "t": true, "true": true, "y": true, "yes": true, "YES": true, "True": true,
				"0": false, "off": false, "f": false, "false": false, "n": false, "no": false, "Off": false,
			},
			[]string{"", " true", "true ", "2", "1.0", "maybe", "null", "{}"},
		},
		{
			"AIGW_FASTAPI__API_PORT", func(s *Settings) any { return s.FastAPI.APIPort },
			map[string]any{"5052": 5052, "+5052": 5052, "5_052": 5052, "5052.0": 5052, "5052.000": 5052, "007": 7, "0": 0},
			[]string{"", " ", "0x10", "1e3", "5052.5", "5052.", "80x", "5__0", "_5", "5_", "null", "99999999999999999999", "65536", "-1", "٣"},
		},
		{
			"AIGW_SNOWPLOW__BATCH_SIZE", func(s *Settings) any { return s.Snowplow.BatchSize },
			map[string]any{"1.0": 1, "25": 25, "0": 1, "-5": 1},
			[]string{"", "null", "ten"},
		},
		{
			"AIGW_ABUSE_DETECTION__SAMPLING_RATE", func(s *Settings) any { return s.AbuseDetection.SamplingRate },
			map[string]any{
				"1": 1.0, "1e-3": 0.001, ".5": 0.5, "5.": 5.0, "-2": -2.0, "1_0.2_5": 10.25, "inf": math.Inf(1), "-Infinity": math.Inf(-1), "1e999": math.Inf(1),
			},
			[]string{"", "a lot", "0x1p-2", "1__0", "_1.5", "1e", ".", "e5", "1,5", "null"},
		},
		{
			"AIGW_FASTAPI__READ_BODY_TIMEOUT", func(s *Settings) any { return s.FastAPI.ReadBodyTimeout },
			map[string]any{"2.5": 2500 * time.Millisecond, "60": time.Minute},
			[]string{"", "-1", "0", "nan", "inf", "1e30", "30s"},
		},
		{
			"AIGW_AUTH__CLOCK_SKEW", func(s *Settings) any { return s.Auth.ClockSkew },
			map[string]any{"0": time.Duration(0), "1": time.Second},
			[]string{"-1"},
		},
		{
			"AIGW_INSTRUMENTATOR__THREAD_MONITORING_INTERVAL", func(s *Settings) any { return s.Instrumentator.ThreadMonitoringInterval },
			map[string]any{"60": time.Minute, "0": time.Second, "-1": time.Second, "99999999999": time.Duration(9223372036) * time.Second},
			[]string{"", "0.5", "1m"},
		},
		{
			"AIGW_GOOGLE_CLOUD_PROFILER__PERIOD_MS", func(s *Settings) any { return s.GoogleCloudProfiler.Period },
			map[string]any{"10": 10 * time.Millisecond},
			[]string{"ten"},
		},
		{
			"AIGW_ENVIRONMENT", func(s *Settings) any { return s.Environment },
			map[string]any{"": "", "None": "None", "null": "null", "{}": "{}"},
			nil,
		},
		{
			"AIGW_MODEL_KEYS__MISTRAL_API_KEY", func(s *Settings) any { return s.ModelKeys.MistralAPIKey },
			map[string]any{"": Secret(""), "null": Secret("null")},
			nil,
		},
		{
			"AIGW_F__CODE_SUGGESTIONS__EXCL_POST_PROC", func(s *Settings) any { return s.F.CodeSuggestions.ExclPostProc },
			map[string]any{`["a", "b", "a"]`: []string{"a", "b", "a"}, "[]": []string{}},
			[]string{"", "trim", `"a"`, "{}", "null", "[1]", `["a"`, `["a", null]`},
		},
		{
			"AIGW_FEATURE_FLAGS__DISALLOWED_FLAGS", func(s *Settings) any { return s.FeatureFlags.DisallowedFlags },
			map[string]any{`{"saas": ["a", "b", "a"], "Dedicated": []}`: map[string][]string{"saas": {"a", "b"}, "Dedicated": nil}},
			[]string{"", "null", "[]", `{"saas": "a"}`, `{"saas": null}`, `{"saas": [1]}`},
		},
		{
			"AIGW_MODEL_ENGINE_CONCURRENCY_LIMITS", func(s *Settings) any { return s.ModelEngineConcurrencyLimits },
			map[string]any{
				"null": map[string]map[string]int(nil),
				"{}":   map[string]map[string]int{},
				`{"e": {"a": 1, "b": 1.0, "c": true, "d": "15", "f": false, "g": 1e1}}`: map[string]map[string]int{"e": {"a": 1, "b": 1, "c": 1, "d": 15, "f": 0, "g": 10}},
			},
			[]string{"", "[]", "5", `{"anthropic":`, `{"e": 1}`, `{"e": null}`, `{"e": {"a": null}}`, `{"e": {"a": 1.5}}`, `{"e": {"a": "x"}}`, "{} {}"},
		},
		{
			"AIGW_DEFAULT_PROMPTS", func(s *Settings) any { return s.DefaultPrompts },
			map[string]any{"null": map[string]string(nil), `{"chat/react": "vertex"}`: map[string]string{"chat/react": "vertex"}},
			[]string{"", `{"chat/react": 1}`, `{"chat/react": null}`},
		},
		{
			"AIGW_MODEL_ENDPOINTS__FIREWORKS_REGIONAL_ENDPOINTS", func(s *Settings) any { return s.ModelEndpoints.FireworksRegionalEndpoints },
			map[string]any{
				"{}": []FireworksRegion(nil),
				`{"us": {"endpoint": "e", "identifier": "i#d", "more": ""}, "asia": {}}`: []FireworksRegion{
					{"us", FireworksEndpoint{"e", "i#d"}}, {"asia", FireworksEndpoint{}},
				},
			},
			[]string{"", "null", "[]", `{"us": "e"}`, `{"us": {"endpoint": 1}}`, `{"us": {"more": null}}`},
		},
		{
			"AIGW_FASTAPI__UVICORN_LOGGER", func(s *Settings) any { return s.FastAPI.UvicornLogger },
			map[string]any{`{"version": 1, "handlers": {"a": [1, null]}}`: UvicornLogger{1}},
			[]string{"", "{}", "[]", "null", `{"version": 2}`, `{"version": "one"}`},
		},
		{
			"AIGW_LOGGING__LEVEL", func(s *Settings) any { return s.Logging.Level },
			map[string]any{"debug": "DEBUG", "Warn": "WARN", "NOTSET": "NOTSET", "fatal": "FATAL", "critical": "CRITICAL"},
			[]string{"", "loud", " info"},
		},
		{
			"AIGW_FASTAPI__DOCS_URL", func(s *Settings) any { return s.FastAPI.DocsURL },
			map[string]any{"": "", "/help": "/help"},
			[]string{"docs", " /docs"},
		},
		{
			"WEB_CONCURRENCY", func(s *Settings) any { return s.Deployment.WebConcurrency },
			map[string]any{"4": 4, "0": 0, "-1": 0},
			[]string{"", "two", "1.5"},
		},
		{
			"PROMETHEUS_DISABLE_CREATED_SERIES", func(s *Settings) any { return s.Prometheus.DisableCreatedSeries },
			map[string]any{"true": true, "T": true, "1": true, "yes": false, "": false, "false": false},
			nil,
		},
	} {
		for value, want := range tc.accepted {
			got, err := Load([]string{tc.variable + "=" + value}, "")
			if err != nil {
				t.Errorf("%s=%q is refused: %v", tc.variable, value, err)
				continue
			}
			if diff := cmp.Diff(want, tc.get(got)); diff != "" {
				t.Errorf("%s=%q (-want +got):\n%s", tc.variable, value, diff)
			}
		}
		for _, value := range tc.rejected {
			_, err := Load([]string{tc.variable + "=" + value}, "")
			problems := problemsOf(err)
			if len(problems) != 1 || problems[0].Variable != tc.variable || strings.Contains(problems[0].Message, "\n") {
				t.Errorf("%s=%q: want one problem in one line, got %v", tc.variable, value, err)
			}
		}
	}
}

func TestBlanksRoundValues(t *testing.T) {
	s := mustLoad(t, "", "AIGW_FASTAPI__API_PORT= 5052 ", "AIGW_ABUSE_DETECTION__SAMPLING_RATE=\t1e-3 ", "WEB_CONCURRENCY= 2",
		"AIGW_ENVIRONMENT= staging ", "AIGW_MODEL_KEYS__MISTRAL_API_KEY= k ", "AIGW_DEFAULT_PROMPTS= {} ")
	if s.FastAPI.APIPort != 5052 || s.AbuseDetection.SamplingRate != 0.001 || s.Deployment.WebConcurrency != 2 {
		t.Errorf("they are part of numbers: %+v", s)
	}
	if s.Environment != " staging " || s.ModelKeys.MistralAPIKey.Reveal() != " k " {
		t.Errorf("they are no part of texts: %+v", s)
	}
}

func TestNaNIsANumber(t *testing.T) {
	if got := mustLoad(t, "", "AIGW_ABUSE_DETECTION__SAMPLING_RATE=nan").AbuseDetection.SamplingRate; !math.IsNaN(got) {
		t.Errorf("got %v", got)
	}
}

func TestNames(t *testing.T) {
	for _, tc := range []struct {
		name string
		env  []string
		want string
	}{
		{"case doesn't matter", []string{"aigw_Logging__Level=debug"}, "DEBUG"},
		{"the later of two that differ in case counts", []string{"AIGW_LOGGING__LEVEL=debug", "aigw_logging__level=error"}, "ERROR"},
		{"the later one, in the other order", []string{"aigw_logging__level=error", "AIGW_LOGGING__LEVEL=debug"}, "DEBUG"},
		{"one underscore is another name", []string{"AIGW_LOGGING_LEVEL=nonsense"}, "INFO"},
		{"a level more is another name", []string{"AIGW_LOGGING__LEVEL__X=nonsense"}, "INFO"},
		{"a value may hold equals signs", []string{"AIGW_LOGGING__LEVEL=debug", "X=AIGW_LOGGING__LEVEL=error"}, "DEBUG"},
		{"no equals sign is no variable", []string{"AIGW_LOGGING__LEVEL"}, "INFO"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := mustLoad(t, "", tc.env...).Logging.Level; got != tc.want {
				t.Errorf("the level is %s, not %s", got, tc.want)
			}
		})
	}
}

// The first three are the table of spec/settings-and-operations.md 1.2.
func TestFileAndProcessAreMerged(t *testing.T) {
	level := func(s *Settings) any { return s.Logging.Level }
	limits := func(s *Settings) any { return s.ModelEngineConcurrencyLimits }
	for _, tc := range []struct {
		name string
		file string
		env  []string
		get  func(*Settings) any
		want any
	}{
		{
			"the process wins, what it doesn't say is from the file",
			"AIGW_LOGGING__LEVEL=debug\nAIGW_LOGGING__FORMAT_JSON=false\n",
			[]string{"AIGW_LOGGING__LEVEL=error"},
			func(s *Settings) any { return s.Logging },
			Logging{Level: "ERROR", FormatJSON: false},
		},
		{
			"objects are merged", `AIGW_MODEL_ENGINE_CONCURRENCY_LIMITS='{"anthropic":{"a":1}}'`,
			[]string{`AIGW_MODEL_ENGINE_CONCURRENCY_LIMITS={"anthropic":{"b":2}}`},
			limits,
			map[string]map[string]int{"anthropic": {"a": 1, "b": 2}},
		},
		{
			"lists are replaced", `AIGW_F__CODE_SUGGESTIONS__EXCL_POST_PROC='["x"]'`,
			[]string{`AIGW_F__CODE_SUGGESTIONS__EXCL_POST_PROC=["y"]`},
			func(s *Settings) any { return s.F.CodeSuggestions.ExclPostProc },
			[]string{"y"},
		},
		{
			"lists in objects are replaced", `AIGW_FEATURE_FLAGS__DISALLOWED_FLAGS={"a": ["one"], "b": ["two"]}`,
			[]string{`AIGW_FEATURE_FLAGS__DISALLOWED_FLAGS={"a": ["three"], "c": ["four"]}`},
			func(s *Settings) any { return s.FeatureFlags.DisallowedFlags },
			map[string][]string{"a": {"three"}, "b": {"two"}, "c": {"four"}},
		},
		{
			"an empty value of the process counts", "AIGW_ENVIRONMENT=file",
			[]string{"AIGW_ENVIRONMENT="},
			func(s *Settings) any { return s.Environment }, "",
		},
		{
			"a wrong value that is overridden does no harm", "AIGW_FASTAPI__API_PORT=x",
			[]string{"AIGW_FASTAPI__API_PORT=1"},
			func(s *Settings) any { return s.FastAPI.APIPort }, 1,
		},
		{"names that differ in case are the same setting", "aigw_logging__level=debug", []string{"AIGW_LOGGING__LEVEL=error"}, level, "ERROR"},
		{"a key without a value keeps the default", "AIGW_LOGGING__LEVEL", nil, level, "INFO"},
		{"a later key without a value takes an earlier value back", "AIGW_LOGGING__LEVEL=debug\nAIGW_LOGGING__LEVEL", nil, level, "INFO"},
		{"the later of two assignments counts", "AIGW_LOGGING__LEVEL=critical\nAIGW_LOGGING__LEVEL=info", nil, level, "INFO"},
		{
			"the order of keys is that of the file, then that of the process",
			`AIGW_MODEL_ENDPOINTS__FIREWORKS_REGIONAL_ENDPOINTS='{"us-east": {"endpoint": "1"}, "eu": {}}'`,
			[]string{`AIGW_MODEL_ENDPOINTS__FIREWORKS_REGIONAL_ENDPOINTS={"us": {"endpoint": "2"}, "eu": {"endpoint": "3"}}`},
			func(s *Settings) any { return s.ModelEndpoints.FireworksRegionalEndpoints },
			[]FireworksRegion{{"us-east", FireworksEndpoint{Endpoint: "1"}}, {"eu", FireworksEndpoint{Endpoint: "3"}}, {"us", FireworksEndpoint{Endpoint: "2"}}},
		},
		{
			"a group as JSON in the process wins over a setting in the file",
			"AIGW_LOGGING__LEVEL=debug",
			[]string{`AIGW_LOGGING={"level": "error"}`},
			level, "ERROR",
		},
		{"a null group in the process leaves the file's settings", "AIGW_LOGGING__LEVEL=debug", []string{"AIGW_LOGGING=null"}, level, "DEBUG"},
		{
			"a null object in the process leaves the file's", `AIGW_MODEL_ENGINE_CONCURRENCY_LIMITS={"e":{"m":1}}`,
			[]string{"AIGW_MODEL_ENGINE_CONCURRENCY_LIMITS=null"},
			limits,
			map[string]map[string]int{"e": {"m": 1}},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, tc.get(mustLoad(t, tc.file, tc.env...))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestGroupsAsJSON(t *testing.T) {
	logging := func(s *Settings) any { return s.Logging }
	excluded := func(s *Settings) any { return s.F.CodeSuggestions.ExclPostProc }
	limits := func(s *Settings) any { return s.ModelEngineConcurrencyLimits }
	for _, tc := range []struct {
		name string
		env  []string
		get  func(*Settings) any
		want any
	}{
		{
			"a setting of its own wins over the group",
			[]string{"AIGW_LOGGING__LEVEL=error", `AIGW_LOGGING={"level": "debug", "format_json": "Off"}`},
			logging,
			Logging{Level: "ERROR"},
		},
		{"names in the group have any case", []string{`AIGW_LOGGING={"LEVEL": "debug"}`}, logging, Logging{Level: "DEBUG", FormatJSON: true}},
		{"unknown members are ignored", []string{`AIGW_LOGGING={"nope": [1]}`}, logging, Logging{Level: "INFO", FormatJSON: true}},
		{
			"null hides the group's settings",
			[]string{"AIGW_LOGGING=null", "AIGW_LOGGING__LEVEL=nonsense"},
			logging,
			Logging{Level: "INFO", FormatJSON: true},
		},
		{
			"JSON values have their own types",
			[]string{`AIGW_LOGGING={"format_json": 0, "enable_request_logging": 1.0, "to_file": null}`},
			logging,
			Logging{Level: "INFO", EnableRequestLogging: true},
		},
		{
			"numbers in groups",
			[]string{`AIGW_SNOWPLOW={"batch_size": "15", "thread_count": null}`},
			func(s *Settings) any { return s.Snowplow.BatchSize + s.Snowplow.ThreadCount }, 16,
		},
		{
			"floats in groups",
			[]string{`AIGW_ABUSE_DETECTION={"enabled": true, "sampling_rate": 1}`},
			func(s *Settings) any { return s.AbuseDetection },
			AbuseDetection{Enabled: true, SamplingRate: 1},
		},
		{"a group in a group", []string{`AIGW_F={"code_suggestions": {"excl_post_proc": ["a"], "nope": 1}}`}, excluded, []string{"a"}},
		{"the inner group wins", []string{
			`AIGW_F__CODE_SUGGESTIONS={"excl_post_proc": ["b"]}`, `AIGW_F={"code_suggestions": {"excl_post_proc": ["a"]}}`,
		}, excluded, []string{"b"}},
		{"unknown members of the inner group are ignored", []string{"AIGW_F__CODE_SUGGESTIONS__NOPE=1"}, excluded, []string{}},
		{
			"an entry of an object, in lower case",
			[]string{"AIGW_MODEL_ENGINE_CONCURRENCY_LIMITS__Anthropic__CLAUDE=5"},
			limits,
			map[string]map[string]int{"anthropic": {"claude": 5}},
		},
		{
			"entries go over the object",
			[]string{
				"AIGW_MODEL_ENGINE_CONCURRENCY_LIMITS__e__a=5", `AIGW_MODEL_ENGINE_CONCURRENCY_LIMITS={"e": {"a": 1, "b": 2}}`,
				`AIGW_MODEL_ENGINE_CONCURRENCY_LIMITS__f={"c": 3}`,
			},
			limits,
			map[string]map[string]int{"e": {"a": 5, "b": 2}, "f": {"c": 3}},
		},
		{
			"an entry of texts is no JSON",
			[]string{`AIGW_DEFAULT_PROMPTS__chat/react={}`},
			func(s *Settings) any { return s.DefaultPrompts },
			map[string]string{"chat/react": "{}"},
		},
		{
			"an entry that is a list is JSON",
			[]string{`AIGW_FEATURE_FLAGS__DISALLOWED_FLAGS__saas=["a"]`},
			func(s *Settings) any { return s.FeatureFlags.DisallowedFlags },
			map[string][]string{"saas": {"a"}},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, tc.get(mustLoad(t, "", tc.env...)), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestReferencesBetweenVariables(t *testing.T) {
	for _, tc := range []struct {
		name string
		file string
		env  []string
		want string // of AIGW_ENVIRONMENT
	}{
		{"earlier keys of the file", "A=one\nAIGW_ENVIRONMENT=${A}", nil, "one"},
		{"not later ones", "AIGW_ENVIRONMENT=${A}\nA=one", nil, ""},
		{"the process", "AIGW_ENVIRONMENT='${A}'", []string{"A=two"}, "two"},
		{"the process before the file", "A=one\nAIGW_ENVIRONMENT=\"${A}\"", []string{"A=two"}, "two"},
		{"references are followed through the file", "A=one\nB=${A}\nAIGW_ENVIRONMENT=${B}", nil, "one"},
		{"a key without a value is empty", "A\nAIGW_ENVIRONMENT=${A:-x}", nil, ""},
		{"defaults", "AIGW_ENVIRONMENT=${A:-x}", nil, "x"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := mustLoad(t, tc.file, tc.env...).Environment; got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestWhereObjectsAreMergedTheFilePrefersItsOwnKeys(t *testing.T) {
	got := mustLoad(t, `A=one
AIGW_DEFAULT_PROMPTS={"p": "${A}"}`, "A=two", `AIGW_DEFAULT_PROMPTS={"q": "x"}`).DefaultPrompts
	if diff := cmp.Diff(map[string]string{"p": "one", "q": "x"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// The table of spec/settings-and-operations.md 1.8.
func TestLocationsAreDerived(t *testing.T) {
	type locations struct{ Google, Text, Endpoint, Search string }
	const usual = "us-central1-aiplatform.googleapis.com"
	for _, tc := range []struct {
		name string
		env  []string
		want locations
	}{
		{"nothing given", nil, locations{"us-central1", "us-central1", usual, "us-central1"}},
		{
			"the platform's region",
			[]string{"RUNWAY_REGION=europe-west1"},
			locations{"europe-west1", "europe-west1", "europe-west1-aiplatform.googleapis.com", "europe-west1"},
		},
		{"the platform's region is empty", []string{"RUNWAY_REGION="}, locations{"", "", "-aiplatform.googleapis.com", ""}},
		{
			"a location doesn't move the endpoint",
			[]string{"AIGW_GOOGLE_CLOUD_PLATFORM__LOCATION=europe-west1"},
			locations{"europe-west1", "europe-west1", usual, "europe-west1"},
		},
		{
			"a location of its own",
			[]string{
				"AIGW_GOOGLE_CLOUD_PLATFORM__LOCATION=europe-west1", "AIGW_VERTEX_TEXT_MODEL__LOCATION=us-x", "RUNWAY_REGION=asia-x",
			},
			locations{"europe-west1", "us-x", "asia-x-aiplatform.googleapis.com", "europe-west1"},
		},
		{
			"an empty location isn't inherited",
			[]string{"AIGW_GOOGLE_CLOUD_PLATFORM__LOCATION=", "RUNWAY_REGION=asia-x"},
			locations{"", "asia-x", "asia-x-aiplatform.googleapis.com", "asia-x"},
		},
		{
			"an endpoint of its own",
			[]string{"AIGW_VERTEX_TEXT_MODEL__ENDPOINT=localhost:1", "RUNWAY_REGION=asia-x"},
			locations{"asia-x", "asia-x", "localhost:1", "asia-x"},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := mustLoad(t, "", tc.env...)
			got := locations{s.GoogleCloudPlatform.Location, s.VertexTextModel.Location, s.VertexTextModel.Endpoint, s.VertexSearch.Location}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestProjectAndKeyAreInheritedUnlessGiven(t *testing.T) {
	s := mustLoad(t, "AIGW_GOOGLE_CLOUD_PLATFORM={\"project\": \"p\", \"service_account_json_key\": \"k\"}",
		"AIGW_VERTEX_SEARCH__PROJECT=", "AIGW_VERTEX_TEXT_MODEL__SERVICE_ACCOUNT_JSON_KEY=own")
	got := []string{
		s.GoogleCloudPlatform.Project, s.VertexTextModel.Project, s.VertexSearch.Project,
		s.GoogleCloudPlatform.ServiceAccountJSONKey.Reveal(), s.VertexTextModel.ServiceAccountJSONKey.Reveal(), s.VertexSearch.ServiceAccountJSONKey.Reveal(),
	}
	if diff := cmp.Diff([]string{"p", "p", "", "k", "own", "k"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// The table of spec/settings-and-operations.md 1.8.
func TestFireworksRegionIsChosenByLocation(t *testing.T) {
	for _, tc := range []struct {
		name, keys, location, want string
	}{
		{"the prefix", "us europe asia", "us-east4", "us"},
		{"another prefix", "us europe asia", "asia-northeast1", "asia"},
		{"none, so us", "us europe asia", "australia-southeast1", "us"},
		{"none, and no us", "europe", "us-central1", ""},
		{"the first of two", "us us-east4", "us-east4", "us"},
		{"the first of two, in the other order", "us-east4 us", "us-east4", "us-east4"},
		{"case counts", "US europe", "us-east4", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var members []string
			for key := range strings.FieldsSeq(tc.keys) {
				members = append(members, `"`+key+`": {"endpoint": "`+key+`", "identifier": "m"}`)
			}
			s := mustLoad(t, "", "AIGW_MODEL_ENDPOINTS__FIREWORKS_REGIONAL_ENDPOINTS={"+strings.Join(members, ", ")+"}",
				"AIGW_GOOGLE_CLOUD_PLATFORM__LOCATION="+tc.location,
				`AIGW_MODEL_ENDPOINTS__FIREWORKS_CURRENT_REGION_ENDPOINT={"endpoint": "overwritten"}`)
			if got := s.ModelEndpoints.FireworksCurrentRegionEndpoint.Endpoint; got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestVariablesWithoutPrefix(t *testing.T) {
	s := mustLoad(t, "ANTHROPIC_API_KEY=from-file\nANTHROPIC_BASE_URL=http://file\nAWS_REGION=\nanthropic_auth_token=another name",
		"ANTHROPIC_BASE_URL=http://process", "CLOUD_CONNECTOR_SERVICE_NAME=", "AWS_REGION_NAME=eu-west-1", "AWS_SECRET_ACCESS_KEY=s")
	want := Anthropic{APIKey: "from-file", BaseURL: "http://process", APIURL: "http://process"}
	if diff := cmp.Diff(want, s.Anthropic); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if s.Deployment.ServiceName != "gitlab-ai-gateway" {
		t.Errorf("an empty service name stays %q", s.Deployment.ServiceName)
	}
	if s.AWS.Region != "eu-west-1" || s.AWS.SecretAccessKey != "s" {
		t.Errorf("AWS: %#v", s.AWS)
	}
	s = mustLoad(t, "", "ANTHROPIC_API_URL=http://prompts", "CLOUD_CONNECTOR_SERVICE_NAME=mine", "AWS_REGION=a", "AWS_REGION_NAME=b")
	if s.Anthropic.APIURL != "http://prompts" || s.Anthropic.BaseURL != "https://api.anthropic.com" || s.Deployment.ServiceName != "mine" || s.AWS.Region != "a" {
		t.Errorf("%+v %+v %+v", s.Anthropic, s.Deployment, s.AWS)
	}
}

func TestTheFileAddsToTheEnvironment(t *testing.T) {
	s := mustLoad(t, strings.Join([]string{
		"A=one", "HTTPS_PROXY=http://${HOST}:3128", "GIVEN=file", "EMPTY=", "NO_VALUE", "EMPTY_IN_PROCESS=x", "A=two", "B=${A}", "'C=D'=x",
		"GONE=x", "GONE",
	}, "\n"), "HOST=proxy", "GIVEN=process", "EMPTY_IN_PROCESS=")
	want := []string{"A=two", "HTTPS_PROXY=http://proxy:3128", "EMPTY=", "B=two"}
	if diff := cmp.Diff(want, s.Exports()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if new(Settings).Exports() != nil {
		t.Error("settings that weren't loaded export something")
	}
}

func TestTheFileIsSearchedUpwards(t *testing.T) {
	root := t.TempDir()
	deep := filepath.Join(root, "a", "b", "c")
	must(t, os.MkdirAll(filepath.Join(root, "a", "b", ".env"), 0o755)) // a folder doesn't count
	must(t, os.MkdirAll(deep, 0o755))
	must(t, os.WriteFile(filepath.Join(root, ".env"), []byte("AIGW_ENVIRONMENT=root\nAIGW_GLGO_BASE_URL=root"), 0o600))
	if s, err := Load(nil, deep); err != nil || s.Environment != "root" {
		t.Errorf("got %v, %v", s, err)
	}
	must(t, os.WriteFile(filepath.Join(root, "a", ".env"), []byte("AIGW_ENVIRONMENT=nearer"), 0o600))
	s, err := Load(nil, deep)
	if err != nil || s.Environment != "nearer" || s.GlgoBaseURL != "http://auth.token.gitlab.com" {
		t.Errorf("only the nearest file counts; got %v, %v", s, err)
	}
}

func TestWarnings(t *testing.T) {
	s := mustLoad(t, "this is prose\nAIGW_SNOWPLOW__BATCHSIZE=1\nPROMETHEUS_MULTIPROC_DIR=/nowhere\nA=\xff",
		"AIGW_GOOGLE_CLOUD_PROFILER__PERIODS_MS=ten", "AIGW_NO_SUCH_SETTING=1", "aigw_logging_level=x", `AIGW_LOGGING={"leevel": "secret value"}`,
		"OTHER=1", "AIGW_"+strings.Repeat("X", 1<<20)+"=1")
	for _, want := range []string{
		".env is not UTF-8",
		".env, line 1: this is not NAME=value",
		"AIGW_SNOWPLOW__BATCHSIZE (.env, line 2) is no setting and is ignored; did you mean AIGW_SNOWPLOW__BATCH_SIZE?",
		"AIGW_GOOGLE_CLOUD_PROFILER__PERIODS_MS is no setting and is ignored; did you mean AIGW_GOOGLE_CLOUD_PROFILER__PERIOD_MS?",
		"AIGW_NO_SUCH_SETTING is no setting and is ignored",
		"aigw_logging_level is no setting and is ignored; did you mean AIGW_LOGGING__LEVEL?",
		`AIGW_LOGGING, member "leevel" is no setting and is ignored; did you mean AIGW_LOGGING__LEVEL?`,
		"PROMETHEUS_MULTIPROC_DIR (.env, line 3) is ignored",
	} {
		found := false
		for _, warning := range s.Warnings() {
			found = found || strings.HasPrefix(warning, want)
		}
		if !found {
			t.Errorf("no warning begins with %q", want)
		}
	}
	if got := len(s.Warnings()); got != 9 {
		t.Errorf("%d warnings", got)
	}
	if s.Prometheus.MultiprocDir != "" {
		t.Error("PROMETHEUS_MULTIPROC_DIR was read from the file")
	}
}

func mustLoad(t *testing.T, file string, env ...string) *Settings {
	t.Helper()
	s, err := load(env, ".env", file, "")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func problemsOf(err error) []Problem {
	var e *Error
	if errors.As(err, &e) {
		return e.Problems
	}
	return nil
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
