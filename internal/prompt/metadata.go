package prompt

import (
	"log/slog"
	"net/url"
	"strings"

	"github.com/ai-gateway/ai-gateway/internal/llm"
)

// ModelMetadata is a self-hosted model that a request brings along (spec/prompts.md 1.9). Its limits were checked where it was decoded.
// It prints without its key.
type ModelMetadata struct {
	Name       string // model family, which is the variant to take
	Provider   string // key of the provider when there is no identifier
	Endpoint   string // URL of the model server
	APIKey     string `json:"-"` // secret; empty: none
	Identifier string // "provider/model" or "model"; empty: Provider and Name say it
}

// String leaves the key out.
func (m ModelMetadata) String() string {
	return m.Name + " of " + m.Provider + " at " + m.Endpoint + " as " + m.Identifier
}

// GoString leaves the key out.
func (m ModelMetadata) GoString() string { return m.String() }

// LogValue leaves the key out.
func (m ModelMetadata) LogValue() slog.Value { return slog.StringValue(m.String()) }

// ref is the model that the metadata names, by rules 1 to 4 of spec/models-and-providers.md 9.1.
func (m *ModelMetadata) ref() llm.Ref {
	provider, model := m.Provider, m.Name
	if m.Identifier != "" {
		provider, model = llm.SplitIdentifier(m.Identifier)
		if model == "" { // "name/" is a name
			provider, model = "custom_openai", m.Identifier
		}
	}
	r := ref(provider, model)
	r.Server = llm.Server{URL: baseURL(m.Endpoint), Key: m.APIKey}
	if provider == "bedrock" {
		r.Server.URL = "" // AWS knows its own address
	}
	return r
}

// baseURL is an endpoint in its normal form: scheme and host in lower case, without the scheme's own port, what must be escaped
// escaped, and without the slashes at the end that no client wants there.
func baseURL(endpoint string) string {
	endpoint = strings.TrimSpace(endpoint)
	u, err := url.Parse(endpoint)
	if err != nil || u.Host == "" {
		return endpoint // the call will fail and say so
	}
	u.Host = strings.ToLower(u.Host)
	if port := u.Port(); port == defaultPorts[u.Scheme] {
		u.Host = strings.TrimSuffix(u.Host, ":"+port)
	}
	if u.Path == "" && u.RawQuery != "" {
		u.Path = "/"
	}
	return strings.TrimRight(u.String(), "/")
}

var defaultPorts = map[string]string{"http": "80", "https": "443"}
