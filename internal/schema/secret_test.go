package schema_test

import (
	"fmt"
	"strings"
	"testing"
)

func TestSecretsAreNotEchoed(t *testing.T) {
	for _, tc := range []struct{ name, path, body, contentType, want string }{
		{
			"a secret that is too long", "/v1/amazon_q/oauth/application",
			`{"client_id":"c","client_secret":"` + strings.Repeat("hush", 251) + `","instance_url":"","redirect_url":"","role_arn":""}`, "",
			`"input":"**********","ctx":{"max_length":1000}`,
		},
		{
			"a secret of the wrong type", "/v1/amazon_q/oauth/application",
			`{"client_id":"c","client_secret":{"x":["hush"]},"instance_url":"","redirect_url":"","role_arn":""}`, "",
			`"input":"**********"}]`,
		},
		{
			"a secret that is null is none", "/v1/amazon_q/oauth/application",
			`{"client_id":"c","client_secret":null,"instance_url":"","redirect_url":"","role_arn":""}`, "",
			`"input":null}]`,
		},
		{
			"a secret beside a missing field", "/v1/prompts/x",
			`{"inputs":{},"model_metadata":{"name":"n","api_key":"hush","endpoint":"http://h"}}`, "",
			`"input":{"name":"n","api_key":"**********","endpoint":"http://h"}}]`,
		},
		{
			"a secret deep in what is echoed", "/v1/prompts/x",
			`{"model_metadata":{"name":"n","provider":"p","endpoint":"http://h","api_key":"hush"}}`, "",
			`"input":{"model_metadata":{"name":"n","provider":"p","endpoint":"http://h","api_key":"**********"}}}]`,
		},
		{
			"a secret at the wrong place", "/v1/prompts/x", `{"API_KEY":["hush"],"a":[{"api_key":"hush"}]}`, "",
			`"input":{"API_KEY":"**********","a":[{"api_key":"**********"}]}}]`,
		},
		{
			"a secret in an unknown tag", "/v2/completions", `{"prompt_version":9,"model_api_key":"hush"}`, "",
			`"input":{"prompt_version":9,"model_api_key":"**********"}`,
		},
		{
			"a secret that is part of a tag", "/v2/completions", `{"prompt_version":{"model_api_key":"hush"}}`, "",
			`"tag":"{'model_api_key': '**********'}","expected_tags":"1, 2, 3"}`,
		},
		{
			"a body that is not announced as JSON", "/v1/prompts/x", `{"inputs":{},"model_metadata":{"api_key":"hush"}}`, "text/plain",
			`"input":"**********"}]`,
		},
		{
			"a form", "/v1/amazon_q/oauth/application", `client_id=c&client_secret=hush`, "application/x-www-form-urlencoded",
			`"input":"**********"}]`,
		},
		{
			"an object encoded as text", "/v1/prompts/x", `{"inputs":{},"model_metadata":"{\"api_key\":\"hush\"}"}`, "",
			`"input":"**********"}]`,
		},
		{
			"an object encoded as text in text", "/v1/prompts/x", `{"inputs":"{\"x\":\"{\\\"api_key\\\":\\\"hush\\\"}\"}"}`, "",
			`"input":"**********"}]`,
		},
		{
			"text that only speaks of a secret", "/v1/prompts/x", `{"inputs":"where is my api_key?"}`, "",
			`"input":"where is my api_key?"}]`,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := decodeFor(tc.path, []byte(tc.body), tc.contentType)
			got := answer(t, err)
			if strings.Contains(got, "hush") || strings.Contains(err.Error(), "hush") {
				t.Error("a secret is told")
			}
			if !strings.Contains(got, tc.want) {
				t.Errorf("got %s, want %s", got, tc.want)
			}
		})
	}
}

func TestALongListOfErrorsIsCut(t *testing.T) {
	_, err := agent.Decode([]byte(`{"messages":[`+strings.Repeat("1,", 1e6)+`1],"model_metadata":1}`), "")
	if got := lines(t, err); len(got) != 1000 || got[999] !=
		"body.messages.999: model_attributes_type: Input should be a valid dictionary or object to extract fields from" {
		t.Errorf("%d errors, the last %s", len(got), got[len(got)-1])
	}
}

func TestAVariantIsReadWholeAfterManyErrorsOfAnother(t *testing.T) {
	body := `{"prompt_components":[{"type":"t","metadata":{"source":"","version":""},"payload":{"content":[` +
		strings.Repeat(`{"role":"user","content":"c"},`, 99) + `{"role":"user","content":"c"}]}}]}`
	req, err := chat.Decode([]byte(body), "")
	if err != nil {
		t.Fatal(err)
	}
	if got := len(req.Components[0].Payload.Content.Messages); got != 100 {
		t.Errorf("%d messages", got)
	}
	var ints strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&ints, `,"%d"`, i)
	}
	either, err := listsBody.Decode([]byte(`{"either":["x"`+ints.String()+`]}`), "")
	if err != nil || len(either.Either.Strings) != 3001 || either.Either.Ints != nil {
		t.Errorf("%v, %d strings", err, len(either.Either.Strings))
	}
}
