package e2e

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/testkit"
)

const (
	messagesPath = "/v1/proxy/anthropic/v1/messages"
	predictPath  = "/v1/proxy/vertex-ai/v1/projects/PROJECT/locations/LOCATION/publishers/google/models/"
)

// hosted are the settings of a gateway with accounts at all vendors that requests are passed on to, which lets everybody in.
func hosted(fakes *testkit.Fakes) map[string]string {
	return map[string]string{
		"AIGW_AUTH__BYPASS_EXTERNAL":                           "true",
		"ANTHROPIC_API_KEY":                                    "anthropic-key",
		"ANTHROPIC_BASE_URL":                                   fakes.URL,
		"AIGW_GOOGLE_CLOUD_PLATFORM__PROJECT":                  "my-project",
		"AIGW_GOOGLE_CLOUD_PLATFORM__LOCATION":                 "europe-west2",
		"AIGW_GOOGLE_CLOUD_PLATFORM__SERVICE_ACCOUNT_JSON_KEY": fakes.Fill("${GOOGLE_KEY}"),
		"AIGW_VERTEX_TEXT_MODEL__ENDPOINT":                     fakes.Fill("${FAKES_HOST}"),
		"AIGW_GLGO_BASE_URL":                                   fakes.URL + "/glgo",
		"AIGW_SELF_SIGNED_JWT__SIGNING_KEY":                    fakes.Fill("${RSA_KEY}"),
		"AIGW_AMAZON_Q__REGION":                                "us-east-1",
		"AIGW_AMAZON_Q__ENDPOINT_URL":                          fakes.URL + "/q",
		"AWS_ENDPOINT_URL_STS":                                 fakes.URL + "/sts",
		"AIGW_LOGGING__ENABLE_REQUEST_LOGGING":                 "true",
		"AIGW_LOGGING__LEVEL":                                  "debug",
	}
}

// review is what GitLab Rails has passed on to Anthropic (spec/clients.md 14, E40).
func review() body {
	return body{
		"model": "claude-3-5-sonnet-20240620", "max_tokens": 4096, "temperature": 0, "system": "You review merge requests.",
		"messages": []body{{"role": "user", "content": "Diff: +puts 2"}, {"role": "assistant", "content": "<review>"}},
	}
}

// forReview is a request to pass a body on to Anthropic.
func forReview(json any) testkit.Request {
	return testkit.Request{Path: messagesPath, JSON: json, Header: map[string]string{
		"X-Gitlab-Unit-Primitive": "review_merge_request", "Anthropic-Version": "2023-06-01", "Accept": "application/json",
	}}
}

