package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/ai-gateway/ai-gateway/internal/testkit"
)

func TestAFailingModelIsA503ThatKeepsTheVendorsWords(t *testing.T) {
	fakes := testkit.NewFakes(t)
	gateway := testkit.Gateway(t, selfHosted(fakes))
	for name, tc := range map[string]struct {
		json   body
		script testkit.Script
		retry  string
	}{
		"Anthropic refuses":               {claudeCompletion(), testkit.Script{Status: 400, Body: `{"type":"error","error":{"type":"invalid_request_error","message":"canary"}}`}, ""},
		"Anthropic is overloaded":         {claudeCompletion(), testkit.Script{Status: 529, Headers: map[string]string{"Retry-After": "3", "X-Should-Retry": "false"}, Body: `{}`}, "3"},
		"Anthropic hangs up":              {claudeCompletion(), testkit.Script{CutHead: true}, ""},
		"Anthropic refuses a stream":      {claudeCompletion().with(body{"stream": true}), testkit.Script{Status: 400, Body: `{}`}, ""},
		"a self-hosted server fails":      {completion(fakes), testkit.Script{Status: 500, Headers: map[string]string{"X-Should-Retry": "false"}, Body: "canary"}, ""},
		"a self-hosted server wants keys": {completion(fakes), testkit.Script{Status: 401, Body: `{"error":{"message":"canary"}}`}, ""},
		"a self-hosted server babbles":    {completion(fakes), testkit.Script{Body: "<html>canary</html>", ContentType: "text/html"}, ""},
		"a self-hosted stream is refused": {completion(fakes).with(body{"stream": true}), testkit.Script{Status: 404, Body: "canary"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			fakes.Reset(tc.script)
			got := gateway.Do(t, testkit.Request{Path: "/v2/code/completions", JSON: tc.json})
			if got.Status != 503 || string(got.Body) != `{"detail":"Inference failed"}` || got.Header.Get("Retry-After") != tc.retry {
				t.Errorf("want 503, got %d %v %s", got.Status, got.Header, got.Body)
			}
		})
	}
}

func TestADeadModelServerIsA503(t *testing.T) {
	fakes := testkit.NewFakes(t)
	gateway := testkit.Gateway(t, selfHosted(fakes))
	nobody, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	url := fmt.Sprintf("http://%s/v1", nobody.Addr())
	nobody.Close()
	got := gateway.Do(t, testkit.Request{Path: "/v2/code/completions", JSON: completion(fakes).with(body{"model_endpoint": url})})
	if got.Status != 503 {
		t.Errorf("want 503, got %d %s", got.Status, got.Body)
	}
}

func TestAStreamThatFailsHalfWayIsCut(t *testing.T) {
	fakes := testkit.NewFakes(t)
	gateway := testkit.Gateway(t, selfHosted(fakes))
	for name, script := range map[string]testkit.Script{
		"the connection breaks": {Chunks: []string{"def add(a, b):\n", "    return a"}, CutAt: 1},
		"a frame is garbled": {Events: []string{
			`data: {"choices":[{"index":0,"text":"def add(a, b):\n","finish_reason":null}]}` + "\n\n", "data: {garbled\n\n",
		}},
		"the server reports an error": {Events: []string{
			`data: {"choices":[{"index":0,"text":"def add(a, b):\n","finish_reason":null}]}` + "\n\n",
			`data: {"error":{"message":"out of memory","code":500}}` + "\n\n",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			fakes.Reset(script)
			got := gateway.Do(t, testkit.Request{Path: "/v2/code/completions", JSON: completion(fakes).with(body{"stream": true})})
			if got.Status != 200 || !got.Cut || string(got.Body) != "def add(a, b):\n" {
				t.Errorf("want the text so far and a cut, got %d cut=%v %q", got.Status, got.Cut, got.Body)
			}
		})
	}
}

func TestAClientThatLeavesEndsTheModelCall(t *testing.T) {
	fakes := testkit.NewFakes(t)
	gateway := testkit.Gateway(t, selfHosted(fakes))
	endless := testkit.Script{Chunks: strings.Split(strings.Repeat("x;", 2000), ";"), ChunkMS: 10}
	for name, tc := range map[string]struct {
		json   body
		script testkit.Script
	}{
		"a stream of text completions": {completion(fakes).with(body{"stream": true}), endless},
		"a stream of Anthropic":        {claudeCompletion().with(body{"stream": true}), endless},
	} {
		t.Run(name, func(t *testing.T) {
			fakes.Reset(tc.script)
			stream := gateway.Open(t, testkit.Request{Path: "/v2/code/completions", JSON: tc.json})
			stream.Until("x")
			stream.Leave()
			fakes.WaitAborted(t, 0)
		})
	}
	t.Run("a call in one piece", func(t *testing.T) {
		fakes.Reset(testkit.Script{Hold: make(chan struct{})})
		ctx, leave := context.WithCancel(t.Context())
		raw, err := json.Marshal(claudeCompletion())
		if err != nil {
			t.Fatal(err)
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, gateway.URL+"/v2/code/completions", bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		left := make(chan testkit.Answer)
		go func() {
			answer, err := gateway.Send(req)
			if err != nil {
				t.Error(err)
			}
			left <- answer
		}()
		fakes.WaitCalls(t, 1)
		leave()
		fakes.WaitAborted(t, 0)
		if answer := <-left; !answer.Aborted {
			t.Errorf("want no answer, got %d", answer.Status)
		}
		gateway.WaitLogs(t, map[string]any{"logger": "api.access", "status_code": 499})
	})
}
