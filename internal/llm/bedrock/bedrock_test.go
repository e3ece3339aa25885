package bedrock_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/protocol/eventstream"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/bedrock"
	"github.com/ai-gateway/ai-gateway/internal/llm/llmtest"
	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
	"github.com/ai-gateway/ai-gateway/internal/testkit"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	sonnet = "anthropic.claude-3-5-sonnet-20240620-v1:0"

	// answer is that of spec/models-and-providers.md 9.8, in two texts.
	answer = `{"output": {"message": {"role": "assistant", "content": [{"text": "A "}, {"text": "B"}]}}, "stopReason": "end_turn",
		"usage": {"inputTokens": 5, "outputTokens": 2, "totalTokens": 7}, "metrics": {"latencyMs": 10}}`
)

func options(http *wire.Client, base string) bedrock.Options {
	return bedrock.Options{HTTP: http, Region: "eu-west-1", Endpoint: base + "/bedrock/", AccessKeyID: "AKIDTEST", SecretAccessKey: "SECRETTEST"}
}

func provider(http *wire.Client, base string) llm.Provider { return bedrock.New(options(http, base)) }

func ref(name string) llm.Ref {
	return llm.Ref{Provider: "bedrock", Name: name, Server: llm.Server{URL: "http://elsewhere", Key: "key-of-the-request"}} // don't count
}

// frame is an event of a stream, as AWS's own library writes it.
func frame(headers map[string]string, payload string) string {
	message := eventstream.Message{Payload: []byte(payload)}
	for name, value := range headers {
		message.Headers.Set(name, eventstream.StringValue(value))
	}
	var b bytes.Buffer
	if err := eventstream.NewEncoder().Encode(&b, message); err != nil {
		panic(err)
	}
	return b.String()
}

func event(kind, payload string) string {
	return frame(map[string]string{":message-type": "event", ":event-type": kind, ":content-type": "application/json"}, payload)
}

func exception(kind, payload string) string {
	return frame(map[string]string{":message-type": "exception", ":exception-type": kind}, payload)
}

func delta(text string) string {
	return event("contentBlockDelta", `{"contentBlockIndex":0,"delta":{"text":`+text+`}}`)
}

var (
	start    = event("messageStart", `{"role":"assistant"}`)
	blockEnd = event("contentBlockStop", `{"contentBlockIndex":0}`)
	stop     = event("messageStop", `{"stopReason":"end_turn"}`)
	metadata = event("metadata", `{"usage":{"inputTokens":5,"outputTokens":2,"totalTokens":7},"metrics":{"latencyMs":10}}`)
)

