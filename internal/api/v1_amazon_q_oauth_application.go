package api

import (
	"net/http"

	"github.com/ai-gateway/ai-gateway/internal/amazonq"
	"github.com/ai-gateway/ai-gateway/internal/events"
	"github.com/ai-gateway/ai-gateway/internal/schema"
)

// amazonQApplication is the body of POST /v1/amazon_q/oauth/application (spec/http-api.md 18.1).
type amazonQApplication struct {
	ClientID     string `json:"client_id" schema:"max=255"`
	ClientSecret string `json:"client_secret" schema:"max=1000,secret"`
	InstanceURL  string `json:"instance_url" schema:"max=500" doc:"Base URL of the GitLab instance."`
	RedirectURL  string `json:"redirect_url" schema:"max=500"`
	RoleARN      string `json:"role_arn" schema:"max=2048" doc:"Role at AWS in which the gateway acts."`
}

var amazonQApplicationBody = schema.MustCompile[amazonQApplication]()

// amazonQApplicationV1 serves POST /v1/amazon_q/oauth/application: it makes a GitLab instance known to Amazon Q (spec/http-api.md 18.1).
func (s *Server) amazonQApplicationV1(w http.ResponseWriter, r *http.Request) error {
	raw, err := s.readBody(w, r)
	if err != nil {
		return err
	}
	body, err := amazonQApplicationBody.Decode(raw, r.Header.Get("Content-Type"))
	if err != nil {
		return err
	}
	caller, err := s.amazonQCaller(r, events.AmazonQApplication)
	if err != nil {
		return err
	}
	return s.answerAmazonQ(w, r, s.AmazonQ.Connect(r.Context(), caller, body.RoleARN, amazonq.Application{
		ClientID: body.ClientID, ClientSecret: body.ClientSecret, InstanceURL: body.InstanceURL, RedirectURL: body.RedirectURL,
	}))
}

var amazonQApplicationOperation = operation{
	tag: "amazon_q", summary: "Connect a GitLab instance with Amazon Q",
	description: "Creates the OAuth application connection, or updates it when there is one.",
	body:        amazonQApplicationBody.OpenAPI, silent: true, refusals: []int{400, 401, 403, 404, 408, 413, 422, 503},
}
