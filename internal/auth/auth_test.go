package auth

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// workedExamples is the gateway of spec/auth.md 19.1: K1 at the portal, K2 for signing, nothing else to be reached.
func workedExamples(t testing.TB, change ...func(*Config)) *gateway {
	t.Helper()
	portal := newIssuer(t, portalName, jwkOf(keyK1(), "K1"))
	cfg := Config{GitLabURL: unreachable, CustomerPortalURL: portal.URL, SigningKey: pkcs1(keyK2())}
	for _, c := range change {
		c(&cfg)
	}
	return newGateway(t, cfg)
}

func TestWorkedExamples(t *testing.T) {
	g := workedExamples(t)
	a := func(changes ...obj) string { return sign(keyK1(), header(), tokenA(changes...)) }
	for _, tc := range []struct {
		name    string
		headers http.Header
		want    string
	}{
		{"A is accepted", headersH(a()), ""},
		{"A without scopes is accepted", headersH(a(obj{"scopes": removed})), ""},
		{"another instance header is a mismatch", headersH(a(), "X-Gitlab-Instance-Id", "x"), instanceMismatch},
		{"a missing instance header is a mismatch", headersH(a(), "X-Gitlab-Instance-Id", "-"), instanceMismatch},
		{"a missing realm header is a mismatch", headersH(a(), "X-Gitlab-Realm", "-"), realmMismatch},
		{"the case of a realm counts", headersH(a(), "X-Gitlab-Realm", "Self-Managed"), realmMismatch},
		{"of two mismatches the realm is named", headersH(a(), "X-Gitlab-Realm", "saas", "X-Gitlab-Instance-Id", "x"), realmMismatch},
		{"without a realm claim any realm goes", headersH(a(obj{"gitlab_realm": removed}), "X-Gitlab-Realm", "any"), ""},
		{"without a subject no instance is needed", headersH(a(obj{"sub": removed}), "X-Gitlab-Instance-Id", "-"), ""},
		{"a user ID is not needed", headersH(a(), "X-Gitlab-Global-User-Id", "-"), ""},
		{"another seat count is accepted", headersH(a(), "X-Gitlab-Duo-Seat-Count", "99"), ""},
		{"a missing seat count is accepted", headersH(a(), "X-Gitlab-Duo-Seat-Count", "-"), ""},
		{"in its last second A is accepted", headersH(a(obj{"exp": noon})), ""},
		{"a second later it has expired", headersH(a(obj{"exp": noon - 1})), forbidden},
		{"a token that never expires is refused", headersH(a(obj{"exp": removed})), forbidden},
		{"a token of the future is refused", headersH(a(obj{"nbf": noon + 30})), forbidden},
		{"a token begins in the second it says", headersH(a(obj{"nbf": noon})), ""},
		{"a token that says it was issued later is accepted", headersH(a(obj{"iat": noon + 9999})), ""},
		{"an audience list with us is accepted", headersH(a(obj{"aud": []string{"x", DefaultServiceName}})), ""},
		{"a token for anyone is accepted", headersH(a(obj{"aud": removed})), ""},
		{"a token for another service is refused", headersH(a(obj{"aud": "gitlab-security-gateway"})), forbidden},
		{"a null audience is refused", headersH(a(obj{"aud": nil})), forbidden},
		{"an audience list with a number is refused", headersH(a(obj{"aud": []any{DefaultServiceName, 5}})), forbidden},
		{"a subject that is a number is refused", headersH(a(obj{"sub": 5})), forbidden},
		{"a token ID that is a number is refused", headersH(a(obj{"jti": 5})), forbidden},
		{"an access token hash is refused", headersH(a(obj{"at_hash": "x"})), forbidden},
		{"an issuer that nobody knows is refused", headersH(a(obj{"iss": "https://gitlab.example"})), forbidden},
		{"a token without an issuer is refused", headersH(a(obj{"iss": removed})), forbidden},
		{"the portal cannot sign in our name", headersH(a(obj{"iss": DefaultServiceName})), forbidden},
		{"the portal cannot sign in GitLab's name", headersH(a(obj{"iss": unreachable})), forbidden},
		{"an unknown key ID leaves the choice", headersH(sign(keyK1(), header(obj{"kid": "new"}), tokenA())), ""},
		{"a known key ID selects its key", headersH(sign(keyK1(), header(obj{"kid": "K1"}), tokenA())), ""},
		{"our own key's ID selects it", headersH(sign(keyK1(), header(obj{"kid": "gitlab-ai-gateway_signing_key"}), tokenA())), forbidden},
		{"an instance claim beside another subject", headersH(a(obj{"gitlab_instance_id": "x"})), instanceMismatch},
		{"a stranger's signature is refused", headersH(sign(keyStranger(), header(), tokenA())), forbidden},
		{"a stranger with a known key ID is refused", headersH(sign(keyStranger(), header(obj{"kid": "K1"}), tokenA())), forbidden},
		{"the token type is lower case", headersH(a(), "X-Gitlab-Authentication-Type", "OIDC"), wrongType},
		{"the token type is required", headersH(a(), "X-Gitlab-Authentication-Type", "-"), wrongType},
		{"a null expiry is refused", headersH(a(obj{"exp": nil})), forbidden},
		{"C is accepted", headersH(sign(keyK2(), header(), tokenC())), ""},
		{"C of another user is a mismatch", headersH(sign(keyK2(), header(), tokenC()), "X-Gitlab-Global-User-Id", "x"), userMismatch},
		{"C without a user is a mismatch", headersH(sign(keyK2(), header(), tokenC()), "X-Gitlab-Global-User-Id", "-"), userMismatch},
		{"C of another instance is a mismatch", headersH(sign(keyK2(), header(), tokenC()), "X-Gitlab-Instance-Id", "x"), instanceMismatch},
		{"C signed by the portal is refused", headersH(sign(keyK1(), header(), tokenC())), forbidden},
		{"we cannot sign in the portal's name", headersH(sign(keyK2(), header(), tokenA())), forbidden},
		{"the first of repeated headers counts", repeated(headersH(a()), "X-Gitlab-Realm", "saas"), ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			for _, round := range []string{"first", "again"} {
				if got := g.ask(t, tc.headers); got != tc.want {
					t.Errorf("%s: 401 %q, want %q", round, got, tc.want)
				}
			}
		})
	}
}

