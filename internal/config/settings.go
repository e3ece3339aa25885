// Package config knows every setting of the gateway: its name, type, default and meaning. It is the only reader of the environment.
//
// A setting is a leaf of the [Settings] tree, and its tags say all there is to know about it: `env` its name within its group,
// `default` its default as an operator would write it, `doc` its meaning. [Load] fills the tree from the process environment and a
// file named .env; [ExampleEnv] and [Reference] print what the tags say. So a new setting is one line in one of the groups below.
//
// Values may be wrong in many ways, and an operator wants to hear of all of them at once, in the names that were typed:
// that is [Error]. Keys and tokens are [Secret] and print as a mask wherever they go.
package config

//go:generate go test -run TestGeneratedFilesAreCurrent -update

// Settings is the whole tree (spec/settings-and-operations.md 2 and 3). Fields of the tree itself are AIGW_NAME, those of a group
// AIGW_GROUP__NAME; groups with `env:"-"` hold variables that have no prefix.
//
// An optional text that is not set is empty.
type Settings struct {
	Environment        string `env:"ENVIRONMENT" default:"production" doc:"Name of this deployment in internal events"`
	GitLabURL          string `env:"GITLAB_URL" default:"https://gitlab.com" doc:"GitLab instance whose tokens are accepted, with its path if it has one"`
	GitLabAPIURL       string `env:"GITLAB_API_URL" default:"https://gitlab.com/api/v4/" doc:"Accepted, not used"`
	CustomerPortalURL  string `env:"CUSTOMER_PORTAL_URL" default:"https://customers.gitlab.com" doc:"Customers Portal whose tokens are accepted, with its path if it has one"`
	GlgoBaseURL        string `env:"GLGO_BASE_URL" default:"http://auth.token.gitlab.com" doc:"Token exchange for Amazon Q, asked at /cc/token"`
	MockModelResponses bool   `env:"MOCK_MODEL_RESPONSES" default:"false" doc:"Answer with an echo of the request instead of asking a model"`

	// Engine, model name, limit.
	ModelEngineConcurrencyLimits        map[string]map[string]int `env:"MODEL_ENGINE_CONCURRENCY_LIMITS" doc:"Calls under way at a time by engine and model, exported as gauge model_inferences_max_concurrent; nothing more, unless they are enforced"`
	ModelEngineConcurrencyLimitsEnforce bool                      `env:"MODEL_ENGINE_CONCURRENCY_LIMITS_ENFORCE" default:"false" doc:"Keep to these limits: further calls wait for up to a second, as many as the limit, others are refused with 503"`
	// Prompt id, variant.
	DefaultPrompts map[string]string `env:"DEFAULT_PROMPTS" doc:"Variant instead of \"base\", by prompt, for requests without model metadata"`

	Logging             Logging             `env:"LOGGING" title:"Logging"`
	FastAPI             FastAPI             `env:"FASTAPI" title:"API server"`
	Auth                Auth                `env:"AUTH" title:"Authentication"`
	SelfSignedJWT       SelfSignedJWT       `env:"SELF_SIGNED_JWT" title:"Tokens of the gateway"`
	GoogleCloudPlatform GoogleCloudPlatform `env:"GOOGLE_CLOUD_PLATFORM" title:"Google Cloud"`
	VertexTextModel     VertexTextModel     `env:"VERTEX_TEXT_MODEL" title:"Vertex AI text models"`
	VertexSearch        VertexSearch        `env:"VERTEX_SEARCH" title:"Documentation search"`
	DocsSearch          DocsSearch          `env:"DOCS_SEARCH" title:"Documentation search"`
	ModelKeys           ModelKeys           `env:"MODEL_KEYS" title:"Model keys"`
	ModelEndpoints      ModelEndpoints      `env:"MODEL_ENDPOINTS" title:"Model endpoints"`
	ModelRequests       ModelRequests       `env:"MODEL_REQUESTS" title:"Requests to model servers"`
	CustomModels        CustomModels        `env:"CUSTOM_MODELS" title:"Self-hosted models"`
	Prompts             Prompts             `env:"PROMPTS" title:"Prompts"`
	CodeSuggestions     Suggestions         `env:"CODE_SUGGESTIONS" title:"Code suggestions"`
	AmazonQ             AmazonQ             `env:"AMAZON_Q" title:"Amazon Q"`
	FeatureFlags        FeatureFlags        `env:"FEATURE_FLAGS" title:"Feature flags of requests"`
	F                   F                   `env:"F" title:"Features"`
	AbuseDetection      AbuseDetection      `env:"ABUSE_DETECTION" title:"Abuse detection"`
	Snowplow            Snowplow            `env:"SNOWPLOW" title:"Code suggestions tracking"`
	InternalEvent       InternalEvent       `env:"INTERNAL_EVENT" title:"Internal events"`
	Instrumentator      Instrumentator      `env:"INSTRUMENTATOR" title:"Thread monitor and profiles"`
	GoogleCloudProfiler GoogleCloudProfiler `env:"GOOGLE_CLOUD_PROFILER" title:"Profiler"`
	OpenTelemetry       OpenTelemetry       `env:"OPENTELEMETRY" title:"OpenTelemetry"`

	Anthropic  Anthropic  `env:"-" title:"Anthropic"`
	Deployment Deployment `env:"-" title:"Deployment"`
	Prometheus Prometheus `env:"-" title:"Metrics"`
	AWS        AWS        `env:"-" title:"Amazon Web Services"`
	Google     Google     `env:"-" title:"Google credentials"`
	Azure      Azure      `env:"-" title:"Azure OpenAI"`
	TLS        TLS        `env:"-" title:"Certificates"`
	OTel       OTel       `env:"-" title:"OpenTelemetry's own variables"`
	LangSmith  LangSmith  `env:"-" title:"LangSmith"`

	exports   func() []string // a function, since fmt prints what the file said of everything else
	warnings  []string
	effective func() []Entry
}

// Exports lists, as NAME=value, the variables of the .env file that the process environment lacks. Libraries read some of them
// (HTTPS_PROXY, AWS_*, GOOGLE_*), so package app sets them. They may hold secrets.
func (s *Settings) Exports() []string {
	if s.exports == nil {
		return nil
	}
	return s.exports()
}

// Warnings lists, one sentence each, what was ignored: broken lines of the .env file, unknown names, settings without effect.
// They hold no values.
func (s *Settings) Warnings() []string { return s.warnings }
