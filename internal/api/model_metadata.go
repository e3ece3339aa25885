package api

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/ai-gateway/ai-gateway/internal/prompt"
	"github.com/ai-gateway/ai-gateway/internal/releases"
	"github.com/ai-gateway/ai-gateway/internal/schema"
)

// modelMetadata describes a self-hosted model (spec/models-and-providers.md 10). Later GitLab versions send longer keys and identifiers, leave
// out the endpoint of a cloud's own models, and ask for GitLab's default model this way (spec/clients.md 19).
type modelMetadata struct {
	Name       string  `json:"name" schema:"max=255" doc:"Family of the model; selects the variant of the prompt."`
	Provider   string  `json:"provider" schema:"max=255" doc:"How the model is asked when the identifier does not say."`
	Endpoint   string  `json:"endpoint" schema:"url,max=255" doc:"Base URL of the model server."`
	APIKey     *string `json:"api_key" schema:"max=2000,secret" doc:"Key of the model server."`
	Identifier *string `json:"identifier" schema:"max=1000" doc:"Provider and name of the model at its server."`
}

// cloudEndpoint stands in for the endpoint of models that their cloud finds by itself. Nothing is sent there.
const cloudEndpoint = "https://cloud.invalid"

// Normalize implements schema.Normalizer.
func (*modelMetadata) Normalize(o schema.Object) schema.Object {
	provider, _ := o.Get("provider")
	endpoint, _ := o.Get("endpoint")
	noEndpoint := endpoint.Kind() == schema.KindNull || endpoint.Kind() == schema.KindString && endpoint.Text() == ""
	switch {
	case o.Len() == 0, provider.Text() == releases.DefaultProvider:
		return schema.NewObject("name", "", "provider", releases.DefaultProvider, "endpoint", cloudEndpoint)
	case noEndpoint && slices.Contains(releases.Clouds, servedBy(o)):
		return replaced(o, "endpoint", cloudEndpoint)
	default:
		return o
	}
}

// servedBy is who serves the model that metadata describes: the identifier says it, or else the provider does.
func servedBy(metadata schema.Object) string {
	provider, _ := metadata.Get("provider")
	identifier, _ := metadata.Get("identifier")
	if identifier.Text() == "" {
		return provider.Text()
	}
	server, _, _ := strings.Cut(identifier.Text(), "/")
	return server
}

// promptMetadata is the metadata for the prompt registry; nil when GitLab's default model is meant, or nothing was said.
func (m *modelMetadata) promptMetadata() *prompt.ModelMetadata {
	if m == nil || m.Provider == releases.DefaultProvider {
		return nil
	}
	metadata := &prompt.ModelMetadata{
		Name: m.Name, Provider: m.Provider, Endpoint: m.Endpoint, APIKey: text(m.APIKey), Identifier: text(m.Identifier),
	}
	if metadata.Endpoint == cloudEndpoint+"/" {
		metadata.Endpoint = ""
	}
	return metadata
}

var modelMetadataBody = schema.MustCompile[modelMetadata]()

// checkModelMetadata makes model metadata of the flat fields of a v2 body. What is wrong with it is answered in the text form of
// spec/http-api.md 8.6.
func checkModelMetadata(f *codeFields, provider string) (*prompt.ModelMetadata, error) {
	checked, err := modelMetadataBody.Check(schema.NewObject(
		"name", optional(f.ModelName), "provider", provider, "endpoint", optional(f.ModelEndpoint),
		"api_key", optional(f.ModelAPIKey), "identifier", optional(f.ModelIdentifier),
	).Value())
	if err != nil {
		var wrong *schema.ValidationError
		if errors.As(err, &wrong) {
			return nil, &statusError{http.StatusUnprocessableEntity, wrong.Literal()}
		}
		return nil, err
	}
	return checked.promptMetadata(), nil
}

// optional is an optional text as a JSON value.
func optional(s *string) any {
	if s == nil {
		return nil
	}
	return *s
}