func TestAClientsOwnPromptIsPassedOnToAnthropic(t *testing.T) {
	fakes := testkit.NewFakes(t)
	env := hosted(fakes)
	env["AIGW_AUTH__BYPASS_EXTERNAL"] = "false"
	env["AIGW_GITLAB_URL"], env["AIGW_CUSTOMER_PORTAL_URL"] = fakes.GitLab.URL, fakes.Portal.URL
	gateway := testkit.Gateway(t, env)
	now := time.Now().Unix()
	token, err := fakes.Token(testkit.GitLab, nil, map[string]any{
		"iss": fakes.GitLab.URL, "aud": "gitlab-ai-gateway", "sub": "instance-42", "iat": now, "nbf": now, "exp": now + 3600,
		"gitlab_realm": "saas", "scopes": []string{"review_merge_request"},
	})
	if err != nil {
		t.Fatal(err)
	}
	ask := func(path, unitPrimitive string) testkit.Answer {
		return gateway.Do(t, testkit.Request{
			Path: path, Body: "{ \"model\": \"claude-2.1\",\n\"x\": 1.50 }", Header: map[string]string{
				"Authorization": "Bearer " + token, "X-Gitlab-Authentication-Type": "oidc", "X-Gitlab-Instance-Id": "instance-42",
				"X-Gitlab-Realm": "saas", "X-Gitlab-Unit-Primitive": unitPrimitive, "Anthropic-Version": "2023-06-01",
			},
		})
	}

	fakes.Reset(testkit.Script{Status: 429, Body: `{"type":"error"}`, Headers: map[string]string{"Retry-After": "9", "Request-Id": "r"}})
	got := ask(messagesPath, "review_merge_request")
	if got.Status != 429 || string(got.Body) != `{"type":"error"}` || got.Header.Get("Content-Type") != "application/json" || got.Header.Get("Retry-After") != "" {
		t.Errorf("want the vendor's answer as it is, got %d %v %s", got.Status, got.Header, got.Body)
	}
	call := fakes.WaitCalls(t, 1)[0]
	if string(call.Body) != "{ \"model\": \"claude-2.1\",\n\"x\": 1.50 }" || call.Path != "/v1/messages" {
		t.Errorf("want the client's own bytes, got %s %s", call.Path, call.Body)
	}
	for name, values := range call.Header {
		if strings.Contains(values[0], token) || strings.HasPrefix(name, "X-Gitlab") || name == "Authorization" {
			t.Errorf("%s left the gateway", name)
		}
	}
	if call.Header.Get("X-Api-Key") != "anthropic-key" || call.Header.Get("Anthropic-Version") != "2023-06-01" {
		t.Errorf("the vendor was asked with %v", call.Header)
	}
	labels := map[string]string{
		"model_engine": "anthropic", "model_name": "claude-2.1", "error": "no", "streaming": "no", "feature_category": "code_review_workflow",
	}
	if n := gateway.Metric(t, "model_inferences_total", labels); n != 1 {
		t.Errorf("want the call counted, got %v", n)
	}
	gateway.WaitLogs(t, map[string]any{
		"logger": "api.access", "meta.feature_category": "code_review_workflow", "meta.unit_primitive": "review_merge_request", "status_code": 429,
	})
	if got := ask(messagesPath, "explain_code"); got.Status != 403 || string(got.Body) != `{"detail":"Unauthorized to access explain_code"}` {
		t.Errorf("without the scope: got %d %s", got.Status, got.Body)
	}
	if calls := fakes.Calls(); len(calls) != 1 {
		t.Errorf("the vendor was asked %d times", len(calls))
	}
}

func TestWhatIsNotPassedOnSaysWhy(t *testing.T) {
	fakes := testkit.NewFakes(t)
	gateway := testkit.Gateway(t, hosted(fakes))
	with := func(name, value string) map[string]string {
		return map[string]string{"X-Gitlab-Unit-Primitive": "review_merge_request", name: value}
	}
	fine := `{"model":"claude-2.1"}`
	for name, tc := range map[string]struct {
		path   string
		header map[string]string
		body   string
		status int
		detail string
	}{
		"no purpose":               {messagesPath, nil, fine, 400, "Missing x-gitlab-unit-primitive header"},
		"an unknown purpose":       {messagesPath, with("X-Gitlab-Unit-Primitive", "world_peace"), fine, 400, "Unknown unit primitive header world_peace"},
		"a purpose of another way": {messagesPath, with("X-Gitlab-Unit-Primitive", "complete_code"), fine, 400, "This endpoint cannot be used for complete_code purpose"},
		"another path":             {"/v1/proxy/anthropic/v1/models", with("", ""), fine, 404, "Not found"},
		"a path that must be cleaned first": {
			"/v1/proxy/anthropic/v1/%2e%2e/v1/messages", with("", ""), fine, 404, "Not found",
		},
		"a query":                {messagesPath + "?beta=true", with("", ""), fine, 404, "Not found"},
		"no JSON":                {messagesPath, with("", ""), `{"model":`, 400, "Invalid JSON"},
		"no model":               {messagesPath, with("", ""), `{}`, 400, "Failed to extract model name"},
		"another vendor's model": {messagesPath, with("", ""), `{"model":"gpt-4o"}`, 400, "Unsupported model"},
		"another model at Google": {
			predictPath + "gemini-pro:predict", with("", ""), `{}`, 400, "Unsupported model",
		},
		"another action at Google": {predictPath + "code-gecko:rawPredict", with("", ""), `{}`, 404, "Not found"},
	} {
		t.Run(name, func(t *testing.T) {
			delete(tc.header, "")
			got := gateway.Do(t, testkit.Request{Path: tc.path, Header: tc.header, Body: tc.body})
			if detail, _ := fields(t, got.Body)["detail"].(string); got.Status != tc.status || detail != tc.detail {
				t.Errorf("want %d %s, got %d %s", tc.status, tc.detail, got.Status, got.Body)
			}
		})
	}
	if calls := fakes.Calls(); len(calls) > 0 {
		t.Errorf("somebody was asked: %v", calls)
	}
}

