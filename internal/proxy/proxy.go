// Package proxy passes requests on to a model vendor with the gateway's own credentials, and the vendor's answers back
// (spec/models-and-providers.md 14).
//
// GitLab builds some prompts itself and only lacks a key. An [Anthropic] or a [VertexAI] takes such a [Request] of a caller who may make it,
// checks path, body and model against the few that are passed on, and sends the client's own bytes. Whatever the vendor says then is an
// [Answer], errors included: nothing is repeated, followed, mapped or buffered, and only its status, its type and its body reach the client.
//
// Each call is counted ([Calls]). It ends with the client: cancel the context, or leave the range loop over [Answer.Pieces].
package proxy

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
)

// phase is how long connecting, writing, the head and each read may take (spec/models-and-providers.md 16).
const phase = 60 * time.Second

// Request is what a client wants passed on.
type Request struct {
	Path   string      // what follows the route of the proxy, decoded once: "v1/messages"
	Query  string      // as it was sent, without the question mark
	Header http.Header // in canonical form
	Body   []byte      // sent on as it is
}

// Calls counts the calls to vendors (spec/models-and-providers.md 4.4).
type Calls interface {
	// Begin counts a call that starts. The call is made with the context that it returns; the function is called once when the call has ended,
	// with its failure or nil. The error is that of a call that may not be made now: an [*llm.Error], or that of a cancelled context.
	Begin(ctx context.Context, model llm.ID, streaming bool) (context.Context, func(context.Context, error), error)
}

// Options are what both proxies are made of.
type Options struct {
	HTTP    *wire.Client
	Calls   Calls
	BaseURL string // of the vendor; a slash at its end does not count
	Mock    bool   // answer with a fixed text instead of asking (spec/models-and-providers.md 14.5)
}

// vendor is where requests go.
type vendor struct {
	Options
	engine string // name in metrics and errors
}

func newVendor(engine string, o Options) vendor {
	o.BaseURL = strings.TrimRight(o.BaseURL, "/")
	return vendor{o, engine}
}

// call is a request for a path of the vendor, with those of the client's headers that are passed on.
func (v *vendor) call(req *Request, path string, passed ...string) *wire.Call {
	header := http.Header{
		"Accept":          {"*/*"},
		"Accept-Encoding": {"identity"}, // a compressor would hold pieces of a stream back
		"Content-Type":    {"application/json"},
		"User-Agent":      {"ai-gateway"},
	}
	for _, name := range passed {
		if values := req.Header[name]; len(values) > 0 {
			header[name] = values[:1]
		}
	}
	return &wire.Call{Vendor: v.engine, URL: v.BaseURL + path, Header: header, Body: req.Body, Connect: phase, Read: phase}
}

// ask sends a call. The error is a [*VendorError], that of [Calls], or that of a cancelled context.
func (v *vendor) ask(ctx context.Context, call *wire.Call, model string, stream bool) (*Answer, error) {
	ctx, end, err := v.Calls.Begin(ctx, llm.ID{Engine: v.engine, Name: model}, stream)
	if err != nil {
		return nil, err
	}
	response, err := v.HTTP.Relay(ctx, call)
	if err != nil {
		end(ctx, err)
		return nil, failed(ctx, err)
	}
	if stream {
		return streamed(ctx, response, end)
	}
	answer, err := whole(response)
	end(ctx, err)
	if err != nil {
		return nil, failed(ctx, err)
	}
	return answer, nil
}

// failed is the error of a call that has no answer.
func failed(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return &VendorError{err}
}
