package e2e

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/ai-gateway/ai-gateway/internal/testkit"
)

// entry is a log entry of the contract: who writes it, how loud, and what it has.
type entry struct {
	logger, level, message string
	fields                 []string
}

// catalogue are the entries of spec/observability.md 5 to 7 that a gateway with the operator's own models writes. Those of Amazon Q, of key sets
// and of documentation search have tests where they belong.
var catalogue = []entry{
	{"main", "info", "Metrics HTTP server running on http://", nil},
	{"uvicorn.error", "info", "Started server process [", nil},
	{"uvicorn.error", "info", "Waiting for application startup.", nil},
	{"uvicorn.error", "info", "Application startup complete.", nil},
	{"uvicorn.error", "info", "Uvicorn running on http://", nil},
	{"uvicorn.error", "info", "Shutting down", nil},
	{"uvicorn.error", "info", "Waiting for application shutdown.", nil},
	{"uvicorn.error", "info", "Application shutdown complete.", nil},
	{"uvicorn.error", "info", "Finished server process [", nil},
	{"models", "info", "Initializing Vertex AI client", []string{"api_endpoint"}},
	{"prompts", "info", "Initializing prompt registry from local yaml", []string{"default_prompts", "custom_models_enabled"}},
	{"codesuggestions", "info", "registering experiment", []string{"exp", "variants"}},
	{"codesuggestions", "debug", "running experiment", []string{"exp", "variant"}},
	{"codesuggestions", "critical", "Auth is disabled, all users allowed", nil},
	{"codesuggestions", "warning", "Invalid X-Gitlab-Language-Server-Version header passed.", []string{"version"}},
	{"codesuggestions", "warning", "Failed to parse code: unsupported language", nil},
	{"codesuggestions", "info", "removing comments-only completion", nil},
	{"codesuggestions", "debug", "codegen anthropic call:", []string{"max_tokens", "stop_sequences"}},
	{"codesuggestions", "debug", "codegen vertex call:", []string{"parameters"}},
	{"codesuggestions", "debug", "codegen vertex response:", []string{"input_tokens", "output_tokens"}},
	{"telemetry", "info", "telemetry", []string{"model_engine", "model_name", "lang", "experiments", "requests", "accepts", "errors"}},
	{"abuse_detection", "debug", "abuse detector call:", []string{"messages", "stop_sequences", "max_tokens"}},
	{"abuse_detection", "info", "abuse request score", []string{"score", "instance_id", "global_user_id", "unit_primitive"}},
	{"threads", "info", "Thread activities", []string{"pid", "threads_count", "stacktrace"}},
	{"snowplow_tracker.emitters", "info", "Sending events to ", nil},
	{"snowplow_tracker.emitters", "info", "Sent a batch of events", []string{"events"}},
	{"exceptions", "error", "anthropic at http", []string{"status_code", "exception_class", "backtrace", "extra", "correlation_id"}},

	{"codesuggestions", "info", "code completion input:", []string{"api_key", "model_name", "model_provider", "prompt", "prefix", "suffix", "current_file_name", "stream"}},
	{"codesuggestions", "debug", "code completion suggestion:", []string{"api_key", "suggestion", "score", "language"}},
	{"codesuggestions", "debug", "code creation input:", []string{"api_key", "prompt", "prefix", "suffix", "current_file_name", "stream", "endpoint"}},
	{"codesuggestions", "debug", "code creation suggestion:", []string{"api_key", "suggestion", "score", "language"}},
	{"codesuggestions", "info", "Executing code generation with prompt registry", []string{"api_key", "prompt_name", "prompt_model_class", "prompt_model_name"}},
	{"chat", "info", "Request to V2 Chat Agent", []string{"api_key", "source", "inputs"}},
	{"gl_agent_remote_executor", "info", "Processed inputs", []string{"api_key", "source", "inputs"}},
	{"react", "info", "Response streaming", []string{"api_key", "source", "streamed_event"}},
	{"models", "info", "Request to LLM", []string{"api_key", "source", "request_method", "request_url", "request_content_json"}},
}

// envelopeFields are those of every entry (spec/observability.md 1).
var envelopeFields = []string{"message", "logger", "level", "type", "stage", "timestamp"}

