package app

import (
	"github.com/ai-gateway/ai-gateway/internal/api"
	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/anthropic"
	"github.com/ai-gateway/ai-gateway/internal/proxy"
)

// newProxies makes the pass-through to vendors. They share a connection pool of their own: what they send is not logged, unlike the
// requests of models.
func (a *App) newProxies(models llm.Provider, calls *modelCalls) api.Proxies {
	s := a.settings
	claude := proxy.Options{
		HTTP: a.proxyClient(), Calls: calls, BaseURL: s.Anthropic.BaseURL,
		Mock: s.MockModelResponses,
	}
	vertex := claude
	vertex.BaseURL = baseURL(s.VertexTextModel.Endpoint)
	return api.Proxies{
		ScoreAbuse: a.scoreAbuse(models),
		Anthropic:  proxy.NewAnthropic(s.Anthropic.APIKey.Reveal(), anthropic.Models, claude),
		VertexAI:   proxy.NewVertexAI(a.google, s.VertexTextModel.Project, s.VertexTextModel.Location, vertex),
	}
}
