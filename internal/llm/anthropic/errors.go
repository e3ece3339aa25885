package anthropic

import (
	"encoding/json"
	"strings"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
)

// statusOf are the statuses that go with the vendor's types of errors (spec/models-and-providers.md 6.3).
var statusOf = map[string]int{
	"invalid_request_error": 400,
	"authentication_error":  401,
	"permission_error":      403,
	"not_found_error":       404,
	"request_too_large":     413,
	"rate_limit_error":      429,
	"api_error":             500,
	"overloaded_error":      529,
}

// failed is the error of an "error" event. It has the status that the vendor would have answered with, had it known in time.
func failed(call *wire.Call, data []byte) error {
	var e struct {
		Error struct {
			Type string `json:"type"`
		} `json:"error"`
	}
	status := 500
	if json.Unmarshal(data, &e) == nil && statusOf[e.Error.Type] != 0 {
		status = statusOf[e.Error.Type]
	}
	return call.Refused(status, data)
}

// classed gives an error of a routed call its status of spec/models-and-providers.md 9.10.
func classed(err error) error {
	e := llm.ErrorOf(err)
	if e == nil || e.Kind == llm.Refused && e.Status == 0 {
		return err // the caller left, or nothing was sent
	}
	return wire.Classed(e, class(e))
}

func class(e *llm.Error) int {
	text := wire.Said(e)
	switch {
	case strings.Contains(text, "prompt is too long"), strings.Contains(text, "prompt: length"):
		return 400
	case strings.Contains(text, "Invalid API Key"):
		return 401
	}
	switch e.Status {
	case 400, 413:
		return 400
	case 401, 404, 408, 429, 503:
		return e.Status
	case 0:
		if e.Kind == llm.TimedOut {
			return 408
		}
	}
	return 500
}
