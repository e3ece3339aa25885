package api

import (
	"net/http"

	"github.com/ai-gateway/ai-gateway/internal/schema"
)

// monitoringHealthz serves GET /monitoring/healthz: the process runs (spec/http-api.md 23.1).
func (s *Server) monitoringHealthz(w http.ResponseWriter, _ *http.Request) error {
	return writeJSON(w, http.StatusOK, struct{}{})
}

// monitoringReady serves GET /monitoring/ready: the models can be reached (spec/http-api.md 23.2).
func (s *Server) monitoringReady(w http.ResponseWriter, r *http.Request) error {
	if err := s.Ready(r.Context()); err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, struct{}{})
}

func emptyObject(schema.Components) schema.Object { return schema.NewObject("type", "object") }

var healthzOperation = operation{
	tag: "monitoring", summary: "The process runs", description: "For liveness probes.", answer: emptyObject, open: true,
}

var readyOperation = operation{
	tag: "monitoring", summary: "The models can be reached",
	description: "Asks each configured provider something small until it has answered once.",
	answer:      emptyObject, open: true, refusals: []int{503},
}
