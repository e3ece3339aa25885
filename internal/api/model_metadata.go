package api

import (
	"errors"
	"net/http"

	"github.com/ai-gateway/ai-gateway/internal/prompt"
	"github.com/ai-gateway/ai-gateway/internal/schema"
)

// modelMetadata describes a self-hosted model (spec/models-and-providers.md 10).
type modelMetadata struct {
	Name       string  `json:"name" schema:"max=255" doc:"Family of the model; selects the variant of the prompt."`
	Provider   string  `json:"provider" schema:"max=255" doc:"How the model is asked when the identifier does not say."`
	Endpoint   string  `json:"endpoint" schema:"url,max=255" doc:"Base URL of the model server."`
	APIKey     *string `json:"api_key" schema:"max=255,secret" doc:"Key of the model server."`
	Identifier *string `json:"identifier" schema:"max=255" doc:"Provider and name of the model at its server."`
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
	return &prompt.ModelMetadata{
		Name: checked.Name, Provider: checked.Provider, Endpoint: checked.Endpoint,
		APIKey: text(checked.APIKey), Identifier: text(checked.Identifier),
	}, nil
}

// optional is an optional text as a JSON value.
func optional(s *string) any {
	if s == nil {
		return nil
	}
	return *s
}
