package e2e

import (
	"encoding/json"
	"maps"
	"testing"

	"github.com/ai-gateway/ai-gateway/internal/testkit"
)

// selfHosted are the settings of a gateway that lets requests bring their own model server, and lets everybody in.
func selfHosted(fakes *testkit.Fakes) map[string]string {
	return map[string]string{
		"AIGW_AUTH__BYPASS_EXTERNAL":  "true",
		"AIGW_CUSTOM_MODELS__ENABLED": "true",
		"ANTHROPIC_API_KEY":           "anthropic-key",
		"ANTHROPIC_BASE_URL":          fakes.URL,
	}
}

// withTokens are the same settings with authentication.
func withTokens(fakes *testkit.Fakes) map[string]string {
	env := selfHosted(fakes)
	env["AIGW_AUTH__BYPASS_EXTERNAL"] = "false"
	env["AIGW_GITLAB_URL"] = fakes.GitLab.URL
	env["AIGW_CUSTOMER_PORTAL_URL"] = fakes.Portal.URL
	env["AIGW_SELF_SIGNED_JWT__SIGNING_KEY"] = fakes.Fill("${RSA_KEY}")
	return env
}

type body map[string]any

// with is a copy of b with some fields set or, by nil, removed.
func (b body) with(fields body) body {
	changed := maps.Clone(b)
	for name, value := range fields {
		if changed[name] = value; value == nil {
			delete(changed, name)
		}
	}
	return changed
}

// completion is what GitLab Rails sends for a self-hosted model (spec/clients.md 7, E10).
func completion(fakes *testkit.Fakes) body {
	return body{
		"prompt_version": 2, "project_path": "ops/tools", "project_id": 12, "intent": "completion", "choices_count": 1,
		"current_file": body{
			"file_name": "deploy.py", "content_above_cursor": "for host in hosts:\n    ", "content_below_cursor": "\nprint(done)\n",
		},
		"prompt": nil, "model_provider": "litellm", "model_endpoint": fakes.URL + "/v1", "model_name": "codegemma", "model_api_key": "local-token",
	}
}

// claudeCompletion is what GitLab Rails sends for Claude (E09).
func claudeCompletion() body {
	return body{
		"prompt_version": 3, "project_path": "acme/storefront", "project_id": 278964, "intent": "completion",
		"current_file": body{"file_name": "lib/tax.py", "content_above_cursor": "def vat(net):\n    ", "content_below_cursor": "\n"},
		"prompt": []body{
			{"role": "system", "content": "Complete the Python file lib/tax.py at the marker."},
			{"role": "user", "content": "def vat(net):\n    <cursor/>\n"},
		},
		"model_provider": "anthropic", "model_name": "claude-3-5-sonnet-20240620",
	}
}

// generation is what GitLab Rails sends for a self-hosted model (E14).
func generation(fakes *testkit.Fakes) body {
	return body{
		"prompt_version": 2, "project_path": "ops/tools", "project_id": 12, "intent": "generation",
		"current_file": body{"file_name": "util.py", "content_above_cursor": "def slug(text):\n", "content_below_cursor": ""},
		"prompt":       "", "prompt_id": "code_suggestions/generations", "model_provider": "litellm", "model_name": "mistral",
		"model_endpoint": fakes.URL + "/v1", "model_api_key": nil, "model_identifier": "custom_openai/my-mistral",
	}
}

// fields decodes a JSON object.
func fields(t *testing.T, raw []byte) body {
	t.Helper()
	var b body
	if err := json.Unmarshal(raw, &b); err != nil {
		t.Fatalf("want a JSON object, got %q: %v", raw, err)
	}
	return b
}

// choice is the text of the first suggestion in an answer, or "" when there is none.
func choice(t *testing.T, raw []byte) string {
	t.Helper()
	choices, _ := fields(t, raw)["choices"].([]any)
	if len(choices) == 0 {
		return ""
	}
	text, _ := choices[0].(map[string]any)["text"].(string)
	return text
}
