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
	RunwayRegion   string `env:"RUNWAY_REGION" default:"us-central1" doc:"Default of every location and of the host of Vertex AI"`
	WebConcurrency int    `env:"WEB_CONCURRENCY" default:"1" doc:"Accepted, not used: one process uses all processors"`
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

// Google says how to log in at Google.
type Google struct {
	ApplicationCredentials string `env:"GOOGLE_APPLICATION_CREDENTIALS" optional:"true" doc:"Credentials file; otherwise Google's own lookup of credentials"`
}

// TLS says whom to trust.
type TLS struct {
	CABundle string `env:"REQUESTS_CA_BUNDLE" optional:"true" doc:"File with certificate authorities to trust beside those of the system"`
}
