package config

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestAnEnvFileOfAMachine(t *testing.T) {
	const file = `# settings of this machine
export AIGW_ENVIRONMENT = from-file   # spaces round the sign
AIGW_AUTH__BYPASS_EXTERNAL="true"
AIGW_CUSTOM_MODELS__ENABLED='true'
COLLECTOR=http://fakes/internal
AIGW_INTERNAL_EVENT__ENDPOINT=$COLLECTOR_URL_IS_NOT_EXPANDED_WITHOUT_BRACES
AIGW_INTERNAL_EVENT__ENDPOINT="${COLLECTOR}"
AIGW_INTERNAL_EVENT__ENABLED=yes
AIGW_INTERNAL_EVENT__BATCH_SIZE=1
AIGW_INTERNAL_EVENT__APP_ID=app#1 # the first mark belongs to the value
AIGW_INTERNAL_EVENT__NAMESPACE=${NOT_THERE:-fallback}
AIGW_FEATURE_FLAGS__DISALLOWED_FLAGS='{"self-managed": ["one"], "saas": ["two"]}'
this line is no statement
ANTHROPIC_API_KEY=key-from-file
AIGW_LOGGING__LEVEL=critical
AIGW_LOGGING__LEVEL=info
`
	want := defaults(t)
	want.Environment = "from-process"
	want.Auth.BypassExternal = true
	want.CustomModels.Enabled = true
	want.InternalEvent = InternalEvent{
		Enabled: true, Endpoint: "http://fakes/internal", AppID: "app#1", Namespace: "fallback", BatchSize: 1, ThreadCount: 1,
		FlushInterval: 5 * time.Second,
	}
	want.FeatureFlags.DisallowedFlags = map[string][]string{"self-managed": {"three"}, "saas": {"two"}, "dedicated": {"four"}}
	want.Anthropic.APIKey = "key-from-file"
	got := mustLoad(t, file, `AIGW_FEATURE_FLAGS__DISALLOWED_FLAGS={"self-managed": ["three"], "dedicated": ["four"]}`, "AIGW_ENVIRONMENT=from-process")
	if diff := cmp.Diff(want, got, ignoreExtras); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAnEnvFileFromWindows(t *testing.T) {
	const file = "AIGW_ENVIRONMENT=file\r\nAIGW_AUTH__BYPASS_EXTERNAL=on\r\nAIGW_CUSTOM_MODELS__ENABLED=1\r\n" +
		"AIGW_INTERNAL_EVENT={\"enabled\": true, \"endpoint\": \"http://fakes\", \"batch_size\": 5, \"app_id\": \"from group\"}\r\n" +
		"AIGW_INTERNAL_EVENT__BATCH_SIZE=1\r\nAIGW_INTERNAL_EVENT__NAMESPACE=\"tab\\there\"\r\nAIGW_NOT_A_SETTING=1\r\nAIGW_GLGO_BASE_URL\r\n"
	want := defaults(t)
	want.Environment = "file"
	want.Auth.BypassExternal = true
	want.CustomModels.Enabled = true
	want.InternalEvent = InternalEvent{
		Enabled: true, Endpoint: "http://fakes", AppID: "from group", Namespace: "tab\there", BatchSize: 1, ThreadCount: 1,
		FlushInterval: 5 * time.Second,
	}
	if diff := cmp.Diff(want, mustLoad(t, file), ignoreExtras); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// The values of spec/settings-and-operations.md 11 in the ways they are written there.
func TestADeploymentOnRunway(t *testing.T) {
	got := mustLoad(t, "",
		"AIGW_FASTAPI__API_PORT=8080", "AIGW_SNOWPLOW__ENABLED=True", "AIGW_SNOWPLOW__ENDPOINT=https://snowplowprd.trx.gitlab.net",
		"AIGW_GOOGLE_CLOUD_PROFILER__ENABLED=true", "AIGW_GOOGLE_CLOUD_PROFILER__PERIODS_MS=10",
		"AIGW_INSTRUMENTATOR__THREAD_MONITORING_ENABLED=True", "AIGW_INSTRUMENTATOR__THREAD_MONITORING_INTERVAL=60",
		`AIGW_DEFAULT_PROMPTS={"code_suggestions/generations": "vertex", "chat/react": "vertex"}`, "RUNWAY_REGION=europe-west2",
		`AIGW_MODEL_ENDPOINTS__FIREWORKS_REGIONAL_ENDPOINTS={"us": {"endpoint": "u", "identifier": "a"}, "europe": {"endpoint": "e", "identifier": "b#c"}}`,
		"CLOUD_CONNECTOR_SERVICE_NAME=gitlab-ai-gateway", "HOME=/root", "PORT=8080", "K_REVISION=r1", "AIGW_GITLAB_API_URL=not a url",
	)
	want := defaults(t)
	want.FastAPI.APIPort = 8080
	want.Snowplow.Enabled, want.Snowplow.Endpoint = true, "https://snowplowprd.trx.gitlab.net"
	want.GoogleCloudProfiler.Enabled = true
	want.Instrumentator = Instrumentator{ThreadMonitoringEnabled: true, ThreadMonitoringInterval: time.Minute}
	want.DefaultPrompts = map[string]string{"code_suggestions/generations": "vertex", "chat/react": "vertex"}
	want.Deployment.Revision, want.Deployment.RunwayRegion = "r1", "europe-west2"
	want.GoogleCloudPlatform.Location = "europe-west2"
	want.VertexTextModel.Location, want.VertexTextModel.Endpoint = "europe-west2", "europe-west2-aiplatform.googleapis.com"
	want.VertexSearch.Location = "europe-west2"
	want.ModelEndpoints.FireworksRegionalEndpoints = []FireworksRegion{{"us", FireworksEndpoint{"u", "a"}}, {"europe", FireworksEndpoint{"e", "b#c"}}}
	want.ModelEndpoints.FireworksCurrentRegionEndpoint = FireworksEndpoint{"e", "b#c"}
	want.GitLabAPIURL = "not a url"
	if diff := cmp.Diff(want, got, ignoreExtras); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
