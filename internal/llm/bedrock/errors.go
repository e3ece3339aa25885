package bedrock

import (
	"strings"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
)

// statusOf are the statuses that the vendor would have answered with, had it known in time.
var statusOf = map[string]int{
	"validationException":         400,
	"modelTimeoutException":       408,
	"modelStreamErrorException":   424,
	"throttlingException":         429,
	"internalServerException":     500,
	"serviceUnavailableException": 503,
}

// failed is the error of a frame that is no event: an exception, which has a payload, or an error, which has not.
func failed(call *wire.Call, kind string, f frame) error {
	name, said := f.header(":exception-type"), f.payload
	if kind == "error" {
		name, said = f.header(":error-code"), []byte(f.header(":error-message"))
	}
	status := statusOf[name]
	if status == 0 {
		status = 500
	}
	return call.Refused(status, []byte(name+": "+string(said)))
}

// classed gives the error of a call its status of spec/models-and-providers.md 9.10.
func classed(err error) error {
	e := llm.ErrorOf(err)
	if e == nil || e.Kind == llm.Refused && e.Status == 0 {
		return err // the caller left, or nothing was sent
	}
	return wire.Classed(e, class(e))
}

// unableToLogIn is how AWS's libraries begin when they find no credentials.
const unableToLogIn = "Unable to locate credentials"

// class looks at what the vendor says before it looks at the status.
func class(e *llm.Error) int {
	text := wire.Said(e)
	switch {
	case strings.Contains(text, "ThrottlingException"):
		return 429
	case strings.Contains(text, "AccessDeniedException"):
		return 403
	case strings.Contains(text, "Malformed input request"):
		return 400
	case strings.Contains(text, unableToLogIn):
		return 401
	case strings.Contains(text, "timed out"):
		return 408
	}
	switch e.Status {
	case 500:
		return 503
	case 422:
		return 400
	case 504:
		return 408
	case 400, 401, 403, 404, 408, 429, 503: // the contract takes a bare 403 for a lost connection (docs/providers.md)
		return e.Status
	case 0:
		if e.Kind == llm.TimedOut {
			return 408
		}
	}
	return 500
}
