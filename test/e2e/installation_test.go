package e2e

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/ai-gateway/ai-gateway/internal/testkit"
)

// During the drain delay load balancers see that the gateway is about to go, and those who have not noticed are still served.
func TestADrainingGatewayIsAliveButNotReady(t *testing.T) {
	fakes := testkit.NewFakes(t)
	env := selfHosted(fakes)
	env["AIGW_FASTAPI__DRAIN_DELAY"] = "2"
	gateway := testkit.Gateway(t, env)
	if got := gateway.Do(t, testkit.Request{Method: "GET", Path: "/monitoring/ready"}); got.Status != 200 {
		t.Errorf("before: %d %s", got.Status, got.Body)
	}
	if err := gateway.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	gateway.WaitLogs(t, map[string]any{"message": "Shutting down"})
	ready := gateway.Do(t, testkit.Request{Method: "GET", Path: "/monitoring/ready"})
	if ready.Status != 503 || !strings.Contains(string(ready.Body), "shutting down") {
		t.Errorf("ready: %d %s", ready.Status, ready.Body)
	}
	if got := gateway.Do(t, testkit.Request{Method: "GET", Path: "/monitoring/healthz"}); got.Status != 200 {
		t.Errorf("healthz: %d %s", got.Status, got.Body)
	}
	if got := gateway.Do(t, testkit.Request{Path: "/v2/code/completions", JSON: completion(fakes)}); got.Status != 200 {
		t.Errorf("a request: %d %s", got.Status, got.Body)
	}
	<-gateway.Ended()
}

func TestADevelopmentGatewayFollowsItsEnvFile(t *testing.T) {
	fakes := testkit.NewFakes(t)
	env := selfHosted(fakes)
	env["AIGW_FASTAPI__RELOAD"] = "true"
	gateway := testkit.GatewayWith(t, testkit.Settings{Env: env, Files: map[string][]byte{".env": []byte("AIGW_ENVIRONMENT=first\n")}})
	page := testkit.Request{Method: "GET", Path: "/openapi.json"}
	if got := gateway.Do(t, page); got.Status != 404 {
		t.Errorf("before: %d", got.Status)
	}
	step := make(chan struct{}, 1)
	fakes.Script(testkit.Script{Chunks: []string{"first ", "last"}, Step: step})
	step <- struct{}{}
	stream := gateway.Open(t, testkit.Request{Path: "/v2/code/completions", JSON: completion(fakes).with(body{"stream": true})})
	stream.Until("first ")

	writeEnv(t, gateway, "AIGW_LOGGING__LEVEL=loud\n")
	gateway.WaitLogs(t, map[string]any{"level": "error", "logger": "main"})
	writeEnv(t, gateway, "AIGW_FASTAPI__OPENAPI_URL=/openapi.json\n")
	gateway.WaitLogs(t, map[string]any{"message": "The changed settings are in use"})
	if got := gateway.Do(t, page); got.Status != 200 {
		t.Errorf("after: %d", got.Status)
	}
	step <- struct{}{}
	if rest, cut := stream.Rest(); rest != "last" || cut {
		t.Errorf("the stream of before: %q, cut %v", rest, cut)
	}
}

func writeEnv(t *testing.T, gateway *testkit.Process, text string) {
	t.Helper()
	replace(t, filepath.Join(gateway.Dir, ".env"), []byte(text))
}

func TestWorkersAreProcessors(t *testing.T) {
	fakes := testkit.NewFakes(t)
	env := selfHosted(fakes)
	env["WEB_CONCURRENCY"], env["GOMAXPROCS"] = "1", ""
	gateway := testkit.Gateway(t, env)
	gateway.WaitLogs(t, map[string]any{"message": "The process keeps within its limits", "processors": 1})
}
