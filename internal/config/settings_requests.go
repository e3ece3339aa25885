package config

import "time"

// ModelRequests sets how model servers are asked: by models, by both proxies and by Amazon Q.
type ModelRequests struct {
	ConnectTimeout time.Duration `env:"CONNECT_TIMEOUT" default:"0" unit:"seconds" doc:"How long connecting may take, in place of each provider's own time and that of prompt definitions. 0: those count"`
	ReadTimeout    time.Duration `env:"READ_TIMEOUT" default:"0" unit:"seconds" doc:"How long writing, waiting for the head and each single read may take, in place of each provider's own time and that of prompt definitions; for Vertex AI text models the call as a whole. 0: those count"`

	MaxConnectionsPerHost     int           `env:"MAX_CONNECTIONS_PER_HOST" default:"1000" doc:"Connections to a host at a time, at least 1; further calls wait for one"`
	MaxIdleConnectionsPerHost int           `env:"MAX_IDLE_CONNECTIONS_PER_HOST" default:"100" doc:"How many of them are kept while idle; 0: none"`
	IdleTimeout               time.Duration `env:"IDLE_TIMEOUT" default:"30" unit:"seconds" doc:"How long they are kept"`

	// Origin, header, value.
	Headers map[string]map[string]Secret `env:"HEADERS" doc:"Headers for some hosts only, such as a company's gateway in front of the models. https and port 443 are meant where nothing else is written, *.example.com is all below a domain. Secret"`
	// By origin.
	ClientCertificates map[string]ClientCertificate `env:"CLIENT_CERTIFICATES" doc:"Certificates to show to some hosts, named the same way: PEM files, with the chain. Replaced files count for new connections"`
}

// ClientCertificate is a certificate with its private key.
type ClientCertificate struct {
	CertFile string `json:"cert_file"`
	KeyFile  string `json:"key_file"`
}
