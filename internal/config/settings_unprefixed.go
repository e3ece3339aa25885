package config

// Anthropic is the account at Anthropic.
type Anthropic struct {
	APIKey    Secret `env:"ANTHROPIC_API_KEY" optional:"true" doc:"Key for Anthropic"`
	AuthToken Secret `env:"ANTHROPIC_AUTH_TOKEN" optional:"true" doc:"Bearer token for Anthropic; direct calls use it when there is no key"`
	BaseURL   string `env:"ANTHROPIC_BASE_URL" default:"https://api.anthropic.com" doc:"Base URL of Anthropic's API, for the Anthropic proxy too"`
	APIURL    string `env:"ANTHROPIC_API_URL" optional:"true" doc:"Base URL for prompt-backed calls; default: ANTHROPIC_BASE_URL"`
}

// Deployment is what the platform says about this instance.
type Deployment struct {
	ServiceName    string `env:"CLOUD_CONNECTOR_SERVICE_NAME" default:"gitlab-ai-gateway" doc:"Audience that tokens must have, issuer of the gateway's tokens; empty: the default"`
	Revision       string `env:"K_REVISION" default:"1.0.0" doc:"Version of this service in Google Cloud Profiler; Cloud Run sets it"`
	RunwayRegion   string `env:"RUNWAY_REGION" default:"us-central1" doc:"Default of every location and of the host of Vertex AI"`
	GoMaxProcs     string `env:"GOMAXPROCS" process:"true" optional:"true" doc:"Processors to use; by itself what the container is given. Not read from .env"`
	GoMemLimit     string `env:"GOMEMLIMIT" process:"true" optional:"true" doc:"Memory to keep within, such as 900MiB; by itself 90 % of what the container is given. Not read from .env"`
	GoGC           string `env:"GOGC" process:"true" optional:"true" doc:"How many percent a heap may grow before garbage is collected; by itself 100, and more while it is small. Not read from .env"`
	WebConcurrency int    `env:"WEB_CONCURRENCY" default:"0" example:"4" doc:"Most processors to use, unless GOMAXPROCS says it: one process does the work of all workers. 0: all there are"`
}

// Prometheus sets the metrics listener.
type Prometheus struct {
	MultiprocDir string `env:"PROMETHEUS_MULTIPROC_DIR" alias:"prometheus_multiproc_dir" process:"true" optional:"true" doc:"Existing folder; not used, not read from .env"`

	DisableCreatedSeries bool `env:"PROMETHEUS_DISABLE_CREATED_SERIES" default:"false" lenient:"true" doc:"true, 1 or t leaves out the _created series; any other text is false"`
}

// AWS is the account at Amazon Web Services that serves Bedrock models.
type AWS struct {
	AccessKeyID            Secret `env:"AWS_ACCESS_KEY_ID" optional:"true" doc:"Access key for Bedrock; otherwise AWS's own lookup of credentials"`
	SecretAccessKey        Secret `env:"AWS_SECRET_ACCESS_KEY" optional:"true" doc:"Secret of that key"`
	SessionToken           Secret `env:"AWS_SESSION_TOKEN" optional:"true" doc:"Session of that key, when it is a temporary one"`
	Region                 string `env:"AWS_REGION" default:"us-west-2" doc:"Region of Bedrock; its default is AWS_REGION_NAME, if that is set"`
	RegionName             string `env:"AWS_REGION_NAME" optional:"true" doc:"Region of Bedrock when AWS_REGION is not set"`
	BedrockRuntimeEndpoint string `env:"AWS_BEDROCK_RUNTIME_ENDPOINT" optional:"true" doc:"URL of Bedrock instead of the region's own"`
	STSEndpoint            string `env:"AWS_ENDPOINT_URL_STS" optional:"true" doc:"URL of the token service for Amazon Q instead of the region's own"`
}

// Google says how to log in at Google, and where Claude is found there.
type Google struct {
	ApplicationCredentials string `env:"GOOGLE_APPLICATION_CREDENTIALS" optional:"true" doc:"Credentials file; otherwise Google's own lookup of credentials"`
	CloudProject           string `env:"GOOGLE_CLOUD_PROJECT" optional:"true" doc:"Project of Google Cloud Profiler; otherwise that of the machine, and elsewhere than at Google AIGW_GOOGLE_CLOUD_PLATFORM__PROJECT"`
	ClaudeProject          string `env:"VERTEXAI_PROJECT" optional:"true" doc:"Project of Claude on Vertex AI when there is no AIGW_GOOGLE_CLOUD_PLATFORM__PROJECT; otherwise that of the credentials"`
	ClaudeLocation         string `env:"VERTEXAI_LOCATION" default:"us-central1" doc:"Location of Claude on Vertex AI where a prompt definition names none"`
}

// Azure says how Azure OpenAI is asked.
type Azure struct {
	APIVersion string `env:"AZURE_API_VERSION" default:"2024-08-01-preview" doc:"Version of Azure OpenAI's API"`
}

// LangSmith records the model calls of registered prompts. Its variables are those of LangSmith's own libraries.
type LangSmith struct {
	Tracing     string `env:"LANGSMITH_TRACING_V2" alias:"LANGCHAIN_TRACING_V2 LANGSMITH_TRACING LANGCHAIN_TRACING" optional:"true" example:"true" doc:"Exactly true records prompts and answers of registered prompts; also LANGCHAIN_TRACING_V2, LANGSMITH_TRACING, LANGCHAIN_TRACING: the first of them that is set"`
	APIKey      Secret `env:"LANGSMITH_API_KEY" alias:"LANGCHAIN_API_KEY" optional:"true" doc:"Key for LangSmith; also LANGCHAIN_API_KEY"`
	Project     string `env:"LANGSMITH_PROJECT" alias:"LANGCHAIN_PROJECT" default:"default" doc:"Project there; also LANGCHAIN_PROJECT"`
	Endpoint    string `env:"LANGSMITH_ENDPOINT" alias:"LANGCHAIN_ENDPOINT" optional:"true" doc:"URL of its API; with a key https://api.smith.langchain.com by itself; also LANGCHAIN_ENDPOINT"`
	HideInputs  bool   `env:"LANGSMITH_HIDE_INPUTS" alias:"LANGCHAIN_HIDE_INPUTS" default:"false" lenient:"true" doc:"true leaves out what models are asked; also LANGCHAIN_HIDE_INPUTS"`
	HideOutputs bool   `env:"LANGSMITH_HIDE_OUTPUTS" alias:"LANGCHAIN_HIDE_OUTPUTS" default:"false" lenient:"true" doc:"true leaves out what models answer; also LANGCHAIN_HIDE_OUTPUTS"`
}

// TLS says whom to trust.
type TLS struct {
	CABundle string `env:"REQUESTS_CA_BUNDLE" optional:"true" doc:"File with certificate authorities to trust beside those of the system"`
}

// OTel are those of OpenTelemetry's variables that the gateway itself looks at. Its libraries read the others.
type OTel struct {
	TracesExporter  string `env:"OTEL_TRACES_EXPORTER" default:"otlp" doc:"otlp, or none for no traces"`
	MetricsExporter string `env:"OTEL_METRICS_EXPORTER" default:"otlp" doc:"otlp, or none for no metrics"`
	SDKDisabled     bool   `env:"OTEL_SDK_DISABLED" default:"false" lenient:"true" doc:"true switches OpenTelemetry off, whatever AIGW_OPENTELEMETRY__ENABLED says"`
}
