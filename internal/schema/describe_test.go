package schema_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/schema"
)

type twoLists struct {
	schema.Union
	Ints    []bool   `variant:"list[bool]"`
	Strings []string `variant:"list[str]"`
}

type lists struct {
	Either twoLists `json:"either"`
}

var listsBody = schema.MustCompile[lists]()

type recursive struct {
	Next *recursive `json:"next"`
}

type checkedBase struct {
	A string `json:"a"`
}

func (*checkedBase) CheckField(string) error { return nil }

type checkedOther struct {
	B string `json:"b"`
}

func (*checkedOther) CheckField(string) error { return nil }

func TestMistakesInDescriptionsPanicWithTypeAndField(t *testing.T) {
	type badInner struct {
		Name string `json:"name" schema:"max=many"`
	}
	for _, tc := range []struct {
		compile func()
		want    string
	}{
		{func() { schema.MustCompile[badInner]() }, `schema_test.badInner.Name: option "max" needs a length, not "many"`},
		{func() {
			type outer struct {
				List []badInner `json:"list"`
			}
			schema.MustCompile[outer]()
		}, `schema_test.outer.List: schema_test.badInner.Name: option "max" needs a length, not "many"`},
		{func() {
			type body struct {
				Name string `json:"name" schema:"maximum=3"`
			}
			schema.MustCompile[body]()
		}, `schema_test.body.Name: option "maximum" means nothing here`},
		{func() {
			type body struct {
				Name string `json:"name" schema:"max=3,max=4"`
			}
			schema.MustCompile[body]()
		}, `schema_test.body.Name: option "max" is given twice`},
		{func() {
			type body struct {
				Name string `json:"name" schema:"strip=yes"`
			}
			schema.MustCompile[body]()
		}, `schema_test.body.Name: option "strip" takes no value`},
		{func() {
			type body struct {
				Name string
			}
			schema.MustCompile[body]()
		}, `schema_test.body.Name: it has no json tag`},
		{func() {
			type body struct {
				_    struct{} `doc:"A body."`
				name string
			}
			schema.MustCompile[body]()
		}, `schema_test.body.name: it is not exported`},
		{func() {
			type body struct {
				inner
				Other string `json:"a"`
			}
			schema.MustCompile[body]()
		}, `type schema_test.body has two fields for key "a"`},
		{func() {
			type body struct {
				A chan int `json:"a"`
			}
			schema.MustCompile[body]()
		}, `schema_test.body.A: values of type chan int have no rule`},
		{func() {
			type body struct {
				A *[]string `json:"a"`
			}
			schema.MustCompile[body]()
		}, `schema_test.body.A: a slice needs no pointer, see option optional`},
		{func() {
			type body struct {
				A string `json:"a" schema:"optional"`
			}
			schema.MustCompile[body]()
		}, `schema_test.body.A: option "optional" is for`},
		{func() {
			type body struct {
				A string `json:"a" schema:"required"`
			}
			schema.MustCompile[body]()
		}, `schema_test.body.A: option "required" is for pointers`},
		{func() {
			type body struct {
				A bool `json:"a" schema:"nullable"`
			}
			schema.MustCompile[body]()
		}, `schema_test.body.A: option "nullable" is for`},
		{func() {
			type body struct {
				A int64 `json:"a" schema:"ge=0.5"`
			}
			schema.MustCompile[body]()
		}, `schema_test.body.A: option "ge" needs a limit that the field can have, not "0.5"`},
		{func() {
			type body struct {
				A int64 `json:"a" schema:"le=3,default=4"`
			}
			schema.MustCompile[body]()
		}, `schema_test.body.A: the default "4" is refused: Input should be less than or equal to 3`},
		{func() {
			type body struct {
				A string `json:"a" schema:"enum="`
			}
			schema.MustCompile[body]()
		}, `schema_test.body.A: option "enum" lists nothing`},
		{func() {
			type body struct {
				A string `json:"a" schema:"literal=a|b" spelled:"A"`
			}
			schema.MustCompile[body]()
		}, `schema_test.body.A: option "spelled" has 1 names for 2 values`},
		{func() {
			type body struct {
				A []string `json:"a" each:"min=1"`
			}
			schema.MustCompile[body]()
		}, `schema_test.body.A: option "min" means nothing here`},
		{func() { schema.MustCompile[recursive]() }, `type schema_test.recursive contains itself`},
		{func() {
			type body struct {
				checkedBase
				checkedOther
			}
			schema.MustCompile[body]()
		}, `schema_test.body.checkedBase: CheckField is not promoted`},
		{func() {
			type body struct {
				A             string `json:"a"`
				schema.Tagged `tag:"b"`
			}
			schema.MustCompile[body]()
		}, `schema_test.body.Tagged: it must be the first field`},
		{func() {
			type body struct {
				schema.Tagged
				A *inner `case:"a"`
			}
			schema.MustCompile[body]()
		}, `schema_test.body.Tagged: its tag must be`},
		{func() {
			type body struct {
				schema.Tagged `tag:"t,int"`
				A             *inner `case:"a"`
			}
			schema.MustCompile[body]()
		}, `schema_test.body.A: case "a" is no integer`},
		{func() {
			type body struct {
				schema.Tagged `tag:"t"`
				A             inner `case:"a"`
			}
			schema.MustCompile[body]()
		}, `schema_test.body.A: a case is an exported pointer to a struct`},
		{func() {
			type body struct {
				schema.Union
				A string `variant:"a"`
			}
			schema.MustCompile[body]()
		}, `schema_test.body.A: a variant is an exported pointer or a slice`},
	} {
		t.Run(tc.want, func(t *testing.T) {
			defer func() {
				if got := fmt.Sprint(recover()); !strings.Contains(got, tc.want) {
					t.Errorf("got %s", got)
				}
			}()
			tc.compile()
		})
	}
}