// However a path is written, the proxies ask the few that are meant, and nothing is cleaned up on the way.
func TestNoWayOfWritingAPathLeadsElsewhere(t *testing.T) {
	fakes := testkit.NewFakes(t)
	gateway := testkit.Gateway(t, hosted(fakes))
	ask := func(t *testing.T, path string) (status int, asked string) {
		t.Helper()
		fakes.Reset()
		got := gateway.Do(t, testkit.Request{Path: path, Body: `{"model":"claude-2.1"}`, Header: map[string]string{"X-Gitlab-Unit-Primitive": "review_merge_request"}})
		for _, call := range fakes.Calls() {
			asked += call.Path
		}
		return got.Status, asked
	}
	const anthropic = "/v1/proxy/anthropic/"
	for _, rest := range []string{
		"v1/../v1/messages", "v1/%2e%2e/v1/messages", "%2e%2e/v1/messages", "%2E%2E%2Fv1%2Fmessages", "..%2fv1/messages", "v1/.%2e/v1/messages", "v1/%2e/messages",
		"./v1/messages", "v1/./messages", "v1/messages/.", "v1/messages/..", "v1/messages/%2e%2e/messages", "%252e%252e/v1/messages",
		"/v1/messages", "v1//messages", "v1/messages/", "v1/messages//", "%2fv1/messages", "v1/%2fmessages", "v1/messages%2f",
		`v1\messages`, "v1%5cmessages", "v1/..%5cmessages", `..\v1/messages`, "v1/messages%00", "v1/messages%0a", "v1/messages%20", "v1/messages%3fbeta=true",
		"v1/messages;a=b", "v1;x/messages", "v1/messages;", "v1/messages%3b", "V1/messages", "v1/Messages", "v1/MESSAGES", "v1/messages%23", "v1/messages/batches",
		"v1%252fmessages", "http://127.0.0.1:1/v1/messages", "anthropic/v1/messages", "v1/messages?x", "v1/messages?beta=true", "v1/%EF%BC%8E%EF%BC%8E/messages",
	} {
		if status, asked := ask(t, anthropic+rest); status != 404 || asked != "" {
			t.Errorf("%s: got %d, and the vendor was asked %s", rest, status, asked)
		}
	}
	for _, rest := range []string{"v1/messages", "v1/m%65ssages", "v1%2fmessages", "v1/messages?"} {
		if status, asked := ask(t, anthropic+rest); status != 200 || asked != "/v1/messages" {
			t.Errorf("%s: got %d, and the vendor was asked %s", rest, status, asked)
		}
	}

	const own = "/v1/projects/my-project/locations/europe-west2/publishers/google/models/"
	for rest, want := range map[string]string{ // "": nobody is asked
		"code-gecko:predict":                           own + "code-gecko:predict",
		"code-bison%40002:predict":                     own + "code-bison@002:predict",
		"code-gecko:predict/../../secret:predict":      "",
		"code-gecko:predict/%2e%2e/x":                  own + "code-gecko:predict",
		"code-gecko:predict;a=b":                       own + "code-gecko:predict",
		"../models/code-gecko:predict":                 "",
		"%2e%2e/models/code-gecko:predict":             "",
		"%2E%2E%2Fcode-gecko:predict":                  "",
		"..%5ccode-gecko:predict":                      "",
		"/code-gecko:predict":                          "",
		"%2fcode-gecko:predict":                        "",
		"code-gecko%00:predict":                        "",
		"code-gecko;x:predict":                         "",
		"Code-Gecko:predict":                           "",
		"code-gecko:Predict":                           "",
		"code-gecko%3apredict":                         own + "code-gecko:predict",
		"code-gecko%253apredict":                       "",
		"code-gecko:rawPredict":                        "",
		"code-gecko:predict?alt=sse&alt=json":          own + "code-gecko:predict?alt=sse",
		"code-gecko:predict?alt=json&key=stolen":       own + "code-gecko:predict",
		"code-gecko:predict%3falt=sse%26x=1":           own + "code-gecko:predict?alt=sse",
		"code-gecko:predict#/../x":                     own + "code-gecko:predict",
		"code-gecko/../../../x:serverStreamingPredict": "",
	} {
		if _, asked := ask(t, predictPath+rest); asked != want {
			t.Errorf("%s: want %q asked, got %q", rest, want, asked)
		}
	}
}

