package config

import "time"

// Logging says what is logged, how and where.
type Logging struct {
	Level                string `env:"LEVEL" default:"INFO" doc:"CRITICAL, FATAL, ERROR, WARN, WARNING, INFO, DEBUG or NOTSET, in any case"`
	FormatJSON           bool   `env:"FORMAT_JSON" default:"true" doc:"JSON lines; otherwise lines for human readers"`
	ToFile               string `env:"TO_FILE" optional:"true" example:"log/gateway.log" doc:"File to append to, in an existing folder; empty: standard error"`
	EnableRequestLogging bool   `env:"ENABLE_REQUEST_LOGGING" default:"false" doc:"Log what is asked of models and answered; that is customers' code"`
}

// FastAPI sets the two listeners. The name is the contract's.
type FastAPI struct {
	APIHost           string        `env:"API_HOST" default:"0.0.0.0" doc:"Bind address of the API"`
	APIPort           int           `env:"API_PORT" default:"5000" doc:"Port of the API; images and examples use 5052"`
	MetricsHost       string        `env:"METRICS_HOST" default:"0.0.0.0" doc:"Bind address of the metrics; an IPv6 address and a host name will do"`
	MetricsPort       int           `env:"METRICS_PORT" default:"8082" doc:"Port of the metrics"`
	UvicornLogger     UvicornLogger `env:"UVICORN_LOGGER" default:"{\"version\": 1, \"disable_existing_loggers\": false}" doc:"Accepted with \"version\" 1, not used"`
	DocsURL           string        `env:"DOCS_URL" optional:"true" example:"/docs" doc:"Path of the interactive API documentation; needs the OpenAPI document"`
	OpenAPIURL        string        `env:"OPENAPI_URL" optional:"true" example:"/openapi.json" doc:"Path of the OpenAPI document"`
	ReDocURL          string        `env:"REDOC_URL" optional:"true" example:"/redoc" doc:"Path of the other documentation page; needs the OpenAPI document"`
	Reload            bool          `env:"RELOAD" default:"false" doc:"Development only: apply changes of the .env file and of the folder of prompts without a restart"`
	MaxBodyBytes      int           `env:"MAX_BODY_BYTES" default:"10485760" doc:"Largest request body"`
	ReadHeaderTimeout time.Duration `env:"READ_HEADER_TIMEOUT" default:"10" unit:"seconds" doc:"How long the head of a request may take to arrive"`
	ReadBodyTimeout   time.Duration `env:"READ_BODY_TIMEOUT" default:"30" unit:"seconds" doc:"How long the body of a request may take to arrive"`
	KeepAliveTimeout  time.Duration `env:"KEEP_ALIVE_TIMEOUT" default:"75" unit:"seconds" doc:"How long an idle connection is kept"`
	DrainDelay        time.Duration `env:"DRAIN_DELAY" default:"0" unit:"seconds" doc:"How long the gateway goes on accepting after SIGTERM, while /monitoring/ready is 503, so that load balancers notice"`
	DrainTimeout      time.Duration `env:"DRAIN_TIMEOUT" default:"60" unit:"seconds" doc:"How long open requests may run on after that"`
	TLSCertFile       string        `env:"TLS_CERT_FILE" optional:"true" example:"/etc/ai-gateway/tls.crt" doc:"Certificate of the API with its chain, PEM; the API then speaks TLS only. A replaced file counts for new connections"`
	TLSKeyFile        string        `env:"TLS_KEY_FILE" optional:"true" example:"/etc/ai-gateway/tls.key" doc:"Private key of that certificate, PEM"`
	TLSClientCAFile   string        `env:"TLS_CLIENT_CA_FILE" optional:"true" example:"/etc/ai-gateway/ca.crt" doc:"Certificate authorities, PEM; every client must then show a certificate of theirs"`
}

// UvicornLogger is the logging configuration of another implementation's server. Nothing of it is used.
type UvicornLogger struct {
	Version int // always 1
}

// Auth loosens authentication. The three switches are for tests and development.
type Auth struct {
	BypassExternal           bool          `env:"BYPASS_EXTERNAL" default:"false" doc:"Development only: every request comes from a debug user with all permissions"`
	BypassExternalWithHeader bool          `env:"BYPASS_EXTERNAL_WITH_HEADER" default:"false" doc:"The same, only for requests with the header Bypass-Auth: true"`
	BypassJWTSignature       bool          `env:"BYPASS_JWT_SIGNATURE" default:"false" doc:"Development only: signatures of tokens are not verified, their claims are"`
	ClockSkew                time.Duration `env:"CLOCK_SKEW" default:"0" unit:"seconds" doc:"How far the clocks of token issuers may be off"`
}

// SelfSignedJWT holds the keys of the tokens that the gateway issues.
type SelfSignedJWT struct {
	SigningKey    Secret `env:"SIGNING_KEY" doc:"RSA private key, PEM with real line breaks, that signs tokens of the gateway"`
	ValidationKey Secret `env:"VALIDATION_KEY" doc:"RSA private key, PEM, whose tokens are accepted too; for rotation"`
}
