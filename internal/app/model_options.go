package app

import (
	"cmp"
	"errors"
	"strings"

	"github.com/ai-gateway/ai-gateway/internal/config"
	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/bedrock"
	"github.com/ai-gateway/ai-gateway/internal/llm/fireworks"
	"github.com/ai-gateway/ai-gateway/internal/llm/google"
	"github.com/ai-gateway/ai-gateway/internal/llm/vertex"
	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
)

func fireworksOptions(s *config.Settings, client *wire.Client) fireworks.Options {
	region := s.ModelEndpoints.FireworksCurrentRegionEndpoint
	return fireworks.Options{
		HTTP: client, Endpoint: region.Endpoint, Identifier: region.Identifier, APIKey: s.ModelKeys.FireworksAPIKey.Reveal(),
	}
}

func bedrockOptions(s *config.Settings, client *wire.Client) bedrock.Options {
	return bedrock.Options{
		HTTP: client, Region: s.AWS.Region, Endpoint: s.AWS.BedrockRuntimeEndpoint,
		AccessKeyID: s.AWS.AccessKeyID.Reveal(), SecretAccessKey: s.AWS.SecretAccessKey.Reveal(), SessionToken: s.AWS.SessionToken.Reveal(),
	}
}

func googleTokens(s *config.Settings) *google.Tokens {
	return google.NewTokens(google.Options{Key: s.GoogleCloudPlatform.ServiceAccountJSONKey.Reveal(), File: s.Google.ApplicationCredentials})
}

// vertexText serves Google's text models. A gateway of self-hosted models has none (spec/models-and-providers.md 11).
func vertexText(s *config.Settings, client *wire.Client, tokens *google.Tokens) llm.Provider {
	if s.CustomModels.Enabled {
		return off{"vertex-ai", "Vertex AI is off where AIGW_CUSTOM_MODELS__ENABLED is true"}
	}
	return vertex.NewText(vertex.Options{
		HTTP: client, Tokens: tokens, BaseURL: baseURL(s.VertexTextModel.Endpoint), Project: s.VertexTextModel.Project, Location: s.VertexTextModel.Location,
		Timeout: s.ModelRequests.ReadTimeout,
	})
}

// claudeOptions are for Claude at Google, which has a host a location. An endpoint that is none of these stands in for all of them.
func claudeOptions(s *config.Settings, client *wire.Client, tokens *google.Tokens) vertex.Options {
	o := vertex.Options{
		HTTP: client, Tokens: tokens, Project: cmp.Or(s.GoogleCloudPlatform.Project, s.Google.ClaudeProject), Location: s.Google.ClaudeLocation,
	}
	if endpoint := s.VertexTextModel.Endpoint; endpoint != "" && !strings.HasSuffix(endpoint, "-aiplatform.googleapis.com") {
		o.BaseURL = baseURL(endpoint)
	}
	return o
}

// off is a provider that this deployment does without.
type off struct{ vendor, why string }

// Resolve implements [llm.Provider].
func (o off) Resolve(llm.Ref) (llm.Handle, error) {
	return llm.Handle{}, &llm.Error{Kind: llm.NotConfigured, Vendor: o.vendor, Err: errors.New(o.why)}
}
