package auth

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCan(t *testing.T) {
	token := &User{Claims: &Claims{Issuer: portalName, Scopes: []string{"duo_chat", "unheard_of", "complete_code"}}}
	for _, tc := range []struct {
		name       string
		user       *User
		up         UnitPrimitive
		disallowed []string
		want       bool
	}{
		{"a scope is granted", token, DuoChat, nil, true},
		{"another is not", token, GenerateCode, nil, false},
		{"case counts", token, "Duo_Chat", nil, false},
		{"a part of a scope is no scope", token, "duo", nil, false},
		{"a scope that the gateway does not know is granted", token, "unheard_of", nil, true},
		{"nothing is not granted", token, "", nil, false},
		{"a disallowed issuer is refused", token, DuoChat, []string{"x", portalName}, false},
		{"another issuer is not", token, DuoChat, []string{"x"}, true},
		{"a debug user can do all", &User{Debug: true}, GenerateCode, []string{portalName, ""}, true},
		{"a debug user can do nothing with nothing", &User{Debug: true}, "", nil, false},
		{"a user without claims can do nothing", &User{}, DuoChat, nil, false},
		{"nobody can do nothing", nil, DuoChat, nil, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := tc.user.Can(tc.up, tc.disallowed...); got != tc.want {
				t.Errorf("Can = %t, want %t", got, tc.want)
			}
		})
	}
}

func TestUnitPrimitivesOfAUser(t *testing.T) {
	user := &User{Claims: &Claims{Scopes: []string{"duo_chat", "unheard_of", "complete_code"}}}
	if diff := cmp.Diff([]UnitPrimitive{DuoChat, CompleteCode}, user.UnitPrimitives()); diff != "" {
		t.Error(diff)
	}
	if got := (&User{Debug: true}).UnitPrimitives(); got != nil {
		t.Errorf("a debug user has %v", got)
	}
}

func TestContextCarriesUserAndFlags(t *testing.T) {
	if UserFrom(t.Context()) != nil || FlagsFrom(t.Context()) != nil {
		t.Error("an empty context has a user or flags")
	}
	user := &User{}
	if UserFrom(WithUser(t.Context(), user)) != user {
		t.Error("the user is lost")
	}
	if !FlagsFrom(WithFlags(t.Context(), Flags{"x"})).Enabled("x") {
		t.Error("the flag is lost")
	}
}

func TestHeaderText(t *testing.T) {
	h := http.Header{"X-Gitlab-Realm": {"saas", "x"}, "Empty": {""}, "Bytes": {"a\xe9\x80\xff"}, "None": {}}
	for _, tc := range []struct {
		name, want string
		present    bool
	}{
		{"x-gitlab-realm", "saas", true}, {"Empty", "", true}, {"None", "", false}, {"Absent", "", false}, {"Bytes", "aé\u0080ÿ", true},
	} {
		if got, present := HeaderText(h, tc.name); got != tc.want || present != tc.present {
			t.Errorf("%s: %q, %t; want %q, %t", tc.name, got, present, tc.want, tc.present)
		}
	}
}

func TestUTF8HeaderIsNotTheSameTextInAClaim(t *testing.T) {
	g := workedExamples(t)
	token := sign(keyK1(), header(), tokenA(obj{"gitlab_realm": "é"}))
	if got := g.ask(t, headersH(token, "X-Gitlab-Realm", "é")); got != realmMismatch {
		t.Errorf("in UTF-8: 401 %q, want %q", got, realmMismatch)
	}
	if got := g.ask(t, headersH(token, "X-Gitlab-Realm", "\xe9")); got != "" {
		t.Errorf("in Latin-1: 401 %q", got)
	}
}

func TestMissingPartOfAnIdentity(t *testing.T) {
	h := http.Header{}
	for _, name := range []string{"X-Gitlab-Global-User-Id", "X-Gitlab-Instance-Id", "X-Gitlab-Realm"} {
		if got := IdentityFrom(h).Missing(); got != name {
			t.Errorf("missing %q, want %q", got, name)
		}
		h.Set(name, "")
		if got := IdentityFrom(h).Missing(); got != name {
			t.Errorf("an empty header: missing %q, want %q", got, name)
		}
		h.Set(name, "x")
	}
	if got := IdentityFrom(h).Missing(); got != "" {
		t.Errorf("missing %q, want nothing", got)
	}
}

