// Package vertex asks models that Google serves on Vertex AI, with the operator's Google credentials (llm/google):
//
//   - [NewText]: Google's own text models, over REST predict (spec/models-and-providers.md 8);
//   - [NewClaude]: Anthropic's models, over Anthropic's messages (section 9.7, "vertex_ai").
package vertex

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/google"
	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
)

// Options are the operator's settings.
type Options struct {
	HTTP    *wire.Client
	Tokens  *google.Tokens
	BaseURL string // of Vertex AI; empty (Claude only): https://LOCATION-aiplatform.googleapis.com

	Project  string
	Location string

	Timeout time.Duration // of a call to a text model as a whole, the access token included; 0: that of the request, else 30 s
}

func (o Options) trimmed() Options {
	o.BaseURL = strings.TrimRight(o.BaseURL, "/")
	return o
}

// resource is the path of a model of a publisher.
func resource(project, location, publisher, model string) string {
	return "/v1/projects/" + url.PathEscape(project) + "/locations/" + url.PathEscape(location) + "/publishers/" + publisher +
		"/models/" + url.PathEscape(model)
}

// header carries an access token.
func header(token string) http.Header {
	h := wire.Header()
	h["Authorization"] = []string{"Bearer " + token}
	return h
}

func refused(vendor, format string, args ...any) error {
	return &llm.Error{Kind: llm.Refused, Vendor: vendor, Err: fmt.Errorf(format, args...)}
}

func notConfigured(vendor, format string, args ...any) error {
	return &llm.Error{Kind: llm.NotConfigured, Vendor: vendor, Err: fmt.Errorf(format, args...)}
}