func TestRequests(t *testing.T) {
	messages := []llm.Message{{Role: llm.System, Content: "S"}, {Role: llm.User, Content: "Q"}}
	for _, tc := range []struct {
		name   string
		model  string
		req    llm.Request
		path   string
		accept string
		body   string
	}{
		{
			"the example of the contract", sonnet,
			llm.Request{Messages: messages, MaxTokens: 2048, Temperature: new(0.0), Stop: []string{"Observation:"}, Candidates: 1},
			"/bedrock/model/anthropic.claude-3-5-sonnet-20240620-v1:0/converse", "application/json",
			`{"messages": [{"role": "user", "content": [{"text": "Q"}]}], "additionalModelRequestFields": {}, "system": [{"text": "S"}],
			  "inferenceConfig": {"temperature": 0.0, "maxTokens": 2048, "stopSequences": ["Observation:"]}}`,
		},
		{
			"what is empty is sent, what is missing is not", "converse/m",
			llm.Request{Prompt: "a < b", Stop: []string{}, TopP: new(0.95), TopK: new(4), Stream: true},
			"/bedrock/model/m/converse-stream", "application/vnd.amazon.eventstream",
			`{"messages": [{"role": "user", "content": [{"text": "a < b"}]}], "additionalModelRequestFields": {}, "system": [],
			  "inferenceConfig": {"topP": 0.95, "stopSequences": []}}`,
		},
		{
			"neighbouring messages of one role are merged, and the model may begin", "arn:aws:bedrock:eu-west-1:1:inference-profile/eu.m",
			llm.Request{Messages: []llm.Message{
				{Role: llm.Assistant, Content: "a"},
				{Role: llm.System, Content: "s1"},
				{Role: llm.Assistant, Content: "b"},
				{Role: llm.User, Content: "c"},
				{Role: llm.User, Content: "d"},
				{Role: llm.System, Content: "s2"},
			}},
			"/bedrock/model/arn:aws:bedrock:eu-west-1:1:inference-profile%2Feu.m/converse", "application/json",
			`{"messages": [{"role": "assistant", "content": [{"text": "a"}, {"text": "b"}]}, {"role": "user", "content": [{"text": "c"}, {"text": "d"}]}],
			  "additionalModelRequestFields": {}, "system": [{"text": "s1"}, {"text": "s2"}], "inferenceConfig": {}}`,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			fakes := testkit.NewFakes(t)
			fakes.Script(testkit.Script{Body: answer})
			if tc.req.Stream {
				fakes.Script(testkit.Script{Events: []string{stop}})
			}
			_, err := llmtest.Chunks(llmtest.Generate(t.Context(), t, provider(llmtest.NewClient(t).Client, fakes.URL), ref(tc.model), tc.req))
			if err != nil {
				t.Fatal(err)
			}
			call := fakes.Calls()[0]
			if call.Method != http.MethodPost || call.Path != tc.path {
				t.Errorf("asked %s %s", call.Method, call.Path)
			}
			want := map[string]string{"Content-Type": "application/json", "Accept": tc.accept}
			if diff := cmp.Diff(want, llmtest.Head(call.Header, "Content-Type", "Accept", "X-Api-Key", "X-Amz-Security-Token")); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(llmtest.JSON(t, tc.body), llmtest.JSON(t, string(call.Body))); diff != "" {
				t.Error(diff)
			}
			checkSignature(t, fakes, call, "")
		})
	}
}

// checkSignature signs what arrived once more, with AWS's own library, as the vendor would.
func checkSignature(t *testing.T, fakes *testkit.Fakes, call testkit.Call, session string) {
	t.Helper()
	got := call.Header.Get("Authorization")
	if !strings.HasPrefix(got, "AWS4-HMAC-SHA256 Credential=AKIDTEST/") || !strings.Contains(got, "/eu-west-1/bedrock/aws4_request, SignedHeaders=") {
		t.Fatalf("signed as %s", got)
	}
	at, err := time.Parse("20060102T150405Z", call.Header.Get("X-Amz-Date"))
	if err != nil {
		t.Fatal(err)
	}
	again, err := http.NewRequestWithContext(t.Context(), call.Method, fakes.URL+call.Path, bytes.NewReader(call.Body))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"Accept", "Content-Type", "X-Amz-Security-Token"} {
		if value := call.Header.Get(name); value != "" {
			again.Header.Set(name, value)
		}
	}
	digest := sha256.Sum256(call.Body)
	who := aws.Credentials{AccessKeyID: "AKIDTEST", SecretAccessKey: "SECRETTEST", SessionToken: session}
	if err := v4.NewSigner().SignHTTP(t.Context(), who, again, hex.EncodeToString(digest[:]), "bedrock", "eu-west-1", at); err != nil {
		t.Fatal(err)
	}
	if want := again.Header.Get("Authorization"); got != want {
		t.Errorf("signed as\n%s, want\n%s", got, want)
	}
}

func TestASessionIsPartOfTheLogin(t *testing.T) {
	fakes := testkit.NewFakes(t)
	fakes.Script(testkit.Script{Status: 403, Body: `{"message": "session-token is over"}`})
	o := options(llmtest.NewClient(t).Client, fakes.URL)
	o.SessionToken = "session-token"
	_, err := llmtest.Generate(t.Context(), t, bedrock.New(o), ref(sonnet), llm.Request{Prompt: "q"})
	if err == nil || strings.Contains(err.Error(), "session-token") {
		t.Errorf("got %v", err)
	}
	call := fakes.Calls()[0]
	if got := call.Header.Get("X-Amz-Security-Token"); got != "session-token" {
		t.Errorf("session %q", got)
	}
	checkSignature(t, fakes, call, "session-token")
}

