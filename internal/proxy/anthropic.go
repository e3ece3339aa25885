package proxy

import (
	"context"
	"slices"
)

// Anthropic passes requests on to Anthropic's Messages and Text Completions interfaces.
type Anthropic struct {
	vendor
	key    string
	models []string
}

// NewAnthropic returns a proxy that uses the operator's key, a secret that may be empty, for requests that name one of the models.
func NewAnthropic(key string, models []string, o Options) *Anthropic {
	return &Anthropic{newVendor("anthropic", o), key, models}
}

// Forward passes a request on (spec/http-api.md 16.2, steps 6 to 11). The error is a [Refusal], a [*VendorError], that of [Calls], or that
// of a cancelled context. Nothing is sent before all is checked.
//
// The path has been decoded once and is taken as it is: only the two that are meant match, nothing is cleaned first.
func (a *Anthropic) Forward(ctx context.Context, req *Request) (*Answer, error) {
	if req.Query != "" || req.Path != "v1/messages" && req.Path != "v1/complete" {
		return nil, PathNotAllowed
	}
	body, ok := readDocument(req.Body)
	switch {
	case !ok:
		return nil, NotJSON
	case !body.object || body.model == nil:
		return nil, NoModel
	}
	model := body.modelName()
	switch {
	case !slices.Contains(a.models, model):
		return nil, ModelNotAllowed
	case a.Mock:
		return mocked(body.wantsStream()), nil
	case a.key == "":
		return nil, NoAPIKey
	}
	call := a.call(req, "/"+req.Path, "Accept", "Content-Type", "Anthropic-Version")
	call.Header["X-Api-Key"], call.Secret = []string{a.key}, a.key
	return a.ask(ctx, call, model, body.wantsStream())
}
