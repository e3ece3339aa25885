package openai

import (
	"strings"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
)

// classed gives an error its status of spec/models-and-providers.md 9.10.
func (m *model) classed(err error) error {
	e := llm.ErrorOf(err)
	switch {
	case e == nil, e.Kind == llm.Refused && e.Status == 0:
		return err // the caller left, or nothing was sent
	case m.dialect.azure:
		return wire.Classed(e, azureClass(e))
	default:
		return wire.Classed(e, class(e))
	}
}

// class looks at what the server says before it looks at the status: many servers have one status for everything.
func class(e *llm.Error) int {
	text := wire.Said(e)
	invalid := strings.Contains(text, "invalid_request_error")
	switch {
	case timedOut(text):
		return 408
	case strings.Contains(text, "This model's maximum context length is"),
		strings.Contains(text, "string too long. Expected a string with maximum length"):
		return 400
	case invalid && strings.Contains(text, "model_not_found"):
		return e.Status
	case strings.Contains(text, "A timeout occurred"):
		return 408
	case invalid && !strings.Contains(text, "Incorrect API key provided"):
		return 400
	case strings.Contains(text, "Web server is returning an unknown error"):
		return 500
	case strings.Contains(text, "Request too large"):
		return 429
	}
	return byStatus(e)
}

func azureClass(e *llm.Error) int {
	text := wire.Said(e)
	switch {
	case timedOut(text):
		return 408
	case strings.Contains(text, "Internal server error"):
		return 500
	case strings.Contains(text, "DeploymentNotFound"):
		return 404
	case strings.Contains(text, "invalid_request_error"), strings.Contains(text, "content_filter"),
		strings.Contains(text, "content management policy"):
		return 400
	case strings.Contains(text, "Connection error"):
		return 500
	}
	return byStatus(e)
}

func timedOut(text string) bool {
	return strings.Contains(text, "Request timed out") || strings.Contains(text, "Request Timeout Error") ||
		strings.Contains(text, "Timed out generating response")
}

func byStatus(e *llm.Error) int {
	switch {
	case e.Kind == llm.TimedOut: // 408, 504, or no answer
		return 408
	case e.Status == 422:
		return 400
	case e.Status == 0: // no answer, or none that can be read
		return 500
	default:
		return e.Status
	}
}
