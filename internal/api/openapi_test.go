package api

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/ai-gateway/ai-gateway/internal/api/apidocs"
)

func TestTheOpenAPIDocumentIsValidAndHoldsEveryRoute(t *testing.T) {
	routes := new(Server).routes()
	raw := openAPIDocument(routes)
	document, err := openapi3.NewLoader().LoadFromData(raw)
	if err != nil {
		t.Fatal(err)
	}
	if err := document.Validate(t.Context()); err != nil {
		t.Error(err)
	}
	for _, r := range routes {
		path, _ := openAPIPath(r.template)
		if document.Paths.Value(path) == nil {
			t.Errorf("%s is missing", path)
		}
		if r.about.summary == "" || r.about.tag == "" {
			t.Errorf("%s is not described", path)
		}
	}
	body := document.Components.Schemas["CompletionsV2v1"]
	if body == nil || body.Value.Properties["current_file"] == nil {
		t.Errorf("the body of completions is missing: %v", document.Components.Schemas)
	}
}

func TestDocumentationPagesLoadNothing(t *testing.T) {
	openAPI := []byte(`{"openapi":"3.1.0","info":{"title":"</script><script>alert(1)</script>","version":"1"},"paths":{}}`)
	swagger, err := apidocs.Swagger(openAPI, "/docs/oauth2-redirect")
	if err != nil {
		t.Fatal(err)
	}
	redoc, err := apidocs.ReDoc(openAPI)
	if err != nil {
		t.Fatal(err)
	}
	for name, page := range map[string][]byte{"Swagger UI": swagger, "ReDoc": redoc} {
		if !bytes.Contains(page, []byte("<title>GitLab AI Gateway - "+name+"</title>")) {
			t.Errorf("%s: no title", name)
		}
		if bytes.Contains(page, []byte("<script src")) || bytes.Contains(page, []byte("<link")) {
			t.Errorf("%s loads something", name)
		}
		if strings.Count(string(page), "</script>") != 2 {
			t.Errorf("%s: something closes a script early", name)
		}
		if bytes.Contains(page, []byte("alert(1)</script>")) {
			t.Errorf("%s: the document breaks out of its script", name)
		}
	}
	if !json.Valid(openAPI) {
		t.Error("the sample is no JSON")
	}
}
