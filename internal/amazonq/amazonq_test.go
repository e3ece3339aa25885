package amazonq_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/google/go-cmp/cmp"
	"github.com/lestrrat-go/jwx/v3/jwa"
	"github.com/lestrrat-go/jwx/v3/jws"

	"github.com/ai-gateway/ai-gateway/internal/amazonq"
	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
)

func TestAnApplicationIsConnectedInThreeSteps(t *testing.T) {
	w := newWorld(t)
	if err := w.connect(t); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"/glgo/cc/token", "/sts", "CreateOAuthAppConnection"}, w.operations()); diff != "" {
		t.Fatal(diff)
	}
	t.Run("glgo is shown the caller's token", func(t *testing.T) { checkExchange(t, w.calls()[0]) })
	t.Run("STS lends the role", func(t *testing.T) { checkRole(t, w.calls()[1]) })
	t.Run("Amazon Q gets the application", func(t *testing.T) {
		want := `{"clientId":"cid","clientSecret":"client-sëcret","instanceUrl":"https://gitlab.example.com?a=1&b=2",` +
			`"redirectUrl":"https://gitlab.example.com/cb"}`
		if w.calls()[2].Body != want {
			t.Errorf("got %s", w.calls()[2].Body)
		}
		checkSignature(t, w, w.calls()[2])
	})
	want := []string{
		"INFO Obtained Glgo token [user_id=user-9 source=ai_gateway.integrations.amazon_q.client]",
		"INFO Creating OAuth Application Connection. [source=ai_gateway.integrations.amazon_q.client]",
	}
	if diff := cmp.Diff(want, w.logged); diff != "" {
		t.Error(diff)
	}
}

func checkExchange(t *testing.T, got asked) {
	t.Helper()
	if got.Body != `{"user_id":"user-9"}` || got.Header.Get("Content-Type") != "application/json" {
		t.Errorf("got %s %v", got.Body, got.Header)
	}
	assertion, ok := strings.CutPrefix(got.Header.Get("Authorization"), "Bearer ")
	if !ok {
		t.Fatalf("got %v", got.Header)
	}
	payload, err := jws.Verify([]byte(assertion), jws.WithKey(jwa.RS256(), &signingKey().PublicKey))
	if err != nil {
		t.Fatal(err)
	}
	var claims map[string]any
	if err := json.Unmarshal(payload, &claims); err != nil {
		t.Fatal(err)
	}
	if id, _ := claims["jti"].(string); len(id) != 36 {
		t.Errorf("jti: %v", claims["jti"])
	}
	delete(claims, "jti")
	at := float64(now.Unix())
	want := map[string]any{
		"iss": "https://cloud.gitlab.com", "aud": "glgo", "iat": at, "nbf": at, "exp": at + 3600, "cct": "gitlab-token", "uid": "user-9",
	}
	if diff := cmp.Diff(want, claims); diff != "" {
		t.Error(diff)
	}
	encoded, _, _ := strings.Cut(assertion, ".")
	header, _ := base64.RawURLEncoding.DecodeString(encoded)
	var fields map[string]string
	if err := json.Unmarshal(header, &fields); err != nil || fields["typ"] != "JWT" || fields["alg"] != "RS256" || len(fields["kid"]) != 43 {
		t.Errorf("header: %s, %v", header, err)
	}
}

func checkRole(t *testing.T, got asked) {
	t.Helper()
	form, err := url.ParseQuery(got.Body)
	want := url.Values{
		"Action": {"AssumeRoleWithWebIdentity"}, "Version": {"2011-06-15"}, "RoleArn": {role}, "RoleSessionName": {"instance-42"},
		"WebIdentityToken": {"oidc-token"}, "DurationSeconds": {"43200"},
	}
	if diff := cmp.Diff(want, form); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
	if got.Header.Get("Authorization") != "" || !strings.HasPrefix(got.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		t.Errorf("want an unsigned form, got %v", got.Header)
	}
}

