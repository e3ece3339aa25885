package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/testkit"
)

// What GitLab shows when an administrator tests a connection, and what the gateway's log adds to it, for what goes wrong with a model.
func TestAFailedConnectionTestTellsTheAdministratorWhy(t *testing.T) {
	fakes := testkit.NewFakes(t)
	gateway := testkit.Gateway(t, selfHosted(fakes))
	host := strings.TrimPrefix(fakes.URL, "http://")
	for name, tc := range map[string]struct {
		script   testkit.Script
		endpoint string
		detail   string   // what GitLab shows
		log      []string // words of the entry of level error
	}{
		"nobody listens there": {
			endpoint: "http://127.0.0.1:1/v1", detail: "500: Internal Server Error",
			log: []string{"openai at http://127.0.0.1:1: unavailable", "connection refused"},
		},
		"https to a port without TLS": {
			endpoint: "https://" + host + "/v1", detail: "500: Internal Server Error",
			log: []string{"openai at https://" + host, "server gave HTTP response to HTTPS client"},
		},
		"the server does not have the model": {
			script:   testkit.Script{Status: 404, Body: "{\"object\":\"error\",\"message\":\"The model `mistral` does not exist.\"}"},
			endpoint: fakes.URL + "/v1", detail: "404: Not Found", log: []string{"openai at " + fakes.URL, "The model `mistral` does not exist."},
		},
		"the key is wrong": {
			script:   testkit.Script{Status: 401, Body: `{"error":{"message":"Incorrect API key provided: local-secret"}}`},
			endpoint: fakes.URL + "/v1", detail: "401: Unauthorized", log: []string{"openai at " + fakes.URL, "Incorrect API key provided: [key]"},
		},
		"a web page answers": {
			script:   testkit.Script{Status: 200, Body: "<!DOCTYPE html>", ContentType: "text/html"},
			endpoint: fakes.URL + "/v1", detail: "500: Internal Server Error", log: []string{"openai at " + fakes.URL, "the answer cannot be read", "'<'"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			fakes.Script(tc.script)
			id := strings.ReplaceAll(name, " ", "-")
			got := gateway.Do(t, testkit.Request{Path: "/v1/prompts/model_configuration%2Fcheck", Header: map[string]string{"X-Request-ID": id}, JSON: body{
				"inputs": body{}, "stream": false,
				"model_metadata": body{"name": "mistral", "provider": "openai", "endpoint": tc.endpoint, "api_key": "local-secret", "identifier": ""},
			}})
			if want := fmt.Sprintf(`{"detail":%q}`, tc.detail); got.Status != 421 || string(got.Body) != want {
				t.Errorf("want 421 %s, got %d %s", want, got.Status, got.Body)
			}
			entry := gateway.WaitLogs(t, map[string]any{"level": "error", "correlation_id": id})[0]
			for _, words := range tc.log {
				if message := fmt.Sprint(entry["message"]); !strings.Contains(message, words) {
					t.Errorf("the log has nothing of %q: %s", words, message)
				}
			}
		})
	}
	if strings.Contains(gateway.Log.Text(), "local-secret") {
		t.Error("the key is in the log")
	}
}

// Why a token is refused is in the log: GitLab shows its users no more than that something failed.
func TestTheLogTellsWhyATokenIsRefused(t *testing.T) {
	fakes := testkit.NewFakes(t)
	env := withTokens(fakes)
	env["AIGW_GITLAB_URL"], env["AIGW_CUSTOMER_PORTAL_URL"] = "http://127.0.0.1:1", "http://127.0.0.1:1"
	unreachable := testkit.Gateway(t, env)
	reachable := testkit.Gateway(t, withTokens(fakes))
	late, early, foreign := claims(fakes, "complete_code"), claims(fakes, "complete_code"), claims(fakes, "complete_code")
	late["exp"] = time.Now().Unix() - 60
	early["nbf"] = time.Now().Unix() + 600
	foreign["iss"] = "https://gitlab.example.net"
	for name, tc := range map[string]struct {
		gateway *testkit.Process
		claims  map[string]any
		log     string
	}{
		"GitLab cannot be reached":                {unreachable, claims(fakes, "complete_code"), "connection refused"},
		"the token has expired":                   {reachable, late, "Signature has expired."},
		"the clock of the issuer is ahead":        {reachable, early, "The token is not yet valid (nbf)"},
		"the token is of a GitLab nobody told of": {reachable, foreign, "Invalid issuer"},
	} {
		t.Run(name, func(t *testing.T) {
			header := headers(sign(t, fakes, testkit.Portal, tc.claims))
			header["X-Request-ID"] = strings.ReplaceAll(name, " ", "-")
			got := tc.gateway.Do(t, testkit.Request{Path: "/v2/code/completions", Header: header, JSON: completion(fakes)})
			if got.Status != 401 {
				t.Errorf("want 401, got %d %s", got.Status, got.Body)
			}
			tc.gateway.WaitLogs(t, map[string]any{"logger": "api.access", "correlation_id": header["X-Request-ID"]})
			if text := tc.gateway.Log.Text(); !strings.Contains(text, tc.log) {
				t.Errorf("the log has nothing of %q:\n%s", tc.log, tc.gateway.Log.Tail(4))
			}
		})
	}
}
