package api

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"github.com/ai-gateway/ai-gateway/internal/auth"
	"github.com/ai-gateway/ai-gateway/internal/observe"
	"github.com/ai-gateway/ai-gateway/internal/proxy"
	"github.com/ai-gateway/ai-gateway/internal/schema"
)

// Proxies pass requests on to vendors.
type Proxies struct {
	Anthropic *proxy.Anthropic
	VertexAI  *proxy.VertexAI

	// ScoreAbuse, when it is not nil, is told of each request that was answered, once it has been (spec/auth.md 18); of streams, too. It must
	// return at once.
	ScoreAbuse func(r *http.Request, up auth.UnitPrimitive, body []byte)
}

// headerUnitPrimitive says what a proxied request is for.
const headerUnitPrimitive = "X-Gitlab-Unit-Primitive"

// passOn serves a request to one of the proxies, whose event category is given (spec/http-api.md 16.2).
func (s *Server) passOn(w http.ResponseWriter, r *http.Request, category string, forward forward) error {
	up, err := s.proxyPermission(r, category)
	if err != nil {
		return err
	}
	body, err := s.readBody(w, r)
	if err != nil {
		return err
	}
	answer, err := forward(r.Context(), &proxy.Request{Path: r.PathValue("path"), Query: r.URL.RawQuery, Header: r.Header, Body: body})
	if err != nil {
		s.logNotReady(r.Context(), err)
		return proxyStatus(err)
	}
	if answer.Pieces != nil {
		relayPieces(w, answer)
	} else {
		relayWhole(w, answer)
	}
	if s.Proxies.ScoreAbuse != nil {
		s.Proxies.ScoreAbuse(r, up, body)
	}
	return nil
}

type forward func(context.Context, *proxy.Request) (*proxy.Answer, error)

// proxyPermission checks that the caller may use the unit primitive that the request names, and that it is one for proxies
// (spec/auth.md 11.3).
func (s *Server) proxyPermission(r *http.Request, category string) (auth.UnitPrimitive, error) {
	name, present := auth.HeaderText(r.Header, headerUnitPrimitive)
	if !present {
		return "", badRequest("Missing x-gitlab-unit-primitive header")
	}
	up, known := auth.Known(name)
	if !known {
		return "", badRequest("Unknown unit primitive header " + name)
	}
	if !auth.UserFrom(r.Context()).Can(up) {
		return "", forbidden("Unauthorized to access " + name)
	}
	feature, usable := auth.ProxyCategory(up)
	if !usable {
		return "", badRequest("This endpoint cannot be used for " + name + " purpose")
	}
	record := observe.RecordFrom(r.Context())
	record.Set(observe.FeatureCategory, string(feature))
	record.Set(observe.UnitPrimitive, name)
	s.trackUse(r, category, up)
	return up, nil
}

// logNotReady tells the operator what the client is only told in part.
func (s *Server) logNotReady(ctx context.Context, err error) {
	var notReady *proxy.NotReadyError
	if errors.As(err, &notReady) {
		observe.LogException(ctx, s.Log, err, nil)
	}
}

// relayWhole answers with what the vendor said (spec/models-and-providers.md 14.4).
func relayWhole(w http.ResponseWriter, answer *proxy.Answer) {
	relayType(w, answer)
	w.Header().Set("Content-Length", strconv.Itoa(len(answer.Body)))
	w.WriteHeader(answer.Status)
	_, _ = w.Write(answer.Body)
}

// relayPieces passes on what the vendor says as it says it: GitLab looks for whole events in each fragment that it receives
// (spec/clients.md 14). When the vendor breaks off, so does the answer.
func relayPieces(w http.ResponseWriter, answer *proxy.Answer) {
	relayType(w, answer)
	w.WriteHeader(answer.Status)
	conn := http.NewResponseController(w)
	_ = conn.Flush()
	for piece, err := range answer.Pieces {
		if err == nil {
			_, err = w.Write(piece)
		}
		if err == nil {
			err = conn.Flush()
		}
		if err != nil {
			panic(http.ErrAbortHandler) // the vendor broke off, or the client left
		}
	}
}

// relayType names the vendor's content type, or none.
func relayType(w http.ResponseWriter, answer *proxy.Answer) {
	w.Header()["Content-Type"] = nil // net/http would guess one
	if answer.ContentType != "" {
		w.Header().Set("Content-Type", answer.ContentType)
	}
}

// anyJSON describes what only the vendor knows.
func anyJSON(schema.Components) schema.Object { return schema.NewObject() }