// checkSignature signs the call again, the way AWS does to check it.
func checkSignature(t *testing.T, w *world, got asked) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.url+"/q", nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"Content-Type", "X-Amz-Target"} {
		r.Header.Set(name, got.Header.Get(name))
	}
	credentials := aws.Credentials{AccessKeyID: "ASIAFAKE", SecretAccessKey: "secret-access-key", SessionToken: "SESSION"}
	hash := sha256.Sum256([]byte(got.Body))
	if err := v4.NewSigner().SignHTTP(t.Context(), credentials, r, hex.EncodeToString(hash[:]), "q", "us-east-1", now); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"Authorization", "X-Amz-Date", "X-Amz-Security-Token"} {
		if got.Header.Get(name) != r.Header.Get(name) || r.Header.Get(name) == "" {
			t.Errorf("%s: want %s, got %s", name, r.Header.Get(name), got.Header.Get(name))
		}
	}
	const scope = "AWS4-HMAC-SHA256 Credential=ASIAFAKE/20241220/us-east-1/q/aws4_request, " +
		"SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target, Signature="
	if !strings.HasPrefix(got.Header.Get("Authorization"), scope) || got.Header.Get("Content-Type") != "application/x-amz-json-1.0" {
		t.Errorf("got %v", got.Header)
	}
}

func TestAnApplicationThatIsKnownIsUpdated(t *testing.T) {
	for _, status := range []int{400, 409} {
		w := newWorld(t)
		w.q = []reply{refusal(status, "aws.q#ConflictException", "exists", ""), {status: 200, body: "{}"}}
		if err := w.connect(t); err != nil {
			t.Fatal(err)
		}
		want := []string{"/glgo/cc/token", "/sts", "CreateOAuthAppConnection", "UpdateOAuthAppConnection"}
		if diff := cmp.Diff(want, w.operations()); diff != "" || w.calls()[2].Body != w.calls()[3].Body {
			t.Errorf("status %d: %s", status, diff)
		}
	}
}

func TestAnEventIsSentAsTheContractHasIt(t *testing.T) {
	text := func(s string) *string { return &s }
	for _, tc := range []struct {
		name  string
		event amazonq.Event
		want  string
	}{
		{"a merge request, without what is null", &amazonq.MergeRequest{
			Command: "dev", Source: "merge_request", ProjectPath: "acme/shop", ProjectID: "278", DiscussionID: "d1", MergeRequestID: "11",
			MergeRequestIID: "5", SourceBranch: "feat/ü", TargetBranch: "main", LastCommitID: "abc123", FilePath: text("lib/<ä>.rb"), CommentStartLine: text("3"),
		}, `{"command":"dev","source":"merge_request","project_path":"acme/shop","project_id":"278","discussion_id":"d1",` +
			`"merge_request_id":"11","merge_request_iid":"5","source_branch":"feat/ü","target_branch":"main","last_commit_id":"abc123",` +
			`"file_path":"lib/<ä>.rb","comment_start_line":"3"}`},
		{"a merge request with everything", &amazonq.MergeRequest{
			Command: "test", Source: "merge_request", ProjectPath: "p", ProjectID: "1", NoteID: text(""), DiscussionID: "", MergeRequestID: "2",
			MergeRequestIID: "3", SourceBranch: "s", TargetBranch: "t", LastCommitID: "c", StartSHA: text("a"), HeadSHA: text("b"), FilePath: text("f"),
			CommentStartLine: text("10"), CommentEndLine: text("14"), UserMessage: text("cover edge cases"),
		}, `{"command":"test","source":"merge_request","project_path":"p","project_id":"1","note_id":"","discussion_id":"",` +
			`"merge_request_id":"2","merge_request_iid":"3","source_branch":"s","target_branch":"t","last_commit_id":"c","start_sha":"a",` +
			`"head_sha":"b","file_path":"f","comment_start_line":"10","comment_end_line":"14","user_message":"cover edge cases"}`},
		{"an issue", &amazonq.Issue{
			Command: "dev", Source: "issue", ProjectPath: "p", ProjectID: "1", NoteID: text("5"), DiscussionID: "d", IssueID: "9", IssueIID: "3",
		}, `{"command":"dev","source":"issue","project_path":"p","project_id":"1","note_id":"5","discussion_id":"d","issue_id":"9","issue_iid":"3"}`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := newWorld(t)
			if err := w.service().Send(t.Context(), caller, role, grant, tc.event); err != nil {
				t.Fatal(err)
			}
			var sent map[string]string
			if err := json.Unmarshal([]byte(w.calls()[2].Body), &sent); err != nil {
				t.Fatal(err)
			}
			event, err := base64.StdEncoding.DecodeString(sent["event"])
			if err != nil || string(event) != tc.want {
				t.Errorf("got %s, %v", event, err)
			}
			if len(sent["clientToken"]) != 36 {
				t.Errorf("client token: %q", sent["clientToken"])
			}
			delete(sent, "event")
			delete(sent, "clientToken")
			if diff := cmp.Diff(map[string]string{"providerId": "GITLAB", "eventId": "Quick Action", "eventVersion": "1.0"}, sent); diff != "" {
				t.Error(diff)
			}
			checkSignature(t, w, w.calls()[2])
		})
	}
}