func TestFeatureFlags(t *testing.T) {
	disallowed := map[string][]string{"self-managed": {"expanded_ai_logging"}, "": {"secret"}}
	for _, tc := range []struct {
		name  string
		flags []string
		realm []string
		want  Flags
	}{
		{"no header", nil, []string{"saas"}, nil},
		{"a disallowed flag is dropped", []string{"expanded_ai_logging,x"}, []string{"self-managed"}, Flags{"x"}},
		{"but not in another realm", []string{"expanded_ai_logging,x"}, []string{"saas"}, Flags{"expanded_ai_logging", "x"}},
		{"blanks belong to the name", []string{"expanded_ai_logging, x"}, nil, Flags{"expanded_ai_logging", " x"}},
		{"no realm is a realm", []string{"secret,x"}, nil, Flags{"x"}},
		{"an empty header is one empty name", []string{""}, nil, Flags{""}},
		{"empty pieces are kept", []string{"a,,b"}, nil, Flags{"a", "", "b"}},
		{"doubles are merged", []string{"a,b,a,a"}, nil, Flags{"a", "b"}},
		{"all may be dropped", []string{"expanded_ai_logging"}, []string{"self-managed"}, Flags{}},
		{"the first header counts", []string{"a", "b"}, nil, Flags{"a"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			h := http.Header{"X-Gitlab-Enabled-Feature-Flags": tc.flags, "X-Gitlab-Realm": tc.realm}
			if diff := cmp.Diff(tc.want, ParseFlags(h, disallowed)); diff != "" {
				t.Error(diff)
			}
		})
	}
	for _, tc := range []struct {
		name   string
		header http.Header
		want   Flags
	}{
		{"the switch of GitLab 17.11", http.Header{HeaderVerboseAILogs: {"true"}}, Flags{"expanded_ai_logging"}},
		{"turned off", http.Header{HeaderVerboseAILogs: {"false"}}, nil},
		{"empty", http.Header{HeaderVerboseAILogs: {""}}, nil},
		{"beside the flag", http.Header{HeaderVerboseAILogs: {"true"}, HeaderEnabledFeatureFlags: {"expanded_ai_logging"}}, Flags{"expanded_ai_logging"}},
		{"the operator has the last word", http.Header{HeaderVerboseAILogs: {"true"}, HeaderRealm: {"self-managed"}}, Flags{}},
	} {
		if diff := cmp.Diff(tc.want, ParseFlags(tc.header, disallowed)); diff != "" {
			t.Errorf("%s: %s", tc.name, diff)
		}
	}
	flags := Flags{"a", "b"}
	if !flags.Enabled("b") || flags.Enabled("c") || flags.String() != "a,b" {
		t.Errorf("flags %v", flags)
	}
}

func TestUnitPrimitives(t *testing.T) {
	for _, tc := range []struct {
		name     string
		known    bool
		category FeatureCategory
	}{
		{"duo_chat", true, "duo_chat"},
		{"explain_code", true, "source_code_management"},
		{"summarize_comments", true, "team_planning"},
		{"summarize_issue_discussions", true, "code_review_workflow"},
		{"semantic_search_issue", true, "global_search"},
		{"complete_code", true, ""},
		{"amazon_q_integration", true, ""},
		{"agent_quick_actions", false, ""},
		{"observability_all", false, ""},
		{"security_scans", false, ""},
		{"Duo_Chat", false, ""},
		{"", false, ""},
	} {
		up, known := Known(tc.name)
		category, usable := ProxyCategory(up)
		if known != tc.known || category != tc.category || usable != (tc.category != "") {
			t.Errorf("%q: known %t, category %q, usable %t", tc.name, known, category, usable)
		}
	}
	proxied := 0
	for _, category := range proxyCategories {
		if category != "" {
			proxied++
		}
	}
	if len(proxyCategories) != 41 || proxied != 27 {
		t.Errorf("%d unit primitives, %d with a category; want 41 and 27", len(proxyCategories), proxied)
	}
}

func TestTokenCacheForgetsWhatIsNotAskedFor(t *testing.T) {
	var c tokenCache
	digest := func(n int) (d [32]byte) { d[0], d[1], d[2] = byte(n), byte(n>>8), byte(n>>16); return d }
	for n := range 10 * cacheGeneration {
		c.put(digest(n), verifiedToken{})
		if _, ok := c.get(digest(0)); !ok {
			t.Fatalf("what is asked for all the time is forgotten after %d tokens", n)
		}
		if held := len(c.young) + len(c.old); held > 2*cacheGeneration {
			t.Fatalf("%d tokens are held", held)
		}
	}
	if _, ok := c.get(digest(1)); ok {
		t.Error("what nobody has asked for is remembered")
	}
}
