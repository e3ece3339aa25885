// Package testkit is what tests put around the gateway: fakes of every outside party, and the gateway itself as a process.
//
// [Fakes] are one server for all models (OpenAI-compatible chat and text completions, Mistral FIM, Anthropic messages and text
// completions, Vertex REST predict) and the Snowplow collector, and two OIDC issuers. Each is a [Server]: a [Script] says what the
// next call gets (text, pieces, delays, statuses, raw bodies, malformed frames, cut connections), and a [Call] records what was
// asked and whether the caller went away.
//
// [Gateway] starts the real binary with settings as environment, talks to it like a client, and reads its log and its metrics:
//
//	fakes := testkit.NewFakes(t)
//	fakes.Script(testkit.Script{Status: 529, Headers: map[string]string{"Retry-After": "3"}})
//	gateway := testkit.Gateway(t, map[string]string{"ANTHROPIC_BASE_URL": fakes.URL, …})
//	got := gateway.Do(t, testkit.Request{Path: "/v2/code/completions", JSON: …})
//
// Nothing in here sleeps: what happens elsewhere is waited for, with a generous bound that only a failing test reaches.
package testkit

import (
	"strings"
	"testing"
)

// Fakes are all outside parties of one gateway. The embedded server plays the models and the event collector.
type Fakes struct {
	*Server
	GitLab *Issuer // the GitLab instance
	Portal *Issuer // the customers portal

	names *strings.Replacer // of Fill
}

// NewFakes starts fakes that end with the test.
func NewFakes(t testing.TB) *Fakes {
	t.Helper()
	f, err := StartFakes()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Close)
	return f
}

// StartFakes starts fakes for a caller without a test; [Fakes.Close] ends them.
func StartFakes() (*Fakes, error) {
	f := &Fakes{
		Server: &Server{answer: answerModel, aside: answerGoogleToken, fallback: Script{Text: "mock answer"}},
		GitLab: newIssuer(GitLab),
		Portal: newIssuer(Portal),
	}
	for _, server := range []*Server{f.Server, f.GitLab.Server, f.Portal.Server} {
		if err := server.start(); err != nil {
			return nil, err
		}
	}
	f.names = f.placeholders()
	return f, nil
}

// Close ends all servers.
func (f *Fakes) Close() {
	f.Server.Close()
	f.GitLab.Close()
	f.Portal.Close()
}

// Fill replaces what settings and bodies name before the fakes are there: ${FAKES}, ${GITLAB} and ${PORTAL} by base URLs,
// ${FAKES_HOST} by host and port of the first, ${RSA_KEY} by a private key in PEM, ${GOOGLE_KEY} by a Google service account's
// key whose access tokens ("ya29.fake") come from the fakes.
func (f *Fakes) Fill(s string) string {
	return f.names.Replace(s)
}

func (f *Fakes) placeholders() *strings.Replacer {
	key := privatePEM(signingKeys()[Foreign])
	account := compact(map[string]string{
		"type": "service_account", "project_id": "key-project", "private_key_id": "1", "private_key": key,
		"client_id": "1", "client_email": "fake@key-project.iam.gserviceaccount.com",
		"token_uri": f.URL + "/__google/token", "auth_uri": f.URL + "/__google/auth",
	})
	return strings.NewReplacer(
		"${FAKES}", f.URL, "${FAKES_HOST}", strings.TrimPrefix(f.URL, "http://"), "${GITLAB}", f.GitLab.URL, "${PORTAL}", f.Portal.URL,
		"${RSA_KEY}", key, "${GOOGLE_KEY}", account)
}