func TestAUserWhomAmazonQDoesNotKnowIsIntroduced(t *testing.T) {
	denied := func(reason string) reply { return refusal(403, "AccessDeniedException", "no", reason) }
	done := reply{status: 200, body: "{}"}
	for _, tc := range []struct {
		name string
		q    []reply
		want []string // after the credentials
		err  string
	}{
		{"an identity that has expired", []reply{denied("gitLabExpiredIdentity"), done}, []string{"SendEvent", "CreateAuthGrant", "SendEvent"}, ""},
		{"an identity that is not valid", []reply{denied("gitLabInvalidIdentity"), done}, []string{"SendEvent", "UpdateAuthGrant", "SendEvent"}, ""},
		{
			"another reason",
			[]reply{denied("other")},
			[]string{"SendEvent"},
			"An error occurred (AccessDeniedException) when calling the SendEvent operation: no",
		},
		{
			"no reason",
			[]reply{denied("")},
			[]string{"SendEvent"},
			"An error occurred (AccessDeniedException) when calling the SendEvent operation: no",
		},
		{
			"the grant is refused",
			[]reply{denied("gitLabInvalidIdentity"), refusal(400, "ValidationException", "bad code "+grant, "")},
			[]string{"SendEvent", "UpdateAuthGrant"},
			"An error occurred (ValidationException) when calling the UpdateAuthGrant operation: bad code [secret]",
		},
		{
			"the second try is refused, too",
			[]reply{denied("gitLabExpiredIdentity"), done, denied("gitLabExpiredIdentity")},
			[]string{"SendEvent", "CreateAuthGrant", "SendEvent"},
			"An error occurred (AccessDeniedException) when calling the SendEvent operation: no",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := newWorld(t)
			w.q = tc.q
			err := w.send(t)
			if (err == nil) != (tc.err == "") || err != nil && err.Error() != tc.err {
				t.Errorf("want %q, got %v", tc.err, err)
			}
			if diff := cmp.Diff(tc.want, w.operations()[2:]); diff != "" {
				t.Error(diff)
			}
			if len(tc.want) > 1 && w.calls()[3].Body != `{"code":"`+grant+`"}` {
				t.Errorf("the grant: %s", w.calls()[3].Body)
			}
			if len(tc.want) > 2 && w.calls()[2].Body == w.calls()[4].Body {
				t.Error("the second event has the client token of the first")
			}
		})
	}
}

func TestTheCallerNeedsAnIdentity(t *testing.T) {
	for _, tc := range []struct {
		name   string
		caller amazonq.Caller
		glgo   reply
		calls  int
	}{
		{"no token", amazonq.Caller{UserID: "u"}, reply{status: 200, body: `{"token":"t"}`}, 0},
		{"glgo refuses", caller, reply{status: 401, body: `{"token":"leaked-token"}`}, 1},
		{"glgo fails, which is not repeated", caller, reply{status: 503, body: "leaked-token"}, 1},
		{"glgo redirects", caller, reply{status: 302, body: "leaked-token"}, 1},
		{"glgo says something else", caller, reply{status: 200, body: `<html>leaked-token`}, 1},
		{"glgo says null", caller, reply{status: 200, body: `null`}, 1},
		{"glgo's token is no text", caller, reply{status: 200, body: `{"token":["leaked-token"]}`}, 1},
		{"glgo hangs up", caller, reply{cut: true}, 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := newWorld(t)
			w.glgo = []reply{tc.glgo}
			err := w.service().Connect(t.Context(), tc.caller, role, application)
			var failure *amazonq.IdentityError
			if !errors.As(err, &failure) || strings.Contains(err.Error(), "token\"") || strings.Contains(err.Error(), "leaked") {
				t.Errorf("got %v", err)
			}
			if len(w.calls()) != tc.calls || len(w.logged) != 0 {
				t.Errorf("%d calls, logged %v", len(w.calls()), w.logged)
			}
		})
	}
	t.Run("no user id", func(t *testing.T) {
		w := newWorld(t)
		err := w.service().Connect(t.Context(), amazonq.Caller{Token: "t"}, role, application)
		if !errors.Is(err, amazonq.ErrNoUserID) || len(w.calls()) > 0 {
			t.Errorf("got %v, and %d calls", err, len(w.calls()))
		}
	})
	t.Run("a token that nobody looked at names no session", func(t *testing.T) {
		w := newWorld(t)
		if err := w.service().Connect(t.Context(), amazonq.Caller{UserID: "u", Token: "t"}, role, application); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(w.calls()[1].Body, "RoleSessionName=placeholder&") || !strings.HasPrefix(w.logged[1], "WARN ") {
			t.Errorf("got %s, logged %v", w.calls()[1].Body, w.logged)
		}
	})
}