func TestWithoutAKeyTheOperatorsFilesAreLookedUp(t *testing.T) {
	fakes := testkit.NewFakes(t)
	fakes.Script(testkit.Script{Body: answer})
	file := filepath.Join(t.TempDir(), "credentials")
	if err := os.WriteFile(file, []byte("[default]\naws_access_key_id = AKIDTEST\naws_secret_access_key = SECRETTEST\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", file)
	t.Setenv("AWS_CONFIG_FILE", "no-such-file")
	t.Setenv("AWS_ACCESS_KEY_ID", "")
	o := options(llmtest.NewClient(t).Client, fakes.URL)
	o.AccessKeyID, o.SecretAccessKey = "", ""
	if _, err := llmtest.Generate(t.Context(), t, bedrock.New(o), ref(sonnet), llm.Request{Prompt: "q"}); err != nil {
		t.Fatal(err)
	}
	checkSignature(t, fakes, fakes.Calls()[0], "")
}

// The look-up is AWS's own; what is tested is that it is used, and its session with it.
func TestWithoutAKeyTheMachineHasCredentials(t *testing.T) {
	const document = `{"Code": "Success", "Type": "AWS-HMAC", "AccessKeyId": "AKIDTEST", "SecretAccessKey": "SECRETTEST", "Token": "session", "Expiration": "2099-01-01T00:00:00Z"}`
	aws := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/latest/api/token":
			w.Header().Set("X-Aws-Ec2-Metadata-Token-Ttl-Seconds", "60")
			io.WriteString(w, "token of the machine")
		case "/latest/meta-data/iam/security-credentials/":
			io.WriteString(w, "role")
		case "/latest/meta-data/iam/security-credentials/role", "/container":
			io.WriteString(w, document)
		case "/sts", "/sts/":
			io.WriteString(w, `<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>
				<AccessKeyId>AKIDTEST</AccessKeyId><SecretAccessKey>SECRETTEST</SecretAccessKey><SessionToken>session</SessionToken>
				<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`)
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(aws.Close)
	token := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(token, []byte("a.b.c"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, env := range map[string]map[string]string{
		"a container": {"AWS_CONTAINER_CREDENTIALS_FULL_URI": aws.URL + "/container"},
		"a virtual machine": {
			"AWS_EC2_METADATA_SERVICE_ENDPOINT": aws.URL,
		},
		"a pod with an identity": {
			"AWS_WEB_IDENTITY_TOKEN_FILE": token, "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/bedrock", "AWS_ENDPOINT_URL_STS": aws.URL + "/sts",
		},
	} {
		t.Run(name, func(t *testing.T) {
			for _, variable := range []string{"AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"} {
				t.Setenv(variable, "no-such-file")
			}
			t.Setenv("AWS_ACCESS_KEY_ID", "")
			for variable, value := range env {
				t.Setenv(variable, value)
			}
			fakes := testkit.NewFakes(t)
			fakes.Script(testkit.Script{Body: answer})
			o := options(llmtest.NewClient(t).Client, fakes.URL)
			o.AccessKeyID, o.SecretAccessKey = "", ""
			if _, err := llmtest.Generate(t.Context(), t, bedrock.New(o), ref(sonnet), llm.Request{Prompt: "q"}); err != nil {
				t.Fatal(err)
			}
			checkSignature(t, fakes, fakes.Calls()[0], "session")
		})
	}
}

func TestMissingCredentialsAreTheOperatorsAffair(t *testing.T) {
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", "no-such-file")
	t.Setenv("AWS_CONFIG_FILE", "no-such-file")
	t.Setenv("AWS_ACCESS_KEY_ID", "")
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	fakes := testkit.NewFakes(t)
	o := options(llmtest.NewClient(t).Client, fakes.URL)
	o.SecretAccessKey = ""
	_, err := llmtest.Generate(t.Context(), t, bedrock.New(o), ref(sonnet), llm.Request{Prompt: "q"})
	if kind, status := llmtest.KindOf(err); kind != llm.Unauthorized || status != 401 || len(fakes.Calls()) > 0 {
		t.Errorf("got %v", err)
	}
	if !strings.Contains(err.Error(), "Unable to locate credentials") {
		t.Errorf("got %v", err)
	}
}

// to remembers where a request would have gone.
type to struct{ url *url.URL }

func (r *to) RoundTrip(req *http.Request) (*http.Response, error) {
	r.url = req.URL
	return nil, errors.New("nobody is there")
}

func TestTheRegionHasAnAddressOfItsOwn(t *testing.T) {
	var sent to
	o := options(wire.NewClient(wire.Options{Transport: &sent}), "")
	o.Endpoint = ""
	if _, err := llmtest.Generate(t.Context(), t, bedrock.New(o), ref("m"), llm.Request{Prompt: "q"}); err == nil {
		t.Error("somebody answers")
	}
	if got := sent.url.String(); got != "https://bedrock-runtime.eu-west-1.amazonaws.com/model/m/converse" {
		t.Errorf("asked %s", got)
	}
}

func TestIdentity(t *testing.T) {
	got, err := provider(nil, "").Resolve(ref(sonnet))
	if err != nil {
		t.Fatal(err)
	}
	got.Model = nil
	if diff := cmp.Diff(llm.Handle{ID: llm.ID{Engine: "litellm", Name: "bedrock/" + sonnet}, InputLimit: 32768}, got); diff != "" {
		t.Error(diff)
	}
	if _, err := provider(nil, "").Resolve(ref("converse/")); err == nil {
		t.Error("a model without a name is found")
	}
}

func TestAnswers(t *testing.T) {
	text := func(s string) llm.Chunk { return llm.Chunk{Text: s} }
	usage := &llm.Usage{InputTokens: 5, OutputTokens: 2}
	spoilt := []byte(delta(`"b"`))
	spoilt[len(spoilt)-1] ^= 1
	for _, tc := range []struct {
		name   string
		script testkit.Script
		stream bool
		want   []llm.Chunk
		kind   llm.Kind
		status int
	}{
		{"a whole answer", testkit.Script{Body: answer}, false, []llm.Chunk{{Text: "A B", Finish: "end_turn", Usage: usage}}, llmtest.None, 0},
		{
			"one that is cut in two inside a character",
			testkit.Script{Body: `{"output": {"message": {"content": [{"text": "\ud83d"}, {"toolUse": {}}, {"text": "\ude86"}]}}}`},
			false,
			[]llm.Chunk{text("🚆")},
			llmtest.None, 0,
		},
		{"no content", testkit.Script{Body: `{"output": {"message": {"content": []}}}`}, false, []llm.Chunk{{}}, llmtest.None, 0},
		{"no message", testkit.Script{Body: `{"output": {}}`}, false, nil, llm.Unavailable, 500},
		{"no JSON", testkit.Script{Body: `<html>`}, false, nil, llm.Unavailable, 500},
		{
			"a stream",
			testkit.Script{Events: []string{start, delta(`"Der "`), delta(`"Zug"`), delta(`""`), blockEnd, stop, metadata}},
			true,
			[]llm.Chunk{text("Der "), text("Zug"), {Finish: "end_turn", Usage: usage}},
			llmtest.None, 0,
		},
		{
			"a stream in odd pieces",
			testkit.Script{Events: llmtest.Odd(start + delta(`"\ud83d"`) + delta(`"\ude86!"`) + stop + metadata)},
			true,
			[]llm.Chunk{text("🚆!"), {Finish: "end_turn", Usage: usage}},
			llmtest.None, 0,
		},
		{"a stream that just ends", testkit.Script{Events: []string{start, delta(`"a"`)}}, true, []llm.Chunk{text("a"), {}}, llmtest.None, 0},
		{"an empty stream", testkit.Script{Events: []string{}}, true, []llm.Chunk{{}}, llmtest.None, 0},
		{
			"events that nobody knows",
			testkit.Script{Events: []string{event("ping", `{}`), delta(`"a"`), event("contentBlockDelta", `{"delta":{"toolUse":{}}}`)}},
			true,
			[]llm.Chunk{text("a"), {}},
			llmtest.None, 0,
		},
		{
			"an overload in the middle",
			testkit.Script{Events: []string{delta(`"a"`), exception("throttlingException", `{"message":"slow down"}`)}},
			true,
			[]llm.Chunk{text("a")},
			llm.Overloaded, 429,
		},
		{
			"a request that is wrong after all", testkit.Script{Events: []string{exception("validationException", `{"message":"no"}`)}}, true, nil, llm.Refused, 400,
		},
		{
			"a model that breaks", testkit.Script{Events: []string{exception("modelStreamErrorException", `{"message":"no"}`)}}, true, nil, llm.Unavailable, 500,
		},
		{
			"an exception that nobody knows", testkit.Script{Events: []string{exception("oddException", `{}`)}}, true, nil, llm.Unavailable, 503,
		},
		{
			"an error without a payload",
			testkit.Script{Events: []string{frame(map[string]string{":message-type": "error", ":error-code": "internalServerException", ":error-message": "oh"}, "")}},
			true, nil, llm.Unavailable, 503,
		},
		{"a broken connection", testkit.Script{Events: []string{delta(`"a"`), delta(`"b"`)}, CutAt: 1}, true, []llm.Chunk{text("a")}, llm.Unavailable, 500},
		{
			"half a frame", testkit.Script{Events: []string{delta(`"a"`), delta(`"b"`)[:50]}}, true, []llm.Chunk{text("a")}, llm.Unavailable, 500,
		},
		{"half a prelude", testkit.Script{Events: []string{delta(`"a"`)[:7]}}, true, nil, llm.Unavailable, 500},
		{"a frame whose checksum is wrong", testkit.Script{Events: []string{delta(`"a"`), string(spoilt)}}, true, []llm.Chunk{text("a")}, llm.Unavailable, 500},
		{
			"a frame of four gigabytes", testkit.Script{Events: []string{"\xff\xff\xff\xff\x00\x00\x00\x00\x00\x00\x00\x00"}}, true, nil, llm.Unavailable, 500,
		},
		{
			"headers that are longer than their frame",
			testkit.Script{Events: []string{"\x00\x00\x00\x10\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00"}},
			true,
			nil, llm.Unavailable, 500,
		},
		{"a payload that is no JSON", testkit.Script{Events: []string{event("contentBlockDelta", "{")}}, true, nil, llm.Unavailable, 500},
		{
			"a model that repeats itself", testkit.Script{Events: slices.Repeat([]string{delta(`"again"`)}, 101)}, true, slices.Repeat([]llm.Chunk{text("again")}, 100), llm.Unavailable, 500,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			fakes := testkit.NewFakes(t)
			fakes.Script(tc.script)
			p := provider(llmtest.NewClient(t).Client, fakes.URL)
			got, err := llmtest.Chunks(llmtest.Generate(t.Context(), t, p, ref(sonnet), llm.Request{Prompt: "q", Stream: tc.stream}))
			llmtest.CheckChunks(t, tc.want, tc.kind, tc.status, got, err)
		})
	}
}

// The row "bedrock" of section 9.10: what the vendor says counts first. Statuses alone are those of TestAdapter.
func TestErrors(t *testing.T) {
	said := func(status int, message string) testkit.Script {
		return testkit.Script{Status: status, Body: `{"message": "` + message + `"}`}
	}
	for _, tc := range []struct {
		name   string
		script testkit.Script
		kind   llm.Kind
		status int
		calls  int
	}{
		{"throttling", said(500, "ThrottlingException happened"), llm.Overloaded, 429, 1},
		{"no access", said(400, "AccessDeniedException: no"), llm.Unauthorized, 403, 1},
		{"a malformed request", said(500, "Malformed input request: x"), llm.Refused, 400, 1},
		{"credentials", said(500, "Unable to locate credentials"), llm.Unauthorized, 401, 1},
		{"a time-out that the text tells", said(424, "the model timed out"), llm.TimedOut, 408, 1},
		{"424", said(424, "bad"), llm.Unavailable, 500, 1},
		{
			"an error that only a header names", testkit.Script{
				Status: 403, Headers: map[string]string{"x-amzn-errortype": "AccessDeniedException"}, Body: `{"message":"not yours"}`,
			}, llm.Unauthorized, 403, 1,
		},
	} {
		for _, stream := range []bool{false, true} {
			t.Run(tc.name, func(t *testing.T) {
				fakes := testkit.NewFakes(t)
				fakes.Script(tc.script)
				p := provider(llmtest.NewClient(t).Client, fakes.URL)
				_, err := llmtest.Generate(t.Context(), t, p, ref(sonnet), llm.Request{Prompt: "q", Stream: stream})
				if kind, status := llmtest.KindOf(err); kind != tc.kind || status != tc.status || len(fakes.Calls()) != tc.calls {
					t.Errorf("%d calls, status %d, error %v", len(fakes.Calls()), status, err)
				}
			})
		}
	}
}

func TestTimeOuts(t *testing.T) {
	for _, tc := range []struct {
		name    string
		stream  bool
		timeout time.Duration
		want    time.Duration
	}{
		{"a whole answer", false, 0, 600 * time.Second},
		{"the request's own", false, time.Second, time.Second},
		{"a stream has its own, whatever the request says", true, time.Second, 600 * time.Second},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				req := llm.Request{Prompt: "x", Stream: tc.stream, Timeout: tc.timeout}
				_, err := llmtest.Generate(t.Context(), t, provider(llmtest.Silence(), "http://h"), ref(sonnet), req)
				if kind, status := llmtest.KindOf(err); kind != llm.TimedOut || status != 408 || time.Since(began) != tc.want {
					t.Errorf("got %v, status %d after %v", err, status, time.Since(began))
				}
			})
		})
	}
}

