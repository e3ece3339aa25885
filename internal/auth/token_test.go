package auth

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// anyJSON is one value of every JSON type, and those that are hard to read.
var anyJSON = []string{
	`null`, `true`, `false`, `0`, `-0`, `1`, `5`, `1.5`, `-1`, `1e3`, `1e30`, `-1e30`, `1e999`, `99999999999999999999`, `""`, `" "`, `"x"`,
	`"1734700000"`, `" 1734700000 "`, `"1e3"`, `"\u0000"`, `"\ud800"`, `[]`, `[null]`, `[[]]`, `["x",5]`, `["gitlab-ai-gateway"]`, `{}`,
	`{"a":1}`, `{"complete_code":true}`, strings.Repeat("[", 9000) + strings.Repeat("]", 9000), strings.Repeat("[", 20000),
}

func TestClaimOfAnyTypeIsAtWorstA401(t *testing.T) {
	g := workedExamples(t)
	for _, claim := range []string{
		"iss", "sub", "aud", "exp", "nbf", "iat", "jti", "at_hash", "scopes", "gitlab_realm", "gitlab_instance_id",
		"duo_seat_count",
	} {
		for _, value := range anyJSON {
			payload := withClaim(t, claim, value)
			user, err := g.Authenticate(t.Context(), headersH(sign(keyK1(), header(), payload)))
			if refusal := (*Error)(nil); (err == nil) != (user != nil) || (err != nil && !errors.As(err, &refusal)) {
				t.Fatalf("%s = %.40s: %v, %v", claim, value, user, err)
			}
			user.Can(CompleteCode)
		}
	}
}

func withClaim(t *testing.T, claim, value string) string {
	t.Helper()
	b, err := json.Marshal(tokenA(obj{claim: removed}))
	if err != nil {
		t.Fatal(err)
	}
	return `{"` + claim + `":` + value + `,` + string(b[1:])
}

func TestJSONObjectIsExactlyOne(t *testing.T) {
	for _, document := range []string{`{}`, `{"a":1}`, " {\"a\" : [1, 2] }\n"} {
		if _, ok := object([]byte(document)); !ok {
			t.Errorf("%q is no object", document)
		}
	}
	for _, document := range []string{`null`, `[]`, `"x"`, ``, `{}{}`, `{},`, `{"a":1`, "{\"a\":\"\xff\"}", "\ufeff{}"} {
		if _, ok := object([]byte(document)); ok {
			t.Errorf("%q is an object", document)
		}
	}
}

func TestTimeClaims(t *testing.T) {
	for _, tc := range []struct {
		value string
		want  int64
		ok    bool
	}{
		{`1734700000`, 1734700000, true},
		{`1734700000.9`, 1734700000, true},
		{`-1.9`, -1, true},
		{`1.7347e9`, 1734700000, true},
		{`true`, 1, true},
		{`false`, 0, true},
		{`"1734700000"`, 1734700000, true},
		{`" 1734700000 "`, 1734700000, true},
		{`99999999999999999999`, math.MaxInt64, true},
		{`-1e30`, math.MinInt64, true},
		{`1e999`, 0, false},
		{`"1734700000.5"`, 0, false},
		{`"soon"`, 0, false},
		{`""`, 0, false},
		{`null`, 0, false},
		{`[]`, 0, false},
		{`{}`, 0, false},
	} {
		t.Run(tc.value, func(t *testing.T) {
			got, ok := integer(json.RawMessage(tc.value))
			if ok != tc.ok || (ok && got != tc.want) {
				t.Errorf("integer = %d, %t; want %d, %t", got, ok, tc.want, tc.ok)
			}
		})
	}
}

func TestScopes(t *testing.T) {
	for _, tc := range []struct {
		name, value string
		want        []string
		ok          bool
	}{
		{"a list of names", `["complete_code","duo_chat"]`, []string{"complete_code", "duo_chat"}, true},
		{"what is no name is passed over", `["complete_code",5,null,["duo_chat"]]`, []string{"complete_code"}, true},
		{"a string is a list with blanks", `"complete_code generate_code"`, []string{"complete_code", "generate_code"}, true},
		{"a longer name is another name", `"duo_chat_x"`, []string{"duo_chat_x"}, true},
		{"null is no scope", `null`, nil, true},
		{"an empty list is no scope", `[]`, nil, true},
		{"a number is refused", `5`, nil, false},
		{"a boolean is refused", `true`, nil, false},
		{"an object is refused", `{"duo_chat":false}`, nil, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, ok := scopes(json.RawMessage(tc.value))
			if ok != tc.ok || !cmp.Equal(tc.want, got) && ok {
				t.Errorf("scopes = %q, %t; want %q, %t", got, ok, tc.want, tc.ok)
			}
		})
	}
}