func TestWhatAWSWouldNotLookAtIsNotSent(t *testing.T) {
	const parameters = "Parameter validation failed:\n"
	for _, tc := range []struct {
		name, role, subject, glgo, want string
	}{
		{
			"a role that is too short", "arn", "s-1", `{"token":"oidc"}`,
			parameters + "Invalid length for parameter RoleArn, value: 3, valid min length: 20",
		},
		{
			"a session that is too short", role, "s", `{"token":"oidc"}`,
			parameters + "Invalid length for parameter RoleSessionName, value: 1, valid min length: 2",
		},
		{
			"no token", role, "s-1", `{}`,
			parameters + "Invalid type for parameter WebIdentityToken, value: None, type: <class 'NoneType'>, valid types: <class 'str'>",
		},
		{
			"everything at once", "", "ü", `{"token":"abc"}`,
			parameters + "Invalid length for parameter RoleArn, value: 0, valid min length: 20\n" +
				"Invalid length for parameter RoleSessionName, value: 1, valid min length: 2\n" +
				"Invalid length for parameter WebIdentityToken, value: 3, valid min length: 4",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := newWorld(t)
			w.glgo = []reply{{status: 200, body: tc.glgo}}
			err := w.service().Connect(t.Context(), amazonq.Caller{UserID: "u", Token: "t", Subject: tc.subject}, tc.role, application)
			var failure *amazonq.ParameterError
			if !errors.As(err, &failure) || err.Error() != tc.want || len(w.calls()) != 1 {
				t.Errorf("got %v, and %d calls", err, len(w.calls()))
			}
		})
	}
}

