package amazonq_test

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/ai-gateway/ai-gateway/internal/amazonq"
	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// signingKey is the gateway's key.
var signingKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

// reply is an answer of one of the three services.
type reply struct {
	status int
	body   string
	hold   bool // nothing comes before the caller has left
	cut    bool // the connection ends instead
}

// asked is a call to one of them.
type asked struct {
	Path, Target, Body string
	Header             http.Header
}

// world is glgo, STS and Amazon Q. Each answers its replies one after another, the last one repeating.
type world struct {
	url           string
	http          *wire.Client
	glgo, sts, q  []reply
	held, left    chan struct{} // closed when a call is held, and when its caller has left
	unconfigured  func(*amazonq.Options)
	mu            sync.Mutex
	asked         []asked
	logged        []string
	answeredSoFar map[string]int
}

const (
	lent = `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult><Credentials>` +
		`<AccessKeyId>ASIAFAKE</AccessKeyId><SecretAccessKey>secret-access-key</SecretAccessKey><SessionToken>SESSION</SessionToken>` +
		`<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`
	role  = "arn:aws:iam::123456789012:role/q-dev-role"
	grant = "oauth-grant-code"
)

// newWorld starts all three, which do what they are asked unless scripted otherwise.
func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{
		glgo: []reply{{status: 200, body: `{"token":"oidc-token"}`}}, sts: []reply{{status: 200, body: lent}}, q: []reply{{status: 200, body: "{}"}},
		held: make(chan struct{}), left: make(chan struct{}), answeredSoFar: map[string]int{},
	}
	server := httptest.NewServer(w)
	transport := wire.NewTransport()
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		server.Close()
	})
	w.url, w.http = server.URL, wire.NewClient(wire.Options{Transport: transport})
	return w
}

func (w *world) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	service, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	w.mu.Lock()
	w.asked = append(w.asked, asked{r.RequestURI, strings.TrimPrefix(r.Header.Get("X-Amz-Target"), "AWSQDeveloperIntegrationService."), string(body), r.Header})
	replies := map[string][]reply{"glgo": w.glgo, "sts": w.sts, "q": w.q}[service]
	n := min(w.answeredSoFar[service], len(replies)-1)
	w.answeredSoFar[service]++
	w.mu.Unlock()
	switch answer := replies[n]; {
	case answer.hold:
		close(w.held)
		<-r.Context().Done()
		close(w.left)
	case answer.cut:
		panic(http.ErrAbortHandler)
	default:
		rw.WriteHeader(answer.status)
		_, _ = io.WriteString(rw, answer.body)
	}
}

var now = time.Date(2024, 12, 20, 12, 0, 0, 0, time.UTC)

func (w *world) service() *amazonq.Service {
	options := amazonq.Options{
		HTTP: w.http, SigningKey: signingKey(), GlgoURL: w.url + "/glgo", Region: "us-east-1", EndpointURL: w.url + "/q", STSURL: w.url + "/sts",
		Log: func(_ context.Context, level slog.Level, message string, attrs ...slog.Attr) {
			w.logged = append(w.logged, fmt.Sprint(level, " ", message, " ", attrs))
		},
		Now:    func() time.Time { return now },
		Random: func() float64 { return 0 }, // nobody waits
	}
	if w.unconfigured != nil {
		w.unconfigured(&options)
	}
	return amazonq.New(options)
}

// calls are all calls so far.
func (w *world) calls() []asked {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.asked)
}

// operations are the calls in order: the operation for Amazon Q, else the path.
func (w *world) operations() (names []string) {
	for _, a := range w.calls() {
		names = append(names, cmp.Or(a.Target, a.Path))
	}
	return names
}

var (
	caller      = amazonq.Caller{UserID: "user-9", Token: "gitlab-token", Subject: "instance-42"}
	application = amazonq.Application{
		ClientID: "cid", ClientSecret: "client-sëcret", InstanceURL: "https://gitlab.example.com?a=1&b=2", RedirectURL: "https://gitlab.example.com/cb",
	}
)

func (w *world) connect(t *testing.T) error {
	t.Helper()
	return w.service().Connect(t.Context(), caller, role, application)
}

func (w *world) send(t *testing.T) error {
	t.Helper()
	return w.service().Send(t.Context(), caller, role, grant, &amazonq.Issue{Command: "dev", Source: "issue"})
}

// refusal is an error of Amazon Q.
func refusal(status int, code, message, reason string) reply {
	body, err := json.Marshal(map[string]string{"__type": code, "message": message, "reason": reason})
	if err != nil {
		panic(err)
	}
	return reply{status: status, body: string(body)}
}

// stsRefusal is an error of STS.
func stsRefusal(status int, code, message string) reply {
	return reply{status: status, body: fmt.Sprintf(`<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>`+
		`<Code>%s</Code><Message>%s</Message></Error><RequestId>r</RequestId></ErrorResponse>`, code, message)}
}
