package e2e

import (
	"maps"
	"strings"
	"testing"

	"github.com/ai-gateway/ai-gateway/internal/testkit"
)

// directly is what GitLab's Language Server sends with a token of the gateway: the headers that GitLab Rails told it, in lower case, and no
// X-Request-ID (spec/clients.md 6).
func directly(token string, rails client) map[string]string {
	header := map[string]string{"Authorization": "Bearer " + token, "User-Agent": rails.header["User-Agent"]}
	for _, name := range []string{
		"Authentication-Type", "Global-User-Id", "Host-Name", "Instance-Id", "Realm", "Version", "Feature-Enabled-By-Namespace-Ids", "Language-Server-Version",
	} {
		header[strings.ToLower("x-gitlab-"+name)] = rails.header["X-Gitlab-"+name]
	}
	return header
}

// automatic is what the Language Server sends while the user types.
func automatic() body {
	return body{
		"prompt_version": 1, "project_path": "", "project_id": -1, "choices_count": 1,
		"current_file": body{"file_name": "shop/cart.py", "content_above_cursor": "def total_price(items):\n    ", "content_below_cursor": "\n\nprint(total_price([]))\n"},
		"context":      []body{{"type": "file", "name": "file:///home/sam/item.py", "content": "class Item:\n    price = 0\n", "resolution_strategy": "open_tabs"}},
	}
}

// TestTheLanguageServer takes a token through each release of GitLab Rails, and completes with it.
func TestTheLanguageServer(t *testing.T) {
	for name, rails := range map[string]client{
		"7.9 with GitLab 17.7":  rails17.forEditor("7.9.0"),
		"8.40 with GitLab 18.5": rails18.forEditor("8.40.0"),
		"8.40 with GitLab 19.2": rails19.forEditor("8.40.0"),
	} {
		t.Run(name, func(t *testing.T) {
			fakes := testkit.NewFakes(t)
			gateway := testkit.Gateway(t, settingsForClients(fakes, false))
			issued := gateway.Do(t, testkit.Request{
				Path: "/v1/code/user_access_token", Header: rails.headers(t, fakes, clientCall{scopes: []string{"complete_code", "generate_code", "duo_chat"}}),
			})
			token, _ := fields(t, issued.Body)["token"].(string)
			if issued.Status != 200 || token == "" {
				t.Fatalf("want a token, got %d %s", issued.Status, issued.Body)
			}
			upgraded := directly(token, rails)
			upgraded["x-gitlab-version"], upgraded["x-gitlab-duo-seat-count"], upgraded["x-gitlab-host-name"] = "19.9.0", "7", "other.example.com"

			for _, tc := range []struct {
				name   string
				header map[string]string
				path   string
				json   body
				said   string
				status int
				answer string
			}{
				{
					"an automatic suggestion", directly(token, rails), "/v2/completions", automatic(), "return 1", 200,
					`\{"id":"id","model":\{"engine":"vertex-ai","name":"code-gecko@002","lang":"python",.*"choices":\[\{"text":"return 1","index":0,.*`,
				},
				{"nothing to suggest", directly(token, rails), "/v2/completions", automatic(), " ", 200, `.*"tokens_consumption_metadata":null.*"choices":\[\]\}`},
				{
					"four by hand, of the hosted model", directly(token, rails), "/v2/completions",
					automatic().with(body{"choices_count": 4, "context": nil, "intent": "completion", "model_provider": "fireworks_ai", "model_name": "qwen2p5-coder-7b"}),
					"return 2", 200, `.*"engine":"fireworks_ai".*"text":"return 2".*`,
				},
				{"GitLab was upgraded meanwhile", upgraded, "/v2/completions", automatic(), "return 1", 200, `.*"text":"return 1".*`},
				{"the longer path", directly(token, rails), "/v2/code/completions", automatic(), "return 1", 200, `.*"text":"return 1".*`},
				{"no generation", directly(token, rails), "/v2/code/generations", automatic(), "x", 403, `\{"detail":"Unauthorized to access code generations"\}`},
				{"no components", directly(token, rails), "/v4/code/suggestions", components(nil, nil), "x", 403, `\{"detail":"Unauthorized to access code suggestions"\}`},
				{"no new token", directly(token, rails), "/v1/code/user_access_token", nil, "x", 403, `\{"detail":.*`},
				{
					"another user", with(directly(token, rails), "x-gitlab-global-user-id", "other"), "/v2/completions", automatic(), "x", 401,
					`\{"error":"Header mismatch 'X-Gitlab-Global-User-Id'"\}`,
				},
			} {
				t.Run(tc.name, func(t *testing.T) {
					fakes.Reset(testkit.Script{Text: tc.said})
					got := gateway.Do(t, testkit.Request{Path: tc.path, Header: tc.header, JSON: tc.json})
					if got.Status != tc.status {
						t.Errorf("want %d, got %d", tc.status, got.Status)
					}
					matches(t, "the answer", "(?s)^(?:"+tc.answer+")$", string(got.Body))
				})
			}
		})
	}
}

func TestTheLanguageServerInABrowserAsksFirst(t *testing.T) {
	fakes := testkit.NewFakes(t)
	gateway := testkit.Gateway(t, settingsForClients(fakes, false))
	origin := map[string]string{"Origin": "https://ide.example"}
	preflight := maps.Clone(origin)
	preflight["Access-Control-Request-Method"], preflight["Access-Control-Request-Headers"] = "POST", "authorization,content-type,x-gitlab-realm"

	got := gateway.Do(t, testkit.Request{Method: "OPTIONS", Path: "/v2/completions", Header: preflight})
	if got.Status != 200 || got.Header.Get("Access-Control-Allow-Origin") != "*" ||
		got.Header.Get("Access-Control-Allow-Headers") != preflight["Access-Control-Request-Headers"] {
		t.Errorf("the preflight: %d %v", got.Status, got.Header)
	}
	got = gateway.Do(t, testkit.Request{Path: "/v2/completions", Header: origin, JSON: automatic()})
	if got.Status != 401 || got.Header.Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("without a token: %d %v", got.Status, got.Header)
	}
}