func TestWhatAServiceRefusesIsToldInItsWords(t *testing.T) {
	const create, assume = "CreateOAuthAppConnection", "AssumeRoleWithWebIdentity"
	for _, tc := range []struct {
		name   string
		sts, q []reply
		want   amazonq.ServiceError
		calls  int // to the service that refuses
	}{
		{
			"Amazon Q: not found", nil,
			[]reply{refusal(404, "ResourceNotFoundException", "nothing", "")},
			amazonq.ServiceError{Code: "ResourceNotFoundException", Operation: create, Message: "nothing", Status: 404},
			1,
		},
		{
			"Amazon Q: not valid; the secret is not repeated", nil,
			[]reply{refusal(400, "ValidationException", "client-sëcret is bad", "")},
			amazonq.ServiceError{Code: "ValidationException", Operation: create, Message: "[secret] is bad", Status: 400},
			1,
		},
		{
			"Amazon Q: denied, with a namespace", nil,
			[]reply{refusal(403, "com.amazon#AccessDeniedException", "no", "other")},
			amazonq.ServiceError{Code: "AccessDeniedException", Operation: create, Message: "no", Status: 403},
			1,
		},
		{
			"Amazon Q: throttled, whatever the status, five times", nil,
			[]reply{refusal(400, "ThrottlingException", "slow down", "")},
			amazonq.ServiceError{Code: "ThrottlingException", Operation: create, Message: "slow down", Status: 400, Exhausted: true},
			5,
		},
		{
			"Amazon Q: broken, five times", nil,
			[]reply{refusal(500, "InternalServerException", "oops", "")},
			amazonq.ServiceError{Code: "InternalServerException", Operation: create, Message: "oops", Status: 500, Exhausted: true},
			5,
		},
		{
			"Amazon Q: an answer that is no JSON", nil,
			[]reply{{status: 418, body: "<html>"}},
			amazonq.ServiceError{Code: "418", Operation: create, Status: 418},
			1,
		},
		{
			"Amazon Q: an answer without a code", nil,
			[]reply{{status: 400, body: `{"message":"m"}`}},
			amazonq.ServiceError{Code: "400", Operation: create, Status: 400},
			1,
		},
		{
			"Amazon Q: a redirect", nil,
			[]reply{{status: 307}},
			amazonq.ServiceError{Code: "307", Operation: create, Status: 307},
			1,
		},
		{
			"STS: denied; the token is not repeated",
			[]reply{stsRefusal(403, "AccessDenied", "oidc-token may not")},
			nil,
			amazonq.ServiceError{Code: "AccessDenied", Operation: assume, Message: "[secret] may not", Status: 403},
			1,
		},
		{
			"STS: a token that is not valid",
			[]reply{stsRefusal(400, "InvalidIdentityToken", "bad issuer")},
			nil,
			amazonq.ServiceError{Code: "InvalidIdentityToken", Operation: assume, Message: "bad issuer", Status: 400},
			1,
		},
		{
			"STS: a token that has expired",
			[]reply{stsRefusal(400, "ExpiredTokenException", "too late")},
			nil,
			amazonq.ServiceError{Code: "ExpiredTokenException", Operation: assume, Message: "too late", Status: 400},
			1,
		},
		{
			"STS: throttled, five times",
			[]reply{stsRefusal(400, "Throttling", "Rate exceeded")},
			nil,
			amazonq.ServiceError{Code: "Throttling", Operation: assume, Message: "Rate exceeded", Status: 400, Exhausted: true},
			5,
		},
		{
			"STS: broken, five times",
			[]reply{stsRefusal(503, "ServiceUnavailable", "later")},
			nil,
			amazonq.ServiceError{Code: "ServiceUnavailable", Operation: assume, Message: "later", Status: 503, Exhausted: true},
			5,
		},
		{
			"STS: an answer that is no XML",
			[]reply{{status: 403, body: "go away"}},
			nil,
			amazonq.ServiceError{Code: "403", Operation: assume, Status: 403},
			1,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := newWorld(t)
			before := 1
			if tc.sts != nil {
				w.sts = tc.sts
			} else {
				w.q, before = tc.q, 2
			}
			err := w.connect(t)
			var failure *amazonq.ServiceError
			if !errors.As(err, &failure) {
				t.Fatalf("got %v", err)
			}
			if diff := cmp.Diff(tc.want.Error(), failure.Error()); diff != "" || failure.Status != tc.want.Status || failure.Code != tc.want.Code {
				t.Errorf("got %+v", failure)
			}
			if got := len(w.calls()) - before; got != tc.calls {
				t.Errorf("%d calls", got)
			}
		})
	}
}

func TestWhatPassesIsRepeated(t *testing.T) {
	for _, status := range []int{429, 500, 502, 503, 504, 509} {
		w := newWorld(t)
		w.q = []reply{{status: status}, {cut: true}, refusal(400, "SlowDown", "", ""), {status: 200, body: "{}"}}
		w.sts = []reply{{status: status}, {cut: true}, {status: 200, body: lent}}
		if err := w.send(t); err != nil {
			t.Fatalf("status %d: %v", status, err)
		}
		if diff := cmp.Diff([]string{
			"/glgo/cc/token", "/sts", "/sts", "/sts", "SendEvent", "SendEvent", "SendEvent", "SendEvent",
		}, w.operations()); diff != "" {
			t.Errorf("status %d: %s", status, diff)
		}
		if w.calls()[4].Body != w.calls()[7].Body {
			t.Error("the attempts of a call have different client tokens")
		}
	}
}