func TestOpenAPI(t *testing.T) {
	components := schema.Components{}
	bodies := map[string]schema.Object{
		"/v1/amazon_q/events":            events.OpenAPI(components),
		"/v1/amazon_q/oauth/application": applications.OpenAPI(components),
		"/v1/chat/{name}":                chat.OpenAPI(components),
		"/v1/prompts/{id}":               prompts.OpenAPI(components),
		"/v1/search/gitlab-docs":         search.OpenAPI(components),
		"/v1/x-ray/libraries":            xray.OpenAPI(components),
		"/v2/chat/agent":                 agent.OpenAPI(components),
		"/v2/code/completions":           completions.OpenAPI(components),
		"/v2/code/generations":           generations.OpenAPI(components),
		"/v4/code/suggestions":           suggestions.OpenAPI(components),
		"/kinds":                         kindsBody.OpenAPI(components),
	}
	paths := map[string]any{}
	for path, body := range bodies {
		var parameters []any
		if _, name, found := strings.Cut(path, "{"); found {
			parameters = append(parameters, schema.NewObject("name", strings.TrimSuffix(name, "}"), "in", "path", "required", true,
				"schema", schema.NewObject("type", "string")))
		}
		paths[path] = schema.NewObject("post", schema.NewObject(
			"parameters", parameters,
			"requestBody", schema.NewObject("content", schema.NewObject("application/json", schema.NewObject("schema", body))),
			"responses", schema.NewObject("200", schema.NewObject("description", "OK")),
		))
	}
	document, err := json.Marshal(map[string]any{
		"openapi": "3.1.0", "info": map[string]any{"title": "Test", "version": "1"},
		"paths": paths, "components": map[string]any{"schemas": components},
	})
	if err != nil {
		t.Fatal(err)
	}
	loaded, err := openapi3.NewLoader().LoadFromData(document)
	if err != nil {
		t.Fatal(err)
	}
	if err := loaded.Validate(context.Background()); err != nil {
		t.Error(err)
	}

	const component = `{"file_name":"a","content_above_cursor":"","content_below_cursor":"","stream":null,"model_provider":null}`
	for body, valid := range map[string]bool{
		`{"payload":` + component + `,"type":"code_editor_completion"}`:              true,
		`{"payload":` + component + `,"type":"code_editor_generation"}`:              true,
		`{"payload":` + component + `,"type":"code_context"}`:                        false,
		`{"payload":{"file_name":"a"},"type":"code_editor_completion"}`:              false,
		`{"payload":` + component + `,"type":"code_editor_completion","metadata":1}`: false,
	} {
		var value any
		if err := json.Unmarshal([]byte(body), &value); err != nil {
			t.Fatal(err)
		}
		err := loaded.ValidateSchemaJSON(loaded.Components.Schemas["CodeComponent"].Value, value, openapi3.EnableJSONSchema2020())
		if valid != (err == nil) {
			t.Errorf("%s: %v", body, err)
		}
	}
	for name, want := range map[string]string{
		"CurrentFile": `{"type":"object","properties":{` +
			`"file_name":{"type":"string","maxLength":255,"description":"Path of the file as the editor shows it."},` +
			`"language_identifier":{"type":["string","null"],"maxLength":255},` +
			`"content_above_cursor":{"type":"string","maxLength":100000},"content_below_cursor":{"type":"string","maxLength":100000}},` +
			`"required":["file_name","content_above_cursor","content_below_cursor"]}`,
		"CompletionsRequest": `{"oneOf":[{"$ref":"#/components/schemas/CompletionsRequestV1"},{"$ref":"#/components/schemas/CompletionV2"},` +
			`{"$ref":"#/components/schemas/CompletionV3"}],"discriminator":{"propertyName":"prompt_version","mapping":{` +
			`"1":"#/components/schemas/CompletionsRequestV1","2":"#/components/schemas/CompletionV2","3":"#/components/schemas/CompletionV3"}}}`,
		"ChatParams": `{"type":"object","properties":{"stop_sequences":{"type":"array","items":{"type":"string","maxLength":225},"minItems":1,` +
			`"maxItems":10,"default":["\n\nHuman","Observation:"]},"temperature":{"type":"number","minimum":0.0,"maximum":1.0,"default":0.2},` +
			`"max_tokens_to_sample":{"type":"integer","minimum":1,"maximum":8192,"default":8192}}}`,
		"ModelMetadata": `{"type":"object","properties":{"name":{"type":"string","maxLength":255},"provider":{"type":"string","maxLength":255},` +
			`"endpoint":{"type":"string","format":"uri","maxLength":255},` +
			`"api_key":{"type":["string","null"],"maxLength":2000,"format":"password","writeOnly":true},` +
			`"identifier":{"type":["string","null"],"maxLength":1000}},"required":["name","provider","endpoint"]}`,
		"ReactScratchpad": `{"type":"object","properties":{"agent_type":{"type":"string","enum":["react"]},` +
			`"steps":{"type":"array","items":{"$ref":"#/components/schemas/AgentStep"}}},"required":["agent_type","steps"]}`,
		"AmazonQIssue": `{"type":"object","properties":{"source":{"type":"string","enum":["issue"]},` +
			`"command":{"type":"string","maxLength":255},"project_path":{"type":"string","maxLength":1024},` +
			`"project_id":{"type":"string","maxLength":1024},"note_id":{"type":["string","null"],"maxLength":1024},` +
			`"discussion_id":{"type":"string","maxLength":1024},"issue_id":{"type":"string","maxLength":1024},` +
			`"issue_iid":{"type":"string","maxLength":1024}},` +
			`"required":["source","command","project_path","project_id","note_id","discussion_id","issue_id","issue_iid"]}`,
	} {
		if diff := cmp.Diff(want, string(components[name].Value().AppendJSON(nil))); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	first, _ := components["CompletionsRequestV1"].Get("description")
	if first.Text() != "Completion with a prompt that the gateway builds." {
		t.Errorf("description of a struct is %q", first.Text())
	}
	model, _ := components["Kinds"].Get("properties")
	for key, want := range map[string]string{
		"map": `{"type":["object","null"],"propertyNames":{"type":"string","maxLength":3},` +
			`"additionalProperties":{"type":"string","maxLength":3}}`,
		"union": `{"anyOf":[{"type":"string","maxLength":3},` +
			`{"type":"array","items":{"$ref":"#/components/schemas/Inner"},"minItems":1,"maxItems":2},{"type":"null"}]}`,
		"enum":   `{"anyOf":[{"type":"string","enum":["a","b","c"]},{"type":"null"}]}`,
		"struct": `{"anyOf":[{"$ref":"#/components/schemas/Inner"},{"type":"null"}]}`,
		"object": `{"type":["object","null"],"additionalProperties":true}`,
		"any":    `{}`,
	} {
		got, _ := model.Object().Get(key)
		if diff := cmp.Diff(want, string(got.AppendJSON(nil))); diff != "" {
			t.Errorf("kinds.%s: %s", key, diff)
		}
	}
}

func TestTwoSchemasOfOneNamePanic(t *testing.T) {
	type inner struct {
		Other string `json:"other"`
	}
	type body struct {
		Inner inner `json:"inner"`
	}
	components := schema.Components{}
	kindsBody.OpenAPI(components)
	defer func() {
		if got := fmt.Sprint(recover()); !strings.Contains(got, `named "Inner"`) {
			t.Errorf("got %s", got)
		}
	}()
	schema.MustCompile[body]().OpenAPI(components)
}