func TestAVendorThatDoesNotAnswerIsABadGateway(t *testing.T) {
	fakes := testkit.NewFakes(t)
	gateway := testkit.Gateway(t, hosted(fakes))
	for name, request := range map[string]testkit.Request{
		"Anthropic":           forReview(review()),
		"Anthropic, streamed": forReview(review().with(body{"stream": true})),
		"Vertex AI": {
			Path: predictPath + "code-gecko:predict", JSON: body{}, Header: map[string]string{"X-Gitlab-Unit-Primitive": "explain_code"},
		},
	} {
		fakes.Reset(testkit.Script{CutHead: true})
		got := gateway.Do(t, request)
		if got.Status != 502 || string(got.Body) != `{"detail":"Bad Gateway"}` || len(fakes.Calls()) != 1 {
			t.Errorf("%s: got %d %s after %d calls", name, got.Status, got.Body, len(fakes.Calls()))
		}
	}
	if n := gateway.Metric(t, "model_inferences_total", map[string]string{"error": "yes"}); n != 3 {
		t.Errorf("want 3 failed calls, got %v", n)
	}
}

func TestAStreamIsPassedOnPieceByPiece(t *testing.T) {
	fakes := testkit.NewFakes(t)
	gateway := testkit.Gateway(t, hosted(fakes))
	events := []string{
		"event: content_block_delta\ndata: {\"delta\":{\"text\":\"Grüße \"}}\n\n", "data: {\"delta\":{\"te", "xt\":\"🙂\"}}\n\n",
		"event: big\ndata: " + strings.Repeat("x", 20_000) + "\n\n",
	}
	step := make(chan struct{}, 1)
	fakes.Reset(testkit.Script{Events: events, Step: step})
	step <- struct{}{} // the fake sends its head with the first piece
	stream := gateway.Open(t, forReview(review().with(body{"stream": true})))
	if stream.Status != 200 || stream.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("head: %d %v", stream.Status, stream.Header)
	}
	var got []string
	for i := range events { // each arrives before the vendor sends the next
		if i > 0 {
			step <- struct{}{}
		}
		got = append(got, stream.Until(events[i][len(events[i])-8:]))
	}
	if rest, cut := stream.Rest(); rest != "" || cut {
		t.Errorf("want a clean end, got %q, cut %v", rest, cut)
	}
	if diff := cmp.Diff(events, got); diff != "" {
		t.Error(diff)
	}
}

func TestAPassedOnStreamThatBreaksIsCut(t *testing.T) {
	fakes := testkit.NewFakes(t)
	gateway := testkit.Gateway(t, hosted(fakes))
	fakes.Reset(testkit.Script{Events: []string{"data: 1\n\n", "data: 2\n\n"}, CutAt: 1})
	got := gateway.Do(t, forReview(review().with(body{"stream": true})))
	if got.Status != 200 || !got.Cut || string(got.Body) != "data: 1\n\n" {
		t.Errorf("want the events so far and a cut, got %d cut=%v %q", got.Status, got.Cut, got.Body)
	}
}

func TestACallThatWasPassedOnEndsWithItsClient(t *testing.T) {
	fakes := testkit.NewFakes(t)
	gateway := testkit.Gateway(t, hosted(fakes))
	t.Run("a stream", func(t *testing.T) {
		fakes.Reset(testkit.Script{Chunks: strings.Split(strings.Repeat("x;", 2000), ";"), ChunkMS: 10})
		stream := gateway.Open(t, forReview(review().with(body{"stream": true})))
		stream.Next()
		stream.Leave()
		fakes.WaitAborted(t, 0)
	})
	for name, script := range map[string]testkit.Script{
		"a call in one piece": {Hold: make(chan struct{})},
		"a call to Amazon Q":  {Path: "/glgo", Hold: make(chan struct{})},
	} {
		t.Run(name, func(t *testing.T) {
			fakes.Reset(script)
			request := forReview(review())
			if script.Path != "" {
				request = toAmazonQ("/oauth/application", application())
			}
			ctx, leave := context.WithCancel(t.Context())
			raw, err := json.Marshal(request.JSON)
			if err != nil {
				t.Fatal(err)
			}
			req, err := http.NewRequestWithContext(ctx, http.MethodPost, gateway.URL+request.Path, bytes.NewReader(raw))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Content-Type", "application/json")
			for name, value := range request.Header {
				req.Header.Set(name, value)
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
				t.Errorf("want no answer, got %d %s", answer.Status, answer.Body)
			}
			gateway.WaitLogs(t, map[string]any{"logger": "api.access", "path": request.Path, "status_code": 499})
		})
	}
	if n := gateway.Metric(t, "model_inferences_in_flight", nil); n != 0 {
		t.Errorf("%v calls are still in flight", n)
	}
}

