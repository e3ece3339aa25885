package e2e

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/exec"
	"strings"
	"testing"

	"github.com/ai-gateway/ai-gateway/internal/testkit"
)

func TestAStreamSurvivesSIGTERM(t *testing.T) {
	fakes := testkit.NewFakes(t)
	gateway := testkit.Gateway(t, selfHosted(fakes))
	step := make(chan struct{}, 1)
	fakes.Script(testkit.Script{Chunks: []string{"first ", "last"}, Step: step})
	step <- struct{}{}
	stream := gateway.Open(t, testkit.Request{Path: "/v2/code/completions", JSON: completion(fakes).with(body{"stream": true})})
	stream.Until("first ")

	stopped := make(chan error)
	go func() { stopped <- gateway.Stop() }()
	gateway.WaitLogs(t, map[string]any{"message": "Shutting down"})
	step <- struct{}{}
	if rest, cut := stream.Rest(); rest != "last" || cut {
		t.Errorf("want the stream's end, got %q, cut %v", rest, cut)
	}
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}

func TestADrainThatTakesTooLongIsCut(t *testing.T) {
	fakes := testkit.NewFakes(t)
	env := selfHosted(fakes)
	env["AIGW_FASTAPI__DRAIN_TIMEOUT"] = "0.05"
	gateway := testkit.Gateway(t, env)
	fakes.Script(testkit.Script{Hold: make(chan struct{})})
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, gateway.URL+"/v2/code/completions",
		strings.NewReader(`{"prompt_version":3,"model_provider":"anthropic","model_name":"claude-3-5-sonnet-20240620",`+
			`"prompt":[{"role":"user","content":"x"}],"current_file":{"file_name":"a.py","content_above_cursor":"x","content_below_cursor":""}}`))
	if err != nil {
		t.Fatal(err)
	}
	answered := make(chan error)
	go func() {
		_, err := gateway.Send(request)
		answered <- err
	}()
	fakes.WaitCalls(t, 1)
	if err := gateway.Stop(); err != nil {
		t.Error(err)
	}
	if err := <-answered; err == nil {
		t.Error("the request was answered, not cut")
	}
}

func TestBadInputIsRefusedWithAReason(t *testing.T) {
	fakes := testkit.NewFakes(t)
	env := selfHosted(fakes)
	env["AIGW_FASTAPI__MAX_BODY_BYTES"] = "1000"
	env["AIGW_FASTAPI__READ_BODY_TIMEOUT"] = "0.1"
	gateway := testkit.Gateway(t, env)

	for name, tc := range map[string]struct {
		body   string
		status int
		detail string
	}{
		"no JSON":                     {`{"prompt_version":1`, 422, `Expecting ',' delimiter`},
		"no object":                   {`[]`, 422, `Input should be a valid dictionary or object to extract fields from`},
		"no version":                  {`{}`, 422, `Unable to extract tag using discriminator 'prompt_version'`},
		"a field missing":             {`{"prompt_version":1,"current_file":{"file_name":"a"}}`, 422, `"loc":["body",1,"current_file","content_above_cursor"],"msg":"Field required"`},
		"an unknown provider":         {`{"prompt_version":1,"current_file":{"file_name":"a","content_above_cursor":"","content_below_cursor":""},"model_provider":"x"}`, 422, `Input should be 'anthropic', 'vertex-ai'`},
		"a body over the cap":         {strings.Repeat("x", 1001), 413, `The body is larger than 1000 bytes`},
		"bytes that are no text":      {"\xff\xfe{", 400, `There was an error parsing the body`},
		"a model that isn't offered":  {`{"prompt_version":1,"current_file":{"file_name":"a","content_above_cursor":"","content_below_cursor":""},"model_provider":"anthropic","model_name":"claude-1"}`, 422, `model claude-1 is not supported`},
		"a model server without data": {`{"prompt_version":2,"current_file":{"file_name":"a","content_above_cursor":"","content_below_cursor":""},"model_provider":"litellm","model_name":"mistral"}`, 422, `'endpoint'`},
	} {
		t.Run(name, func(t *testing.T) {
			got := gateway.Do(t, testkit.Request{Path: "/v2/code/completions", Body: tc.body})
			if got.Status != tc.status || !strings.Contains(string(got.Body), tc.detail) || got.Header.Get("Content-Type") != "application/json" {
				t.Errorf("want %d with %q, got %d %v %s", tc.status, tc.detail, got.Status, got.Header, got.Body)
			}
		})
	}
	t.Run("a body that never ends", func(t *testing.T) {
		head := "POST /v2/code/completions HTTP/1.1\r\nHost: gateway\r\nContent-Length: 100\r\n\r\n{"
		if status, text := sendRaw(t, gateway, head); status != 408 || !strings.Contains(text, "The body did not arrive within 100ms") {
			t.Errorf("want 408, got %d %s", status, text)
		}
	})
}