func TestSeatCountIsText(t *testing.T) {
	for value, want := range map[string]string{
		`"100"`: "100", `100`: "100", `0`: "0", `1.5`: "1.5", `""`: "", `" "`: " ", `null`: "", `true`: "", `[1]`: "", `{}`: "",
	} {
		if got := seatCount(json.RawMessage(value)); got != want {
			t.Errorf("seatCount(%s) = %q, want %q", value, got, want)
		}
	}
}

func TestClaimsThatHeadersRepeat(t *testing.T) {
	for _, tc := range []struct {
		name, claim, header string
		want                bool
	}{
		{"equal text agrees", `"saas"`, "saas", true},
		{"other text does not", `"saas"`, "Saas", false},
		{"a missing header does not", `"saas"`, "", false},
		{"null binds nobody", `null`, "x", true},
		{"empty text binds nobody", `""`, "x", true},
		{"zero binds nobody", `0`, "x", true},
		{"zero in other words binds nobody", `0.0e5`, "x", true},
		{"false binds nobody", `false`, "x", true},
		{"an empty list binds nobody", `[]`, "x", true},
		{"an empty object binds nobody", `{}`, "x", true},
		{"a number never agrees", `5`, "5", false},
		{"true never agrees", `true`, "true", false},
		{"a list never agrees", `["saas"]`, "saas", false},
		{"nothing never agrees with a number", `5`, "", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := bind(json.RawMessage(tc.claim)).agrees(tc.header); got != tc.want {
				t.Errorf("agrees = %t, want %t", got, tc.want)
			}
		})
	}
}

func TestMalformedTokensAreRefused(t *testing.T) {
	g := workedExamples(t)
	good := sign(keyK1(), header(), tokenA())
	parts := strings.Split(good, ".")
	resigned := func(h, claims any) string { return sign(keyK1(), h, claims) }
	claims, err := json.Marshal(tokenA())
	if err != nil {
		t.Fatal(err)
	}
	for name, token := range map[string]string{
		"empty":                              "",
		"dots alone":                         "..",
		"two parts":                          parts[0] + "." + parts[1],
		"four parts":                         good + "." + parts[2],
		"a JSON serialization":               `{"payload":"` + parts[1] + `","protected":"` + parts[0] + `","signature":"` + parts[2] + `"}`,
		"an empty signature":                 parts[0] + "." + parts[1] + ".",
		"padding":                            good + "==",
		"a line break in the signature":      parts[0] + "." + parts[1] + "." + parts[2][:10] + "\n" + parts[2][10:],
		"the standard alphabet":              parts[0] + "." + parts[1] + "." + strings.NewReplacer("-", "+", "_", "/").Replace(parts[2]) + "+",
		"another token's signature":          parts[0] + "." + parts[1] + "." + strings.Split(resigned(header(), obj{"iss": "x"}), ".")[2],
		"a header that is a list":            resigned(`[]`, tokenA()),
		"a header that is null":              resigned(`null`, tokenA()),
		"a header that is cut":               resigned(`{"alg":"RS256"`, tokenA()),
		"a header with more behind it":       resigned(`{"alg":"RS256"}{}`, tokenA()),
		"a header that is not UTF-8":         resigned("{\"alg\":\"RS256\",\"x\":\"\xff\"}", tokenA()),
		"a header without alg":               resigned(header(obj{"alg": removed}), tokenA()),
		"a header with ALG":                  resigned(`{"ALG":"RS256"}`, tokenA()),
		"alg none":                           segment(header(obj{"alg": "none"})) + "." + parts[1] + ".",
		"alg HS256":                          resigned(header(obj{"alg": "HS256"}), tokenA()),
		"alg PS256":                          resigned(header(obj{"alg": "PS256"}), tokenA()),
		"alg in lower case":                  resigned(header(obj{"alg": "rs256"}), tokenA()),
		"alg in a list":                      resigned(header(obj{"alg": []string{"RS256"}}), tokenA()),
		"two algs":                           resigned(`{"alg":"none","alg":"RS256"}`, tokenA()),
		"a critical extension":               resigned(header(obj{"crit": []string{"exp"}}), tokenA()),
		"an unencoded payload":               resigned(header(obj{"b64": false}), tokenA()),
		"claims that are a list":             resigned(header(), `[]`),
		"claims that are null":               resigned(header(), `null`),
		"claims with more behind them":       resigned(header(), string(claims)+"{}"),
		"claims that are not UTF-8":          resigned(header(), string(claims[:len(claims)-1])+",\"x\":\"\xff\"}"),
		"claims with NaN":                    resigned(header(), string(claims[:len(claims)-1])+",\"x\":NaN}"),
		"an expiry in capitals":              resigned(header(), `{"iss":"`+portalName+`","EXP":1734703540}`),
		"a stranger's key in the header":     sign(keyStranger(), header(obj{"jwk": jwkOf(keyStranger(), "")}), tokenA()),
		"a stranger's address in the header": sign(keyStranger(), header(obj{"jku": unreachable}), tokenA()),
	} {
		t.Run(name, func(t *testing.T) {
			if got := g.ask(t, headersH(token)); got != forbidden {
				t.Errorf("401 %q, want %q", got, forbidden)
			}
		})
	}
	if got := g.ask(t, headersH(resigned(` {"kid" : "K1" , "alg" : "RS256"} `, string(claims)+"\n"))); got != "" {
		t.Errorf("blanks around JSON are no fault: 401 %q", got)
	}
}