func TestAClientsOwnPromptIsPassedOnToVertexAI(t *testing.T) {
	fakes := testkit.NewFakes(t)
	gateway := testkit.Gateway(t, hosted(fakes))
	for path, want := range map[string]string{
		"code-bison%40002:predict?alt=other":                "code-bison@002:predict",
		"codechat-bison:serverStreamingPredict?alt=sse&x=1": "codechat-bison:serverStreamingPredict?alt=sse",
	} {
		fakes.Reset(testkit.Script{Events: []string{"data: 1\n\n", "data: 2\n\n"}})
		got := gateway.Do(t, testkit.Request{
			Path: predictPath + path, Body: `{"instances":[]}`, Header: map[string]string{"X-Gitlab-Unit-Primitive": "glab_ask_git_command"},
		})
		if got.Status != 200 || string(got.Body) != "data: 1\n\ndata: 2\n\n" {
			t.Errorf("%s: got %d %s", path, got.Status, got.Body)
		}
		call := fakes.WaitCalls(t, 1)[0]
		resource := "/v1/projects/my-project/locations/europe-west2/publishers/google/models/"
		if call.Path != resource+want || call.Header.Get("Authorization") != "Bearer ya29.fake" || string(call.Body) != `{"instances":[]}` {
			t.Errorf("%s: Vertex AI was asked %s %v %s", path, call.Path, call.Header, call.Body)
		}
	}
}

func TestMockModeOfTheProxies(t *testing.T) {
	fakes := testkit.NewFakes(t)
	env := hosted(fakes)
	env["AIGW_MOCK_MODEL_RESPONSES"] = "true"
	gateway := testkit.Gateway(t, env)
	for _, request := range []testkit.Request{
		forReview(review()), forReview(review().with(body{"stream": true})),
		{Path: "/v1/proxy/vertex-ai/anything?x", Body: "not json", Header: map[string]string{"X-Gitlab-Unit-Primitive": "explain_code"}},
	} {
		got := gateway.Do(t, request)
		if got.Status != 200 || string(got.Body) != `{"response": "mocked"}` || got.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s: got %d %v %s", request.Path, got.Status, got.Header, got.Body)
		}
	}
	if calls := fakes.Calls(); len(calls) > 0 {
		t.Errorf("somebody was asked: %v", calls)
	}
}

// application is what GitLab Rails sends when an administrator connects Amazon Q (spec/clients.md 18, E50).
func application() body {
	return body{
		"client_id": "a3f1c9d7", "client_secret": "gloas-client-secret", "redirect_url": "https://gitlab.example.com/cb",
		"instance_url": "https://gitlab.example.com", "role_arn": "arn:aws:iam::123456789012:role/gitlab-q",
	}
}

// quickAction is what it sends for "/q dev" on an issue (E52).
func quickAction() body {
	return body{
		"code": "oauth-grant-0123456789", "role_arn": "arn:aws:iam::123456789012:role/gitlab-q", "event_id": "Quick Action",
		"payload": body{
			"command": "dev", "role_arn": "arn:aws:iam::123456789012:role/gitlab-q", "project_path": "ops/tools", "project_id": "12",
			"note_id": "3301", "discussion_id": "9c1f0e", "source": "issue", "issue_id": "77", "issue_iid": "7",
		},
	}
}

func toAmazonQ(path string, json body) testkit.Request {
	return testkit.Request{Path: "/v1/amazon_q" + path, JSON: json, Header: map[string]string{
		"Authorization": "Bearer gitlab-token-of-the-caller", "X-Gitlab-Global-User-Id": "user-9", "X-Gitlab-Unit-Primitive": "amazon_q_integration",
	}}
}