func FuzzAnswers(f *testing.F) {
	f.Add([]byte(answer))
	f.Add([]byte(start + delta(`"a\ud83d"`) + delta(`"\ude00"`) + stop + metadata))
	f.Add([]byte(delta(`"a"`) + exception("throttlingException", `{}`)))
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, stream := range []bool{false, true} {
			llmtest.CheckAnswer(t, string(body), func(http *wire.Client) (llm.Stream, error) {
				return llmtest.Generate(t.Context(), t, provider(http, "http://h"), ref(sonnet), llm.Request{Prompt: "x", Stream: stream})
			})
		}
	})
}

// FuzzEvents spares the fuzzer the checksums.
func FuzzEvents(f *testing.F) {
	f.Add("event", "contentBlockDelta", `{"delta":{"text":"a\ud83d"}}`)
	f.Add("exception", "throttlingException", `{"message":"x"}`)
	f.Add("error", "internalServerException", "")
	f.Fuzz(func(t *testing.T, message, kind, payload string) {
		const most = 1 << 10 // a header's value has a limit, too
		message, kind = message[:min(len(message), most)], kind[:min(len(kind), most)]
		one := frame(map[string]string{":message-type": message, ":event-type": kind, ":exception-type": kind, ":error-code": kind}, payload)
		llmtest.CheckAnswer(t, start+one+stop, func(http *wire.Client) (llm.Stream, error) {
			return llmtest.Generate(t.Context(), t, provider(http, "http://h"), ref(sonnet), llm.Request{Prompt: "x", Stream: true})
		})
	})
}
