package api

import (
	"net/http"

	"github.com/ai-gateway/ai-gateway/internal/events"
)

// proxyAnthropicV1 serves POST /v1/proxy/anthropic/{path}: GitLab's own prompt for Anthropic, with the gateway's key
// (spec/http-api.md 16).
func (s *Server) proxyAnthropicV1(w http.ResponseWriter, r *http.Request) error {
	return s.passOn(w, r, events.AnthropicProxyV1, s.Proxies.Anthropic.Forward)
}

var proxyAnthropicOperation = operation{
	tag: "proxy", summary: "Pass a request on to Anthropic",
	description: "Path is v1/messages or v1/complete. The header X-Gitlab-Unit-Primitive says what for; " +
		"body, status and answer are Anthropic's own, streamed when the body says \"stream\".",
	body: anyJSON, answer: anyJSON, streams: true, refusals: []int{400, 401, 403, 404, 408, 413, 502, 503},
}