// aws are glgo and STS, who do what they are asked, and the given answers of Amazon Q.
func aws(q ...testkit.Script) []testkit.Script {
	for i := range q {
		q[i].Path = "/q"
	}
	return append(q, testkit.Script{Path: "/glgo", Body: `{"token":"oidc-token-for-aws"}`},
		testkit.Script{Path: "/sts", ContentType: "text/xml", Body: `<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult>` +
			`<Credentials><AccessKeyId>ASIAFAKE</AccessKeyId><SecretAccessKey>secret-access-key</SecretAccessKey>` +
			`<SessionToken>session-token</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>` +
			`</AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`})
}

func TestAmazonQIsConnectedAndToldOfQuickActions(t *testing.T) {
	fakes := testkit.NewFakes(t)
	gateway := testkit.Gateway(t, hosted(fakes))
	for name, tc := range map[string]struct {
		request testkit.Request
		q       []testkit.Script
		want    []string // operations of Amazon Q
	}{
		"an application": {
			toAmazonQ("/oauth/application", application()), []testkit.Script{{Body: "{}"}}, []string{"CreateOAuthAppConnection"},
		},
		"an application that is known": {
			toAmazonQ("/oauth/application", application()),
			[]testkit.Script{{Status: 409, Body: `{"__type":"ConflictException"}`}, {Body: "{}"}},
			[]string{"CreateOAuthAppConnection", "UpdateOAuthAppConnection"},
		},
		"a quick action": {toAmazonQ("/events", quickAction()), []testkit.Script{{Body: "{}"}}, []string{"SendEvent"}},
		"a quick action of a user who must be introduced": {
			toAmazonQ("/events", quickAction()),
			[]testkit.Script{{Status: 403, Body: `{"__type":"AccessDeniedException","reason":"gitLabExpiredIdentity"}`}, {Body: "{}"}},
			[]string{"SendEvent", "CreateAuthGrant", "SendEvent"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			fakes.Reset(aws(tc.q...)...)
			got := gateway.Do(t, tc.request)
			if got.Status != 204 || len(got.Body) > 0 || got.Header.Get("Content-Type") != "" {
				t.Fatalf("got %d %v %s", got.Status, got.Header, got.Body)
			}
			var operations []string
			for _, call := range fakes.Calls()[2:] {
				operations = append(operations, strings.TrimPrefix(call.Header.Get("X-Amz-Target"), "AWSQDeveloperIntegrationService."))
			}
			if diff := cmp.Diff(tc.want, operations); diff != "" {
				t.Error(diff)
			}
		})
	}
	t.Run("what is sent has no keys that nobody knows", func(t *testing.T) {
		fakes.Reset(aws(testkit.Script{Body: "{}"})...)
		gateway.Do(t, toAmazonQ("/events", quickAction()))
		encoded, _ := fields(t, fakes.WaitCalls(t, 3)[2].Body)["event"].(string)
		event, err := base64.StdEncoding.DecodeString(encoded)
		want := `{"command":"dev","source":"issue","project_path":"ops/tools","project_id":"12","note_id":"3301","discussion_id":"9c1f0e",` +
			`"issue_id":"77","issue_iid":"7"}`
		if string(event) != want || err != nil {
			t.Errorf("got %s, %v", event, err)
		}
	})
	gateway.WaitLogs(t, map[string]any{"logger": "amazon_q", "message": "Obtained Glgo token", "user_id": "user-9"})
}

