package wire

import (
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

const prompt = "def π(n):\n\treturn \"C:\\new\" + naïve_secret_code(n) # 🎉🎉"

func request(t testing.TB, prompt string) []byte {
	t.Helper()
	body, err := json.Marshal(map[string]any{
		"model": "claude-3-5-sonnet-20240620", "max_tokens": 5, "messages": []map[string]string{{"role": "user", "content": prompt}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func quoteJSON(t testing.TB, text string) string {
	t.Helper()
	quoted, err := json.Marshal(text)
	if err != nil {
		t.Fatal(err)
	}
	return string(quoted)
}

func TestARefusalIsQuotedWithoutWhatItRepeats(t *testing.T) {
	for name, tc := range map[string]struct{ answer, want string }{
		"nothing repeated": {
			`{"error": {"type": "invalid_request_error", "message": "max_tokens: must be 1 or more for claude-3-5-sonnet-20240620"}}`,
			`{"error": {"type": "invalid_request_error", "message": "max_tokens: must be 1 or more for claude-3-5-sonnet-20240620"}}`,
		},
		"as it is":                {"cannot parse " + prompt + " sorry", "cannot parse […] sorry"},
		"as JSON":                 {`{"input":` + quoteJSON(t, prompt) + `}`, `{"input":"[…]"}`},
		"as JSON in JSON":         {`{"detail":` + quoteJSON(t, quoteJSON(t, prompt)) + `}`, `{"detail":"\"[…]\""}`},
		"with characters escaped": {`def \u03c0(n):\n\treturn \"C:\\new\" + na\u00efve_secret_code(n) # \ud83c\udf89\ud83c\udf89`, "[…]"},
		"a part of it":            {"unexpected naïve_secret_code at 1:2, and C:\\new\" + naïve_secret", "unexpected […] at 1:2, and […]"},
		"a word of it":            {"return is a keyword", "return is a keyword"},
		"nothing at all":          {"", ""},
		"half an escape":          {`\u12`, `\u12`},
		"backslashes":             {`\\\`, `\\\`},
	} {
		if got := string(withoutEcho([]byte(tc.answer), request(t, prompt))); got != tc.want {
			t.Errorf("%s: want %q, got %q", name, tc.want, got)
		}
	}
}

func TestAnErrorShowsNoEcho(t *testing.T) {
	call := Call{Vendor: "v", Body: request(t, prompt)}
	err := call.Refused(400, []byte(`{"message": "prompt is too long", "input": `+quoteJSON(t, prompt)+`}`))
	if text := err.Error(); strings.Contains(text, "naïve") || !strings.Contains(text, "prompt is too long") {
		t.Errorf("the error is %s", text)
	}
	if !strings.Contains(Said(err), "naïve_secret_code") {
		t.Error("the adapters need all of it")
	}
}

// However a server wraps and cuts what it was sent, no longer part of it gets through.
func TestNoLongPartOfARequestGetsThrough(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		prompt := rapid.StringMatching(`[a-zäß\\"'\n\t 🎉]{0,80}`).Draw(t, "prompt")
		from := rapid.IntRange(0, len(prompt)).Draw(t, "from")
		to := rapid.IntRange(from, len(prompt)).Draw(t, "to")
		part := strings.ToValidUTF8(prompt[from:to], "")
		said := rapid.SampledFrom([]func(string) string{
			func(s string) string { return s },
			func(s string) string { b, _ := json.Marshal(s); return string(b) },
		}).Draw(t, "how")(part)
		body, _ := json.Marshal(map[string]any{"prompt": prompt})
		got := fold(withoutEcho([]byte("0123 "+said+" 4567"), body), false)
		for i := 0; i+2*shortestEcho <= len(got.text); i++ {
			if window := string(got.text[i : i+2*shortestEcho]); strings.Contains(string(fold([]byte(prompt), false).text), window) {
				t.Fatalf("%q got through", window)
			}
		}
	})
}

func FuzzWithoutEcho(f *testing.F) {
	f.Add([]byte(`{"error": "x"}`), []byte(`{"prompt": "y"}`))
	f.Add([]byte(prompt), []byte(prompt))
	f.Fuzz(func(_ *testing.T, answer, request []byte) { withoutEcho(answer, request) })
}

func BenchmarkARefusalOfALongRequest(b *testing.B) {
	body := request(b, strings.Repeat("for host in hosts: print(host.name)\n", 30_000))
	answer := []byte(`{"error": "` + strings.Repeat("what you sent is no good: ", 500) + `"}`)
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		withoutEcho(answer, body)
	}
}