// everythingLogged lets a gateway with the operator's own models do all that the catalogue is about, with everything switched on that logs.
func everythingLogged(t *testing.T) *testkit.Process {
	t.Helper()
	fakes := testkit.NewFakes(t)
	env := withEvents(hostedModels(fakes), fakes)
	maps.Copy(env, map[string]string{
		"AIGW_LOGGING__LEVEL":                             "debug",
		"AIGW_LOGGING__ENABLE_REQUEST_LOGGING":            "true",
		"AIGW_ABUSE_DETECTION__ENABLED":                   "true",
		"AIGW_ABUSE_DETECTION__SAMPLING_RATE":             "1",
		"AIGW_INSTRUMENTATOR__THREAD_MONITORING_ENABLED":  "true",
		"AIGW_INSTRUMENTATOR__THREAD_MONITORING_INTERVAL": "1",
	})
	gateway := testkit.Gateway(t, env)
	ask := func(want int, script testkit.Script, path string, json body) {
		t.Helper()
		fakes.Reset(script)
		request := testkit.Request{Path: path, JSON: json, Header: map[string]string{
			"X-Gitlab-Enabled-Feature-Flags": "expanded_ai_logging", "X-Gitlab-Unit-Primitive": "explain_code", "X-Gitlab-Language-Server-Version": "no version",
		}}
		if got := gateway.Do(t, request); got.Status != want {
			t.Fatalf("%s: %d %s", path, got.Status, got.Body)
		}
	}
	code := body{"file_name": "a.unknown", "content_above_cursor": "x", "content_below_cursor": ""}
	ask(200, testkit.Script{Text: "# only a comment"}, "/v2/code/completions", editorCompletion())
	ask(200, testkit.Script{Text: "return 1"}, "/v2/code/completions", editorCompletion().with(body{"current_file": code}))
	ask(200, testkit.Script{Text: "return 1"}, "/v2/code/completions", claudeCompletion().with(body{"telemetry": []body{{"requests": 1, "accepts": 1, "errors": 0}}}))
	ask(503, testkit.Script{Status: 500}, "/v2/code/completions", claudeCompletion())
	ask(200, testkit.Script{Text: "return 1"}, "/v2/code/generations", claudeCompletion().with(body{"intent": "generation"}))
	ask(200, testkit.Script{Text: "return 1"}, "/v4/code/suggestions", body{"prompt_components": []body{{"type": "code_editor_generation", "payload": body{
		"file_name": "a.py", "content_above_cursor": "# one", "content_below_cursor": "", "language_identifier": "python",
		"prompt_id": "code_suggestions/generations", "prompt_enhancer": body{"user_instruction": "Count"},
	}}}})
	ask(200, testkit.Script{Text: " I know.\nFinal Answer: yes"}, agentPath, chatTurn())
	ask(200, testkit.Script{Text: "0.5"}, "/v1/proxy/anthropic/v1/messages", body{"model": "claude-3-5-sonnet-20240620", "max_tokens": 5, "messages": []body{{"role": "user", "content": "hi"}}})
	gateway.WaitLogs(t, map[string]any{"message": "abuse request score"})
	gateway.WaitLogs(t, map[string]any{"logger": "threads"})
	if err := gateway.Stop(); err != nil {
		t.Error(err)
	}
	return gateway
}

func TestEveryEntryOfTheCatalogueIsWritten(t *testing.T) {
	gateway := everythingLogged(t)
	for _, want := range catalogue {
		found := slices.DeleteFunc(gateway.Logs(map[string]any{"logger": want.logger, "level": want.level}), func(e map[string]any) bool {
			message, _ := e["message"].(string)
			return !strings.HasPrefix(message, want.message)
		})
		if len(found) == 0 {
			t.Errorf("%s never writes %q at level %s", want.logger, want.message, want.level)
			continue
		}
		for _, field := range append(want.fields, envelopeFields...) {
			if _, has := found[0][field]; !has {
				t.Errorf("%s, %q has no %s: %v", want.logger, want.message, field, found[0])
			}
		}
	}

	documentation, err := os.ReadFile("../../docs/observability.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range gateway.Logs(map[string]any{"type": "mlops"}) {
		if logger := fmt.Sprint(e["logger"]); !strings.Contains(string(documentation), "`"+logger+"`") {
			t.Errorf("docs/observability.md does not know the logger %s: %v", logger, e["message"])
		}
	}
}
