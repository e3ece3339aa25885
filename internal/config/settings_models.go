package config

// GoogleCloudPlatform is where Google services are found. What is given here counts for the Vertex groups too, unless they say
// otherwise (spec/settings-and-operations.md 1.8).
type GoogleCloudPlatform struct {
	Project               string `env:"PROJECT" doc:"Project of all Google services"`
	Location              string `env:"LOCATION" default:"us-central1" doc:"Location of Google services, choice of the Fireworks region; default: RUNWAY_REGION"`
	ServiceAccountJSONKey Secret `env:"SERVICE_ACCOUNT_JSON_KEY" doc:"For tests: a service account's key, the text of its file, used as credentials"`
}

// VertexTextModel is where Vertex AI serves models.
type VertexTextModel struct {
	Project               string `env:"PROJECT" doc:"Project of the models; inherited from Google Cloud"`
	Location              string `env:"LOCATION" default:"us-central1" doc:"Location of the models; inherited from Google Cloud"`
	Endpoint              string `env:"ENDPOINT" default:"us-central1-aiplatform.googleapis.com" doc:"Host of Vertex AI; its default follows RUNWAY_REGION, no location setting"`
	ServiceAccountJSONKey Secret `env:"SERVICE_ACCOUNT_JSON_KEY" doc:"Accepted, not used"`
}

// VertexSearch is where GitLab's documentation is searched.
type VertexSearch struct {
	Project                  string `env:"PROJECT" doc:"Project of the search; inherited from Google Cloud"`
	FallbackDatastoreVersion string `env:"FALLBACK_DATASTORE_VERSION" example:"17.0" doc:"GitLab version whose data store is asked when that of the request is missing"`
	Endpoint                 string `env:"ENDPOINT" default:"https://discoveryengine.googleapis.com" doc:"Base URL of Vertex AI Search"`
	Location                 string `env:"LOCATION" default:"us-central1" doc:"Accepted, not used: the search is global"`
	ServiceAccountJSONKey    Secret `env:"SERVICE_ACCOUNT_JSON_KEY" doc:"Accepted, not used"`
}

// DocsSearch is where documentation is found that is on this machine.
type DocsSearch struct {
	Sample bool `env:"SAMPLE" default:"false" doc:"Development: a few pages inside of the gateway answer while models are mocked, and while self-hosted models have no index"`
}

// ModelKeys are the keys of model vendors.
type ModelKeys struct {
	MistralAPIKey   Secret `env:"MISTRAL_API_KEY" optional:"true" doc:"Key for provider codestral"`
	FireworksAPIKey Secret `env:"FIREWORKS_API_KEY" optional:"true" doc:"Key for provider fireworks_ai"`
}

// ModelEndpoints are the places of model vendors.
type ModelEndpoints struct {
	FireworksRegionalEndpoints []FireworksRegion `env:"FIREWORKS_REGIONAL_ENDPOINTS" doc:"Base URL and model by region; the first that begins the Google Cloud location counts, else us"`

	FireworksCurrentRegionEndpoint FireworksEndpoint `env:"FIREWORKS_CURRENT_REGION_ENDPOINT" default:"{}" doc:"Accepted, always overwritten by the choice from the regional endpoints"`

	FireworksCompletionEndpoint   string `env:"FIREWORKS_COMPLETION_ENDPOINT" optional:"true" doc:"Accepted, not used"`
	FireworksCompletionIdentifier string `env:"FIREWORKS_COMPLETION_IDENTIFIER" optional:"true" doc:"Accepted, not used"`
}

// FireworksRegion is the endpoint for the locations that begin with Prefix.
type FireworksRegion struct {
	Prefix string
	FireworksEndpoint
}

// FireworksEndpoint is a place and a model at Fireworks. Both are empty where nothing is configured.
type FireworksEndpoint struct {
	Endpoint   string // base URL of an OpenAI-compatible API, with /v1
	Identifier string // model id, may name a deployment after "#"
}

// CustomModels sets how self-hosted models are served.
type CustomModels struct {
	Enabled          bool `env:"ENABLED" default:"false" doc:"Requests may bring a model server and key, documentation is searched in tmp/docs.db, Vertex AI is off"`
	DisableStreaming bool `env:"DISABLE_STREAMING" default:"false" doc:"Never stream from self-hosted and prompt models, even if a client asks for it"`
}

// AmazonQ is where Amazon Q is found.
type AmazonQ struct {
	Region      string `env:"REGION" example:"us-east-1" doc:"AWS region of Amazon Q and of the credentials for it"`
	EndpointURL string `env:"ENDPOINT_URL" doc:"Endpoint of Amazon Q"`
}
