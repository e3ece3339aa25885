package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ai-gateway/ai-gateway/internal/testkit"
)

const ownPrompt = `name: Greeting
model:
  name: m
  params:
    model_class_provider: litellm
    custom_llm_provider: custom_openai
unit_primitives: [duo_chat]
prompt_template:
  user: "WORDS"
`

// An administrator who writes prompts sees a change at once, while a stream that began with the old ones goes on, and a mistake changes nothing.
func TestADevelopmentGatewayFollowsItsPrompts(t *testing.T) {
	fakes := testkit.NewFakes(t)
	env := selfHosted(fakes)
	env["AIGW_FASTAPI__RELOAD"], env["AIGW_PROMPTS__DIR"] = "true", "prompts"
	file := func(words string) []byte { return []byte(strings.Replace(ownPrompt, "WORDS", words, 1)) }
	gateway := testkit.GatewayWith(t, testkit.Settings{Env: env, Files: map[string][]byte{"prompts/greeting/base.yml": file("first words")}})
	greet := testkit.Request{Path: "/v1/prompts/greeting", JSON: body{"inputs": body{}, "model_metadata": body{
		"name": "mistral", "provider": "openai", "endpoint": fakes.URL + "/v1", "api_key": "k", "identifier": "",
	}}}
	sent := func() string {
		calls := fakes.Calls()
		return string(calls[len(calls)-1].Body)
	}
	step := make(chan struct{}, 1)
	fakes.Script(testkit.Script{Chunks: []string{"one ", "two"}, Step: step})
	step <- struct{}{}
	streamed := greet
	streamed.JSON = greet.JSON.(body).with(body{"stream": true})
	stream := gateway.Open(t, streamed)
	stream.Until("one ")
	if !strings.Contains(sent(), "first words") {
		t.Errorf("asked %s", sent())
	}

	replace(t, filepath.Join(gateway.Dir, "prompts/greeting/base.yml"), file("{{ broken"))
	gateway.WaitLogs(t, map[string]any{"level": "error", "logger": "prompts"})
	replace(t, filepath.Join(gateway.Dir, "prompts/greeting/base.yml"), file("other words"))
	gateway.WaitLogs(t, map[string]any{"message": "The changed prompts are in use"})
	step <- struct{}{}
	if rest, cut := stream.Rest(); rest != "two" || cut {
		t.Errorf("the stream of before: %q, cut %v", rest, cut)
	}
	fakes.Reset()
	if got := gateway.Do(t, greet); got.Status != 200 || !strings.Contains(sent(), "other words") {
		t.Errorf("got %d %s, asked %s", got.Status, got.Body, sent())
	}
}

// replace puts a file in the place of another at once.
func replace(t *testing.T, path string, content []byte) {
	t.Helper()
	fresh := filepath.Join(t.TempDir(), "fresh")
	if err := os.WriteFile(fresh, content, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(fresh, path); err != nil {
		t.Fatal(err)
	}
}