func TestWhatAmazonQRefusesIsTold(t *testing.T) {
	fakes := testkit.NewFakes(t)
	gateway := testkit.Gateway(t, hosted(fakes))
	refuse := func(status int, code string) testkit.Script {
		return testkit.Script{Status: status, Body: `{"__type":"` + code + `","message":"because of gloas-client-secret"}`}
	}
	told := func(code string) string {
		return "An error occurred (" + code + ") when calling the CreateOAuthAppConnection operation: because of [secret]"
	}
	for name, tc := range map[string]struct {
		request testkit.Request
		scripts []testkit.Script
		status  int
		detail  string
	}{
		"not found":  {toAmazonQ("/oauth/application", application()), aws(refuse(404, "ResourceNotFoundException")), 404, told("ResourceNotFoundException")},
		"denied":     {toAmazonQ("/oauth/application", application()), aws(refuse(403, "AccessDeniedException")), 403, told("AccessDeniedException")},
		"not valid":  {toAmazonQ("/oauth/application", application()), aws(refuse(400, "ValidationException")), 400, told("ValidationException")},
		"else":       {toAmazonQ("/oauth/application", application()), aws(refuse(402, "SomeException")), 503, "AWS Error: " + told("SomeException")},
		"a bad role": {toAmazonQ("/oauth/application", application().with(body{"role_arn": "arn"})), aws(), 400, "Parameter validation failed:\nInvalid length for parameter RoleArn, value: 3, valid min length: 20"},
		"no identity": {
			toAmazonQ("/events", quickAction()), []testkit.Script{{Path: "/glgo", Status: 401, Body: `{"token":"oidc-token-for-aws"}`}}, 500, "Cannot obtain OIDC token",
		},
		"a quick action that is refused": {
			toAmazonQ("/events", quickAction()), aws(testkit.Script{Status: 403, Body: `{"__type":"AccessDeniedException","message":"no","reason":"other"}`}), 403,
			"An error occurred (AccessDeniedException) when calling the SendEvent operation: no",
		},
	} {
		t.Run(name, func(t *testing.T) {
			fakes.Reset(tc.scripts...)
			got := gateway.Do(t, tc.request)
			if detail, _ := fields(t, got.Body)["detail"].(string); got.Status != tc.status || detail != tc.detail {
				t.Errorf("want %d %s, got %d %s", tc.status, tc.detail, got.Status, got.Body)
			}
		})
	}
	t.Run("no user", func(t *testing.T) {
		request := toAmazonQ("/events", quickAction())
		delete(request.Header, "X-Gitlab-Global-User-Id")
		if got := gateway.Do(t, request); got.Status != 400 || string(got.Body) != `{"detail":"User Id is missing"}` {
			t.Errorf("got %d %s", got.Status, got.Body)
		}
	})
	t.Run("secrets are neither echoed nor logged", func(t *testing.T) {
		for _, request := range []testkit.Request{
			toAmazonQ("/oauth/application", application().with(body{"client_id": nil})),
			toAmazonQ("/oauth/application", application().with(body{"client_secret": strings.Repeat("gloas-client-secret", 100)})),
			toAmazonQ("/events", quickAction().with(body{"role_arn": nil})),
		} {
			got := gateway.Do(t, request)
			if got.Status != 422 || bytes.Contains(got.Body, []byte("gloas-client-secret")) || bytes.Contains(got.Body, []byte("oauth-grant")) {
				t.Errorf("got %d %s", got.Status, got.Body)
			}
		}
		gateway.WaitLogs(t, map[string]any{"aws_error_code": "ValidationException", "aws_http_response_code": 400, "logger": "exceptions"})
		for _, secret := range []string{
			"gloas-client-secret", "oauth-grant", "gitlab-token-of-the-caller", "oidc-token-for-aws", "secret-access-key", "session-token", "PRIVATE KEY",
		} {
			if strings.Contains(gateway.Log.Text(), secret) {
				t.Errorf("the log holds %q", secret)
			}
		}
	})
}

func TestVendorsThatAreNotConfiguredAreNamed(t *testing.T) {
	fakes := testkit.NewFakes(t)
	gateway := testkit.Gateway(t, map[string]string{"AIGW_AUTH__BYPASS_EXTERNAL": "true", "HOME": t.TempDir(), "GCE_METADATA_HOST": "127.0.0.1:1"})
	for name, tc := range map[string]struct {
		request testkit.Request
		status  int
		detail  string
	}{
		"Anthropic": {forReview(review()), 400, "API key not found"},
		"Vertex AI": {
			testkit.Request{Path: predictPath + "code-gecko:predict", JSON: body{}, Header: maps.Clone(forReview(nil).Header)},
			503,
			"The Vertex AI proxy is not configured: AIGW_GOOGLE_CLOUD_PLATFORM__PROJECT is not set",
		},
		"Amazon Q": {
			toAmazonQ("/events", quickAction()), 503,
			"Amazon Q is not configured: AIGW_SELF_SIGNED_JWT__SIGNING_KEY is not set, or cannot be used",
		},
	} {
		got := gateway.Do(t, tc.request)
		if detail, _ := fields(t, got.Body)["detail"].(string); got.Status != tc.status || detail != tc.detail {
			t.Errorf("%s: want %d %s, got %d %s", name, tc.status, tc.detail, got.Status, got.Body)
		}
	}
	if calls := fakes.Calls(); len(calls) > 0 {
		t.Errorf("somebody was asked: %v", calls)
	}
}
