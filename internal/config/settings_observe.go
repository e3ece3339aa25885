package config

import "time"

// FeatureFlags limits the flags that requests bring.
type FeatureFlags struct {
	DisallowedFlags map[string][]string `env:"DISALLOWED_FLAGS" doc:"Realm and the flags that are dropped from its requests"`
}

// F is the contract's short name for features. Unlike other groups it rejects members that it doesn't know.
type F struct {
	CodeSuggestions CodeSuggestions `env:"CODE_SUGGESTIONS"`
}

// CodeSuggestions sets features of code suggestions.
type CodeSuggestions struct {
	ExclPostProc []string `env:"EXCL_POST_PROC" doc:"Post-processing steps that completions skip; unknown names do nothing"`
}

// AbuseDetection scores a sample of the proxied requests.
type AbuseDetection struct {
	Enabled      bool    `env:"ENABLED" default:"false" doc:"Score proxied requests for abuse"`
	SamplingRate float64 `env:"SAMPLING_RATE" default:"0.1" doc:"Share of requests that is scored: 1 or more all, 0 or less none"`
}

// Snowplow sends events about code suggestions.
type Snowplow struct {
	Enabled     bool   `env:"ENABLED" default:"false" doc:"Send events about code suggestions"`
	Endpoint    string `env:"ENDPOINT" optional:"true" example:"https://snowplow.example.com" doc:"Collector; must be set when enabled"`
	BatchSize   int    `env:"BATCH_SIZE" default:"10" optional:"true" doc:"Events in a request to the collector, at least 1"`
	ThreadCount int    `env:"THREAD_COUNT" default:"1" optional:"true" doc:"Requests to the collector at a time, at least 1"`
	AppID       string `env:"APP_ID" default:"gitlab_ai_gateway" doc:"Accepted, not used: events carry the default"`
	Namespace   string `env:"NAMESPACE" default:"gl" doc:"Accepted, not used: events carry the default"`

	FlushInterval time.Duration `env:"FLUSH_INTERVAL" default:"5" unit:"seconds" doc:"How long events wait for the rest of their batch"`
}

// InternalEvent sends GitLab's internal events.
type InternalEvent struct {
	Enabled     bool   `env:"ENABLED" default:"false" doc:"Send internal events"`
	Endpoint    string `env:"ENDPOINT" optional:"true" example:"https://snowplow.example.com" doc:"Collector; must be set when enabled"`
	AppID       string `env:"APP_ID" default:"gitlab_ai_gateway" doc:"App ID of the events"`
	Namespace   string `env:"NAMESPACE" default:"gl" doc:"Namespace of the events"`
	BatchSize   int    `env:"BATCH_SIZE" default:"10" optional:"true" doc:"Events in a request to the collector, at least 1"`
	ThreadCount int    `env:"THREAD_COUNT" default:"1" optional:"true" doc:"Requests to the collector at a time, at least 1"`

	FlushInterval time.Duration `env:"FLUSH_INTERVAL" default:"5" unit:"seconds" doc:"How long events wait for the rest of their batch"`
}

// Instrumentator shows what the process is doing.
type Instrumentator struct {
	ThreadMonitoringEnabled  bool          `env:"THREAD_MONITORING_ENABLED" default:"false" doc:"Log the stacks of the process"`
	ThreadMonitoringInterval time.Duration `env:"THREAD_MONITORING_INTERVAL" default:"60" unit:"whole seconds" doc:"Time between two such entries, at least 1"`
	PprofEnabled             bool          `env:"PPROF_ENABLED" default:"false" doc:"Serve Go profiles below /debug/pprof/ of the metrics listener, to everybody who reaches it"`
}

// GoogleCloudProfiler is the continuous profiler. Go decides on its own how often it samples.
type GoogleCloudProfiler struct {
	Enabled bool          `env:"ENABLED" default:"false" doc:"Send profiles to Google Cloud"`
	Verbose int           `env:"VERBOSE" default:"2" doc:"3 or more: log what the profiler does; less: only why it cannot start"`
	Period  time.Duration `env:"PERIOD_MS" default:"10" unit:"whole milliseconds" doc:"Accepted, not used: Go samples every 10 ms"`
}

// OpenTelemetry sends traces and metrics to a collector by OTLP over HTTP. Where and how is said by OpenTelemetry's own variables.
type OpenTelemetry struct {
	Enabled bool `env:"ENABLED" default:"false" doc:"Send traces and metrics by OTLP over HTTP, as OTEL_EXPORTER_OTLP_ENDPOINT and other OTEL_* variables say"`
}