func TestNoSingleByteOfATokenCanBeChanged(t *testing.T) {
	g := workedExamples(t)
	token := sign(keyK1(), header(), tokenA())
	if got := g.ask(t, headersH(token)); got != "" {
		t.Fatalf("401 %q", got)
	}
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ \n\r\t\x00\xff"
	refused := func(t interface{ Errorf(string, ...any) }, mutant, how string, at int) {
		if _, err := g.verify(context.Background(), mutant); err == nil && mutant != token {
			t.Errorf("accepted with %s at %d: %q", how, at, mutant[max(at-5, 0):min(at+5, len(mutant))])
		}
	}
	t.Run("dropped", func(t *testing.T) {
		for i := range token {
			refused(t, token[:i]+token[i+1:], "a byte dropped", i)
			refused(t, token[:i], "the rest dropped", i)
		}
	})
	t.Run("at the end", func(t *testing.T) {
		for _, c := range []byte(alphabet) {
			refused(t, token+string(c), "a byte added", len(token))
			for i := 1; i <= 4; i++ {
				at := len(token) - i
				refused(t, token[:at]+string(c)+token[at+1:], "a byte changed", at)
			}
		}
	})
	t.Run("anywhere", rapid.MakeCheck(func(t *rapid.T) {
		at := rapid.IntRange(0, len(token)-1).Draw(t, "at")
		c := string(rapid.SampledFrom([]byte(alphabet)).Draw(t, "byte"))
		refused(t, token[:at]+c+token[at+1:], "a byte changed", at)
		refused(t, token[:at]+c+token[at:], "a byte added", at)
	}))
	t.Run("in the claims", rapid.MakeCheck(func(t *rapid.T) {
		parts := strings.Split(token, ".")
		claims, err := base64.RawURLEncoding.DecodeString(parts[1])
		if err != nil {
			t.Fatal(err)
		}
		at := rapid.IntRange(0, len(claims)-1).Draw(t, "at")
		claims[at] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		refused(t, parts[0]+"."+segment(string(claims))+"."+parts[2], "a bit of the claims flipped", at)
	}))
}

func FuzzAuthorizationHeader(f *testing.F) {
	g := workedExamples(f)
	good := sign(keyK1(), header(), tokenA())
	for _, seed := range []string{
		"", "Bearer", "Bearer ", "bearer x", "Bearer a.b.c", "Basic abc", "Bearer " + good, "Bearer " + good + "=",
		"Bearer " + segment(obj{"alg": "none"}) + "." + segment(tokenA()) + ".", "Bearer " + segment("[]") + "." + segment("{") + ".AA",
	} {
		f.Add(seed)
	}
	unsigned := workedExamples(f, func(c *Config) { c.BypassSignature = true })
	f.Fuzz(func(t *testing.T, value string) {
		_, text := g.enter(t, headersH("", "Authorization", value))
		scheme, token, _ := strings.Cut(value, " ")
		if text == "" && (!strings.EqualFold(scheme, "bearer") || token != good) {
			t.Errorf("accepted %q", value)
		}
		unsigned.enter(t, headersH("", "Authorization", value))
	})
}

func FuzzClaims(f *testing.F) {
	for _, value := range anyJSON {
		f.Add([]byte(`{"exp":1734703540,"iss":"` + portalName + `","sub":` + value + `,"scopes":` + value + `,"gitlab_realm":` + value + `}`))
	}
	g := workedExamples(f)
	f.Fuzz(func(t *testing.T, claims []byte) {
		user, text := g.enter(t, headersH(sign(keyK1(), header(), string(claims))))
		if text == "" && !json.Valid(claims) {
			t.Errorf("accepted %q", claims)
		}
		user.Can(DuoChat)
		user.UnitPrimitives()
	})
}
