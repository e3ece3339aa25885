package api

import (
	"net/http"

	"github.com/ai-gateway/ai-gateway/internal/events"
)

// proxyVertexAIV1 serves POST /v1/proxy/vertex-ai/{path}: GitLab's own prompt for a model at Google, with the gateway's credentials
// (spec/http-api.md 17).
func (s *Server) proxyVertexAIV1(w http.ResponseWriter, r *http.Request) error {
	return s.passOn(w, r, events.VertexAIProxyV1, s.Proxies.VertexAI.Forward)
}

var proxyVertexAIOperation = operation{
	tag: "proxy", summary: "Pass a request on to Vertex AI",
	description: "Path is v1/projects/PROJECT/locations/LOCATION/publishers/google/models/MODEL:predict or …:serverStreamingPredict; " +
		"the gateway's own project and location count. The header X-Gitlab-Unit-Primitive says what for; " +
		"body, status and answer are Vertex AI's own.",
	body: anyJSON, answer: anyJSON, streams: true, refusals: []int{400, 401, 403, 404, 408, 413, 502, 503},
}
