package observe

import (
	"bytes"
	"encoding/json"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestARequestToAModelIsLoggedForUsersWithTheFlag(t *testing.T) {
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://u:canary@model.example/v1/messages?a=b", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("X-Api-Key", "canary")
	for name, tc := range map[string]struct {
		flag bool
		body string
		want map[string]any
	}{
		"no flag, no entry":                  {false, `{}`, nil},
		"the body is an object":              {true, `{"messages":[{"content":"größe"}]}`, map[string]any{"messages": []any{map[string]any{"content": "größe"}}}},
		"a body that is no JSON is left out": {true, `{`, map[string]any{}},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			LogModelRequest(NewLogger(&out, LogOptions{JSON: true, RequestContent: true}))(WithRecord(t.Context(), &Record{LogContent: tc.flag}), request, []byte(tc.body))
			if tc.want == nil {
				if out.Len() > 0 {
					t.Error(out.String())
				}
				return
			}
			var entry map[string]any
			if err := json.Unmarshal(out.Bytes(), &entry); err != nil {
				t.Fatalf("%q: %v", out.String(), err)
			}
			delete(entry, "timestamp")
			want := map[string]any{
				"logger": "models", "level": "info", "message": "Request to LLM", "source": "ai_gateway.models.base", "request_method": "POST",
				"request_url": "https://u:xxxxx@model.example/v1/messages?a=b", "request_content_json": tc.want, "api_key": nil, "type": "mlops", "stage": "main",
			}
			if diff := cmp.Diff(want, entry); diff != "" {
				t.Error(diff)
			}
		})
	}
}
