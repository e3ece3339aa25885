package api

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestRouting(t *testing.T) {
	var seen string
	answer := func(name string) handler {
		return func(w http.ResponseWriter, r *http.Request) error {
			seen = name + " " + r.PathValue("prompt_id") + r.PathValue("chat_invokable")
			w.WriteHeader(http.StatusOK)
			return nil
		}
	}
	post := []string{http.MethodPost}
	rt := newRouter([]*route{
		{template: "/v2/code/completions", methods: post, handle: answer("completions")},
		{template: "/v1/prompts/{prompt_id:path}", methods: post, handle: answer("prompts")},
		{template: "/v1/chat/{chat_invokable}", methods: post, handle: answer("chat")},
		{template: "/docs", methods: []string{http.MethodGet, http.MethodHead}, handle: answer("docs")},
		{template: "/monitoring/healthz", methods: []string{http.MethodGet}, handle: answer("healthz"), quiet: true},
	})
	for _, tc := range []struct {
		name, method, target string
		status               int
		served, header       string // header: Allow or Location
		label                string
	}{
		{"a path is served", "POST", "/v2/code/completions", 200, "completions ", "", "/v2/code/completions"},
		{"a query changes nothing", "POST", "/v2/code/completions?a=%zz", 200, "completions ", "", "/v2/code/completions"},
		{"letter case counts", "POST", "/V2/code/completions", 404, "", "", ""},
		{"doubled slashes are not one", "POST", "/v2//code/completions", 404, "", "", ""},
		{"dots are not resolved", "POST", "/v2/x/../code/completions", 404, "", "", ""},
		{"an escaped slash is a slash", "POST", "/v2%2Fcode/completions", 200, "completions ", "", "/v2/code/completions"},
		{"a wrong method names the right ones", "GET", "/v2/code/completions", 405, "", "POST", ""},
		{"HEAD is not GET", "HEAD", "/monitoring/healthz", 405, "", "GET", ""},
		{"documentation knows HEAD", "HEAD", "/docs", 200, "docs ", "", "/docs"},
		{"a final slash redirects", "POST", "/v2/code/completions/?a=1&b=%20x", 307, "", "http://example.com/v2/code/completions?a=1&b=%20x", "/v2/code/completions/"},
		{"whatever the method", "GET", "/v2/code/completions/", 307, "", "http://example.com/v2/code/completions", "/v2/code/completions/"},
		{"a rest may be empty", "POST", "/v1/prompts/", 200, "prompts ", "", "/v1/prompts/{prompt_id:path}"},
		{"a rest may hold slashes", "POST", "/v1/prompts/chat/react/", 200, "prompts chat/react/", "", "/v1/prompts/{prompt_id:path}"},
		{"a rest without its slash redirects", "POST", "/v1/prompts", 307, "", "http://example.com/v1/prompts/", "/v1/prompts/{prompt_id:path}"},
		{"a segment is not empty", "POST", "/v1/chat/", 404, "", "", ""},
		{"a segment holds no slash", "POST", "/v1/chat/a/b", 404, "", "", ""},
		{"a segment is matched", "POST", "/v1/chat/agent", 200, "chat agent", "", "/v1/chat/{chat_invokable}"},
		{"health checks don't count", "GET", "/monitoring/healthz", 200, "healthz ", "", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			seen = ""
			r := httptest.NewRequestWithContext(t.Context(), tc.method, tc.target, nil)
			w := httptest.NewRecorder()
			if err := rt.serve(w, r); err != nil {
				respondError(w, r, err)
			}
			header := w.Header().Get("Allow") + w.Header().Get("Location")
			if w.Code != tc.status || seen != tc.served || header != tc.header {
				t.Errorf("want %d %q %q, got %d %q %q", tc.status, tc.served, tc.header, w.Code, seen, header)
			}
			if label := rt.label(r); label != tc.label {
				t.Errorf("metrics label: want %q, got %q", tc.label, label)
			}
		})
	}
}