func repeated(h http.Header, name, value string) http.Header {
	h.Add(name, value)
	return h
}

func TestAuthorizationHeader(t *testing.T) {
	g := workedExamples(t)
	token := sign(keyK1(), header(), tokenA())
	for _, tc := range []struct{ name, value, want string }{
		{"absent", "-", noAuthorization},
		{"empty", "", poorAuthorization},
		{"one word", "invalid", poorAuthorization},
		{"another scheme", "Basic abc", poorAuthorization},
		{"a longer scheme", "Bearerx", poorAuthorization},
		{"a tab for the blank", "Bearer\tx", poorAuthorization},
		{"a token alone", token, poorAuthorization},
		{"a scheme alone", "Bearer", forbidden},
		{"a scheme and a blank", "Bearer ", forbidden},
		{"no token at all", "bearer x", forbidden},
		{"capitals", "BEARER x", forbidden},
		{"two blanks", "Bearer  " + token, forbidden},
		{"a blank at the end", "Bearer " + token + " ", forbidden},
		{"a scheme in lower case", "bearer " + token, ""},
		{"a scheme in capitals", "BEARER " + token, ""},
		{"a token too many", "Bearer " + token + "," + token, forbidden},
		{"a token beyond all bounds", "Bearer " + strings.Repeat("a", maxToken+1), forbidden},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := g.ask(t, headersH("", "Authorization", tc.value)); got != tc.want {
				t.Errorf("401 %q, want %q", got, tc.want)
			}
		})
	}
}

