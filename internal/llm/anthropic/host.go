package anthropic

import (
	"context"
	"encoding/json"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
)

// Host asks a Claude model where another vendor hosts it: Anthropic's messages, by the rules of [Routed], at an address and with a login of
// the host's (spec/models-and-providers.md 9.7, "vertex_ai").
type Host struct {
	HTTP    *wire.Client
	Vendor  string // for errors
	Version string // "anthropic_version" in the body, which names no model: the address does

	// Call is an address and a header to post the body with; the rest of the call is filled in.
	Call func(ctx context.Context, stream bool) (*wire.Call, error)
	// Status is that of an error by the host's row of spec/models-and-providers.md 9.10.
	Status func(*llm.Error) int
}

// hostedBody is the request to a host.
type hostedBody struct {
	*messagesBody
	Model   *string `json:"model,omitempty"` // hides that of messagesBody
	Version string  `json:"anthropic_version"`
}

// InputLimit is how many tokens a prompt for a hosted model may have (spec/models-and-providers.md 4.2).
const InputLimit = chatInput

// Generate implements [llm.Model].
func (h *Host) Generate(ctx context.Context, req llm.Request) (llm.Stream, error) {
	call, err := h.call(ctx, req)
	if err != nil {
		return nil, h.classed(err)
	}
	stream, err := h.HTTP.Generate(ctx, call, req.Stream, wire.Answer{
		Whole: func(data []byte) (llm.Chunk, error) {
			if refusesUnder200(data) {
				return llm.Chunk{}, call.Refused(500, data)
			}
			return allBlocks(data)
		},
		Pieces: func(b *wire.Body) llm.Stream { return wire.ErrorsOf((&routedStream{call: call}).read(b), h.classed) },
	})
	return stream, h.classed(err)
}

func (h *Host) call(ctx context.Context, req llm.Request) (*wire.Call, error) {
	body, err := routedBody(req)
	if err != nil {
		return nil, err
	}
	call, err := h.Call(ctx, req.Stream)
	if err != nil {
		return nil, err
	}
	if call.Body, err = wire.JSON(hostedBody{messagesBody: body, Version: h.Version}); err != nil {
		return nil, refused("write the request: %w", err)
	}
	call.Vendor, call.Reconnect = h.Vendor, true
	call.Header["Anthropic-Version"] = []string{version}
	return phases(call, req, routedPhase, routedPhase), nil
}

// classed gives an error its status, and the vendor that is asked.
func (h *Host) classed(err error) error {
	e := llm.ErrorOf(err)
	if e == nil {
		return err // the caller left
	}
	if e.Kind != llm.NotConfigured && (e.Kind != llm.Refused || e.Status != 0) { // something was sent
		e = wire.Classed(e, h.Status(e))
	}
	hosted := *e
	hosted.Vendor = h.Vendor
	return &hosted
}

// refusesUnder200 tells whether an answer that began well is an error.
func refusesUnder200(data []byte) bool {
	var a struct {
		Error json.RawMessage `json:"error"`
	}
	return json.Unmarshal(data, &a) == nil && len(a.Error) > 0 && string(a.Error) != "null"
}