func TestAServiceThatDoesNotAnswerIsUnreachable(t *testing.T) {
	for name, script := range map[string]func(*world){
		"STS hangs up":            func(w *world) { w.sts = []reply{{cut: true}} },
		"STS lends nothing":       func(w *world) { w.sts = []reply{{status: 200, body: "<AssumeRoleWithWebIdentityResponse/>"}} },
		"STS says something else": func(w *world) { w.sts = []reply{{status: 200, body: "{}"}} },
		"Amazon Q hangs up":       func(w *world) { w.q = []reply{{cut: true}} },
		"nobody is there": func(w *world) {
			w.unconfigured = func(o *amazonq.Options) { o.EndpointURL = "http://u:password@127.0.0.1:1" }
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			script(w)
			err := w.connect(t)
			var failure *amazonq.UnreachableError
			if !errors.As(err, &failure) || strings.Contains(err.Error(), "password") || strings.Contains(err.Error(), "secret") {
				t.Errorf("got %v", err)
			}
		})
	}
}

// late is the way to a service that says nothing for as long as a call may take.
type late struct {
	http.RoundTripper
	service string
}

func (l late) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.HasPrefix(r.URL.Path, l.service) {
		return nil, os.ErrDeadlineExceeded
	}
	return l.RoundTripper.RoundTrip(r)
}

func TestAServiceThatSaysNothingIsUnreachable(t *testing.T) {
	for service, reached := range map[string]int{"/glgo": 0, "/sts": 1, "/q": 2} {
		t.Run(service, func(t *testing.T) {
			w := newWorld(t)
			pool := wire.NewTransport()
			t.Cleanup(pool.CloseIdleConnections)
			w.http = wire.NewClient(wire.Options{Transport: late{pool, service}})
			err := w.connect(t)
			var identity *amazonq.IdentityError
			var failure *amazonq.UnreachableError
			if service == "/glgo" && !errors.As(err, &identity) || service != "/glgo" && !errors.As(err, &failure) || llm.ErrorOf(err).Kind != llm.TimedOut {
				t.Errorf("got %v", err)
			}
			if got := len(w.calls()); got != reached {
				t.Errorf("%d calls arrived", got)
			}
		})
	}
}

func TestTheCallsEndWithTheClient(t *testing.T) {
	for name, script := range map[string]func(*world){
		"glgo":     func(w *world) { w.glgo = []reply{{hold: true}} },
		"STS":      func(w *world) { w.sts = []reply{{hold: true}} },
		"Amazon Q": func(w *world) { w.q = []reply{{hold: true}} },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			script(w)
			ctx, leave := context.WithCancel(t.Context())
			ended := make(chan error, 1)
			go func() { ended <- w.service().Connect(ctx, caller, role, application) }()
			<-w.held
			leave()
			if err := <-ended; !errors.Is(err, context.Canceled) {
				t.Errorf("got %v", err)
			}
			<-w.left
		})
	}
}

func TestASettingThatIsMissingOrWrongIsNamed(t *testing.T) {
	for _, tc := range []struct {
		name, setting string
		change        func(*amazonq.Options)
	}{
		{"no key", "AIGW_SELF_SIGNED_JWT__SIGNING_KEY", func(o *amazonq.Options) { o.SigningKey = nil }},
		{"no region", "AIGW_AMAZON_Q__REGION", func(o *amazonq.Options) { o.Region = "" }},
		{"no endpoint", "AIGW_AMAZON_Q__ENDPOINT_URL", func(o *amazonq.Options) { o.EndpointURL = "" }},
		{"an endpoint that is no URL", "AIGW_AMAZON_Q__ENDPOINT_URL", func(o *amazonq.Options) { o.EndpointURL = "://user:password@x" }},
		{"an endpoint without a scheme", "AIGW_AMAZON_Q__ENDPOINT_URL", func(o *amazonq.Options) { o.EndpointURL = "q.example.com" }},
		{"an endpoint of another kind", "AIGW_AMAZON_Q__ENDPOINT_URL", func(o *amazonq.Options) { o.EndpointURL = "ftp://user:password@x" }},
		{"a URL of STS that is none", "AWS_ENDPOINT_URL_STS", func(o *amazonq.Options) { o.STSURL = "sts.example.com" }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := newWorld(t)
			w.unconfigured = tc.change
			for _, err := range []error{w.connect(t), w.send(t)} {
				var failure *amazonq.NotConfiguredError
				if !errors.As(err, &failure) || err.Error() != "Amazon Q is not configured: "+tc.setting+" is not set, or cannot be used" {
					t.Errorf("got %v", err)
				}
			}
			if len(w.calls()) > 0 {
				t.Errorf("%d calls", len(w.calls()))
			}
		})
	}
}