func TestErrorTellsTheAccessLog(t *testing.T) {
	g := workedExamples(t)
	a := sign(keyK1(), header(), tokenA())
	for _, tc := range []struct {
		name    string
		headers http.Header
		want    Error
	}{
		{"no issuer before the token is looked at", headersH("", "Authorization", "x"), Error{Text: poorAuthorization}},
		{"an empty issuer for a wrong type", headersH(a, "X-Gitlab-Authentication-Type", "x"), Error{Text: wrongType, Examined: true}},
		{"an empty issuer for a bad token", headersH("x"), Error{Text: forbidden, Examined: true, Err: errSegments}},
		{
			"issuer and realm when a header is wrong", headersH(a, "X-Gitlab-Realm", "saas"),
			Error{Text: realmMismatch, Examined: true, Issuer: portalName, Realm: "self-managed"},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := g.Authenticate(t.Context(), tc.headers)
			var got *Error
			if !errors.As(err, &got) {
				t.Fatalf("error = %v, want an *Error", err)
			}
			if diff := cmp.Diff(tc.want, *got, cmp.Comparer(errors.Is)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestUserOfAToken(t *testing.T) {
	g := workedExamples(t)
	for _, tc := range []struct {
		name    string
		headers http.Header
		want    User
	}{
		{"of the portal", headersH(sign(keyK1(), header(), tokenA())), User{GlobalUserID: userID, Claims: &Claims{
			Issuer: portalName, Subject: instanceID, Realm: "self-managed", SeatCount: "100", Scopes: []string{"complete_code", "duo_chat"},
		}}},
		{"of our own", headersH(sign(keyK2(), header(), tokenC())), User{GlobalUserID: userID, SelfIssued: true, Claims: &Claims{
			Issuer: DefaultServiceName, Subject: userID, Realm: "self-managed", InstanceID: instanceID, SeatCount: "100",
			Scopes: []string{"complete_code"},
		}}},
		{
			"with little in it", headersH(sign(keyK1(), header(), obj{"iss": portalName, "exp": noon}), "X-Gitlab-Global-User-Id", "-"),
			User{Claims: &Claims{Issuer: portalName}},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, text := g.enter(t, tc.headers)
			if text != "" {
				t.Fatalf("401 %q", text)
			}
			if diff := cmp.Diff(tc.want, *got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRememberedTokenIsStillChecked(t *testing.T) {
	g := workedExamples(t)
	h := headersH(sign(keyK1(), header(), tokenA()))
	if got := g.ask(t, h); got != "" {
		t.Fatalf("401 %q", got)
	}
	g.clock.pass(3540 * time.Second)
	if got := g.ask(t, h); got != "" {
		t.Errorf("401 %q in the last second of its life", got)
	}
	g.clock.pass(time.Second)
	if got := g.ask(t, h); got != forbidden {
		t.Errorf("after its life: 401 %q, want %q", got, forbidden)
	}
	g.clock.pass(-3600 * time.Second)
	h.Set("X-Gitlab-Realm", "saas")
	if got := g.ask(t, h); got != realmMismatch {
		t.Errorf("with another header: 401 %q, want %q", got, realmMismatch)
	}
}

func TestLongTokens(t *testing.T) {
	for _, tc := range []struct {
		name       string
		filler     int
		want       string
		remembered int
	}{
		{"a usual token is remembered", 100, "", 1},
		{"a long one is accepted, not remembered", 40_000, "", 0},
		{"a longer one is refused", maxToken, forbidden, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			g := workedExamples(t)
			token := sign(keyK1(), header(), tokenA(obj{"filler": strings.Repeat("x", tc.filler)}))
			if got := g.ask(t, headersH(token)); got != tc.want || len(g.verified.young) != tc.remembered {
				t.Errorf("401 %q, %d remembered; want %q, %d", got, len(g.verified.young), tc.want, tc.remembered)
			}
		})
	}
}

func TestClockSkewWidensBothEnds(t *testing.T) {
	g := workedExamples(t, func(c *Config) { c.ClockSkew = 30 * time.Second })
	for _, tc := range []struct {
		name   string
		change obj
		want   string
	}{
		{"a little late", obj{"exp": noon - 30}, ""},
		{"too late", obj{"exp": noon - 31}, forbidden},
		{"a little early", obj{"nbf": noon + 30}, ""},
		{"too early", obj{"nbf": noon + 31}, forbidden},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := g.ask(t, headersH(sign(keyK1(), header(), tokenA(tc.change)))); got != tc.want {
				t.Errorf("401 %q, want %q", got, tc.want)
			}
		})
	}
}

func TestRenamedServiceGoesByItsName(t *testing.T) {
	g := workedExamples(t, func(c *Config) { c.ServiceName = "acme-ai-gateway" })
	if got := g.ask(t, headersH(sign(keyK1(), header(), tokenA(obj{"aud": "acme-ai-gateway"})))); got != "" {
		t.Errorf("own audience: 401 %q", got)
	}
	if got := g.ask(t, headersH(sign(keyK1(), header(), tokenA()))); got != forbidden {
		t.Errorf("the default audience: 401 %q, want %q", got, forbidden)
	}
	if got := g.ask(t, headersH(sign(keyK2(), header(), tokenC(obj{"aud": "acme-ai-gateway"})))); got != forbidden {
		t.Errorf("our key under the default name: 401 %q, want %q", got, forbidden)
	}
}

func TestBypass(t *testing.T) {
	all := func(c *Config) { c.BypassExternal = true }
	byHeader := func(c *Config) { c.BypassExternalWithHeader = true }
	both := func(c *Config) { all(c); byHeader(c) }
	bare := http.Header{}
	for _, tc := range []struct {
		name    string
		change  func(*Config)
		headers http.Header
		want    string
		debug   bool
	}{
		{"of all needs no header", all, bare, "", true},
		{"of all wins", both, bare, "", true},
		{"by header is exact", byHeader, http.Header{"Bypass-Auth": {"True"}}, noAuthorization, false},
		{"by header needs it", byHeader, bare, noAuthorization, false},
		{"by header", byHeader, http.Header{"Bypass-Auth": {"true"}}, "", true},
		{"by header where that is off", func(*Config) {}, http.Header{"Bypass-Auth": {"true"}}, noAuthorization, false},
		{"not asked for", byHeader, headersH(sign(keyK1(), header(), tokenA())), "", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			g := workedExamples(t, tc.change)
			tc.headers.Set("X-Gitlab-Global-User-Id", userID)
			user, got := g.enter(t, tc.headers)
			if got != tc.want {
				t.Fatalf("401 %q, want %q", got, tc.want)
			}
			if user != nil && (user.Debug != tc.debug || user.GlobalUserID != userID || user.Debug != (user.Claims == nil)) {
				t.Errorf("user = %+v, want debug %t", user, tc.debug)
			}
		})
	}
}

func TestBypassOfTheSignatureSkipsNothingElse(t *testing.T) {
	g := workedExamples(t, func(c *Config) { c.BypassSignature = true })
	unsigned := func(h obj, claims obj) string { return segment(h) + "." + segment(claims) + "." }
	for _, tc := range []struct {
		name, token, want string
	}{
		{"a stranger's signature", sign(keyStranger(), header(), tokenA()), ""},
		{"no signature", unsigned(obj{"alg": "none"}, tokenA()), ""},
		{"a signature that is none", unsigned(header(), tokenA()) + "!!", ""},
		{"an algorithm that is no text", unsigned(obj{"alg": 5}, tokenA()), ""},
		{"an issuer that nobody knows", unsigned(header(), tokenA(obj{"iss": "http://gdk.test:3000"})), ""},
		{"no algorithm", unsigned(obj{"typ": "JWT"}, tokenA()), forbidden},
		{"a fourth part", unsigned(header(), tokenA()) + ".", forbidden},
		{"no third part", segment(header()) + "." + segment(tokenA()), forbidden},
		{"expired", unsigned(header(), tokenA(obj{"exp": noon - 1})), forbidden},
		{"for another", unsigned(header(), tokenA(obj{"aud": "x"})), forbidden},
		{"of another realm", unsigned(header(), tokenA(obj{"gitlab_realm": "saas"})), realmMismatch},
		{"of another user", unsigned(header(), tokenC(obj{"sub": "x"})), userMismatch},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := g.ask(t, headersH(tc.token)); got != tc.want {
				t.Errorf("401 %q, want %q", got, tc.want)
			}
		})
	}
}

func TestBypassOfTheSignatureNeedsSomeKey(t *testing.T) {
	token := sign(keyStranger(), header(), tokenA())
	g := newGateway(t, Config{GitLabURL: unreachable, CustomerPortalURL: unreachable, BypassSignature: true})
	if got := g.ask(t, headersH(token)); got != forbidden {
		t.Errorf("no key to be had: 401 %q, want %q", got, forbidden)
	}
	portal := newIssuer(t, portalName, jwkOf(keyK1(), "K1"))
	for name, cfg := range map[string]Config{
		"the portal's": {GitLabURL: unreachable, CustomerPortalURL: portal.URL, BypassSignature: true},
		"our own":      {GitLabURL: unreachable, SigningKey: pkcs1(keyK2()), BypassSignature: true},
	} {
		if got := newGateway(t, cfg).ask(t, headersH(token)); got != "" {
			t.Errorf("%s key to be had: 401 %q", name, got)
		}
	}
}

func TestLogOfARefusal(t *testing.T) {
	g := workedExamples(t)
	for _, tc := range []struct {
		name, token, message, class string
	}{
		{"expired", sign(keyK1(), header(), tokenA(obj{"exp": noon - 1})), "Signature has expired.", "ExpiredSignatureError"},
		{"early", sign(keyK1(), header(), tokenA(obj{"nbf": noon + 1})), "The token is not yet valid (nbf)", "JWTClaimsError"},
		{"for another", sign(keyK1(), header(), tokenA(obj{"aud": "x"})), "Invalid audience", "JWTClaimsError"},
		{"a stranger's", sign(keyStranger(), header(), tokenA()), "Signature verification failed.", "JWTError"},
		{"no token", "x", "Not enough segments", "JWTError"},
		{"another algorithm", sign(keyK1(), header(obj{"alg": "RS384"}), tokenA()), "The specified alg value is not allowed", "JWTError"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			g.ask(t, headersH(tc.token))
			want := obj{
				"level": "ERROR", "msg": tc.message, "logger": "cloud_connector", "status_code": nil,
				"exception_class": tc.class, "backtrace": "", "extra": obj{},
			}
			if diff := cmp.Diff(want, g.log.find(tc.message)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestLogOfSeatCounts(t *testing.T) {
	for _, tc := range []struct {
		name          string
		claim         any
		header, entry string
	}{
		{"as many", 100, "100", ""},
		{"fewer", 100, "99", "Header mismatch 'X-Gitlab-Duo-Seat-Count'"},
		{"none said", 100, "-", "Header is missing: 'X-Gitlab-Duo-Seat-Count'"},
		{"nothing said", "100", "", "Header is missing: 'X-Gitlab-Duo-Seat-Count'"},
		{"zero counts", 0, "100", "Header mismatch 'X-Gitlab-Duo-Seat-Count'"},
		{"no claim", removed, "100", ""},
		{"an empty claim", "", "100", ""},
		{"a null claim", nil, "100", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			g := workedExamples(t)
			token := sign(keyK1(), header(), tokenA(obj{"duo_seat_count": tc.claim}))
			if got := g.ask(t, headersH(token, "X-Gitlab-Duo-Seat-Count", tc.header)); got != "" {
				t.Fatalf("401 %q", got)
			}
			var errorEntries []any
			for _, e := range g.log.entries() {
				if e["level"] == "ERROR" && e["exception_class"] == "Exception" {
					errorEntries = append(errorEntries, e["msg"])
				}
			}
			var want []any
			if tc.entry != "" {
				want = []any{tc.entry}
			}
			if diff := cmp.Diff(want, errorEntries); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestLogOfABypassIsCritical(t *testing.T) {
	g := workedExamples(t, func(c *Config) { c.BypassExternal = true })
	for range 2 {
		g.ask(t, http.Header{})
	}
	var got []obj
	for _, e := range g.log.entries() {
		if e["logger"] == "codesuggestions" {
			got = append(got, e)
		}
	}
	entry := obj{"level": "ERROR+4", "msg": "Auth is disabled, all users allowed", "logger": "codesuggestions"}
	if diff := cmp.Diff([]obj{entry, entry}, got); diff != "" {
		t.Error(diff)
	}
}

func TestEndOfARequestIsItsOwnError(t *testing.T) {
	release := make(chan struct{})
	portal := newIssuer(t, portalName)
	portal.answerDiscovery(func(http.ResponseWriter, *http.Request) { <-release })
	defer close(release)
	g := newGateway(t, Config{CustomerPortalURL: portal.URL})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := g.Authenticate(ctx, headersH(sign(keyK1(), header(), tokenA()))); !errors.Is(err, context.Canceled) {
		t.Errorf("error = %v, want %v", err, context.Canceled)
	}
}

func TestALaterNameGrantsTheSame(t *testing.T) {
	user := &User{Claims: &Claims{Scopes: []string{"duo_classic_chat", ""}}}
	if !user.Can(DuoChat) || user.Can(CompleteCode) {
		t.Errorf("duo_chat %v, complete_code %v", user.Can(DuoChat), user.Can(CompleteCode))
	}
}