// sendRaw writes bytes to the gateway's port, keeps the connection open and reads the answer.
func sendRaw(t *testing.T, gateway *testkit.Process, raw string) (status int, body string) {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(gateway.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, raw); err != nil {
		t.Fatal(err)
	}
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(b)
}

func TestTheGatewayTellsHowItIs(t *testing.T) {
	fakes := testkit.NewFakes(t)
	gateway := testkit.Gateway(t, selfHosted(fakes))

	for path, status := range map[string]int{"/monitoring/healthz": 200, "/monitoring/ready": 200, "/metrics": 404} {
		if got := gateway.Do(t, testkit.Request{Method: "GET", Path: path}); got.Status != status {
			t.Errorf("GET %s: want %d, got %d %s", path, status, got.Status, got.Body)
		}
	}
	gateway.Do(t, testkit.Request{Path: "/v2/code/completions", JSON: completion(fakes), Header: map[string]string{"X-Request-ID": "id-1"}})
	entry := gateway.WaitLogs(t, map[string]any{"logger": "api.access", "path": "/v2/code/completions"})[0]
	for field, want := range map[string]any{
		"correlation_id": "id-1", "status_code": 200.0, "method": "POST", "model_engine": "agent", "lang": "python",
		"meta.feature_category": "code_suggestions", "model_name": "Codegemma Code Completions", "level": "info", "type": "mlops",
	} {
		if entry[field] != want {
			t.Errorf("access log: want %s %v, got %v", field, want, entry[field])
		}
	}
	labels := map[string]string{"handler": "/v2/code/completions", "method": "POST", "status": "2xx"}
	if got := gateway.Metric(t, "http_request_duration_seconds_count", labels); got != 1 {
		t.Errorf("http_request_duration_seconds_count%v: want 1, got %v", labels, got)
	}
	labels = map[string]string{"model_engine": "litellm-chat", "model_name": "codegemma", "error": "no", "streaming": "no"}
	if got := gateway.Metric(t, "model_inferences_total", labels); got != 1 {
		t.Errorf("model_inferences_total%v: want 1, got %v", labels, got)
	}
}

func TestNoSecretReachesTheLog(t *testing.T) {
	fakes := testkit.NewFakes(t)
	env := selfHosted(fakes)
	env["AIGW_LOGGING__LEVEL"] = "debug"
	env["ANTHROPIC_API_KEY"] = "canary-setting"
	gateway := testkit.Gateway(t, env)
	secret := completion(fakes).with(body{"model_api_key": "canary-body"})
	header := map[string]string{"Authorization": "Bearer canary-header", "Cookie": "canary-cookie"}
	gateway.Do(t, testkit.Request{Path: "/v2/code/completions", JSON: secret, Header: header})
	refused := gateway.Do(t, testkit.Request{Path: "/v2/code/completions", JSON: secret.with(body{"current_file": nil}), Header: header})
	if strings.Contains(string(refused.Body), "canary") {
		t.Errorf("a refusal echoes a secret: %s", refused.Body)
	}
	gateway.WaitLogs(t, map[string]any{"logger": "api.access", "status_code": 422})
	if strings.Contains(gateway.Log.Text(), "canary") {
		t.Errorf("a secret is in the log:\n%s", gateway.Log.Text())
	}
}

func TestTheCommandLine(t *testing.T) {
	fakes := testkit.NewFakes(t)
	gateway := testkit.Gateway(t, selfHosted(fakes))
	port := gateway.URL[strings.LastIndexByte(gateway.URL, ':')+1:]

	run := func(env string, args ...string) (string, error) {
		cmd := exec.CommandContext(t.Context(), testkit.Binary(t), args...)
		cmd.Dir = t.TempDir()
		cmd.Env = []string{"AIGW_FASTAPI__API_HOST=127.0.0.1", env}
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	if out, err := run("AIGW_FASTAPI__API_PORT="+port, "healthcheck"); err != nil {
		t.Errorf("healthcheck of a running gateway: %v %s", err, out)
	}
	if out, err := run("AIGW_FASTAPI__API_PORT=1", "healthcheck"); err == nil {
		t.Errorf("healthcheck of nothing succeeds: %s", out)
	}
	if out, err := run("", "version"); err != nil || !strings.HasPrefix(out, "ai-gateway ") {
		t.Errorf("version: %v %s", err, out)
	}
	out, err := run("AIGW_FASTAPI__API_PORT=http", "serve")
	if err == nil || !strings.Contains(out, "AIGW_FASTAPI__API_PORT") {
		t.Errorf("a wrong setting: want an error that names it, got %v %s", err, out)
	}
	if out, err := run(fmt.Sprintf("AIGW_FASTAPI__API_PORT=%s", port), "serve"); err == nil || !strings.Contains(out, "AIGW_FASTAPI__API_PORT") {
		t.Errorf("a port that is taken: want an error that names its setting, got %v %s", err, out)
	}
}
