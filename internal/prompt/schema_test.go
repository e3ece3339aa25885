package prompt

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/testkit"
)

// vectorDefinition is an entry of definitions.json; parsed has the shape of the file, defaults filled in.
type vectorDefinition struct {
	Name, YAML string
	Valid      bool
	Parsed     *struct {
		Name  string
		Model struct {
			Name   string
			Params struct {
				Class          string `json:"model_class_provider"`
				Temperature    *float64
				TopP           *float64          `json:"top_p"`
				TopK           *int              `json:"top_k"`
				MaxTokens      *int              `json:"max_tokens"`
				MaxRetries     *int              `json:"max_retries"`
				CustomProvider *string           `json:"custom_llm_provider"`
				DefaultHeaders map[string]string `json:"default_headers"`
			}
		}
		UnitPrimitives []string        `json:"unit_primitives"`
		PromptTemplate orderedTexts    `json:"prompt_template"`
		Params         *vectorCallData `json:"params"`
	}
}

type vectorCallData struct {
	Stop           []string
	Timeout        *float64
	VertexLocation *string `json:"vertex_location"`
}

// orderedTexts is a JSON object of texts, as keys and values in turn.
type orderedTexts []string

func (o *orderedTexts) UnmarshalJSON(data []byte) error {
	*o = nil
	decoder := json.NewDecoder(bytes.NewReader(data))
	for {
		token, err := decoder.Token()
		if err != nil {
			return nil //nolint:nilerr // the end of the object
		}
		if text, ok := token.(string); ok {
			*o = append(*o, text)
		}
	}
}

func TestDefinitionVectors(t *testing.T) {
	for _, v := range testkit.Vectors[vectorDefinition](t, "definitions") {
		t.Run(v.Name, func(t *testing.T) {
			d, err := parseDefinition("test/base", []byte(v.YAML))
			if v.Valid != (err == nil) {
				t.Fatalf("valid is %v, the error %v", v.Valid, err)
			}
			if err != nil {
				return
			}
			if diff := cmp.Diff(flattened(v), flattenedDefinition(d)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func flattened(v vectorDefinition) map[string]any {
	p := v.Parsed.Model.Params
	flat := map[string]any{
		"name": v.Parsed.Name, "model": v.Parsed.Model.Name, "class": p.Class, "temperature": p.Temperature, "top_p": p.TopP, "top_k": p.TopK,
		"max_tokens": p.MaxTokens, "max_retries": p.MaxRetries, "custom": deref(p.CustomProvider, ""), "headers": fmt.Sprint(p.DefaultHeaders),
		"unit_primitives": v.Parsed.UnitPrimitives, "prompt_template": []string(v.Parsed.PromptTemplate),
		"stop": []string(nil), "timeout": time.Duration(0), "location": "",
	}
	if c := v.Parsed.Params; c != nil {
		flat["stop"] = c.Stop
		flat["timeout"] = time.Duration(deref(c.Timeout, 0) * float64(time.Second))
		flat["location"] = deref(c.VertexLocation, "")
	}
	return flat
}

func flattenedDefinition(d *Definition) map[string]any {
	p := d.Params
	var templates []string
	for _, m := range d.messages {
		templates = append(templates, m.key, m.text)
	}
	return map[string]any{
		"name": d.Name, "model": d.Model, "class": string(d.Class), "temperature": p.Temperature, "top_p": p.TopP, "top_k": p.TopK,
		"max_tokens": p.MaxTokens, "max_retries": p.MaxRetries, "custom": p.CustomProvider, "headers": fmt.Sprint(p.DefaultHeaders),
		"unit_primitives": d.UnitPrimitives, "prompt_template": templates,
		"stop": d.Call.Stop, "timeout": deref(d.Call.Timeout, 0), "location": d.Call.VertexLocation,
	}
}

func TestBareWordsMeanWhatTheyMeanInYAML11(t *testing.T) {
	for word, want := range map[string]any{
		"2_048": 2048.0, "017": 15.0, "1:30": 90.0, "-1:30": -90.0, "0x1f": 31.0, "0b101": 5.0, "+7": 7.0, "0": 0.0,
		"1.0e+3": 1000.0, "1.": 1.0, ".5": 0.5, "-2.5": -2.5, "1_0.5": 10.5, "1:30.5": 90.5,
		"1e3": "1e3", "0o17": "0o17", "1.0e3": "1.0e3", "08": "08", "1-2": "1-2", "2001-01-01": "2001-01-01",
		"yes": true, "On": true, "no": false, "OFF": false, "true": true, "y": "y", "~": nil, "null": nil, "": nil,
	} {
		if diff := cmp.Diff(want, plainScalar(word)); diff != "" {
			t.Errorf("%q: %s", word, diff)
		}
	}
}

func TestNumbersAreTakenFromWhatLooksLikeThem(t *testing.T) {
	for _, tc := range []struct{ yaml, want string }{
		{"temperature: 0", "temperature 0"},
		{"temperature: '0.5'", "temperature 0.5"},
		{"temperature: 1e-1", "temperature 0.1"}, // a text that spells a number
		{"temperature: true", "temperature 1"},
		{"max_tokens: true", "max_tokens 1"},
		{"max_tokens: 12.0", "max_tokens 12"},
		{"max_tokens: 1_024", "max_tokens 1024"},
		{"max_tokens: 17\n    max_tokens: 18", "max_tokens 18"}, // the last one counts
		{"max_tokens: &n 19\n    top_k: *n", "max_tokens 19"},
	} {
		d, err := parseDefinition("a/b", []byte("name: T\nmodel:\n  name: m\n  params:\n    model_class_provider: litellm\n    "+tc.yaml+
			"\nunit_primitives: []\nprompt_template: {user: hi}\n"))
		if err != nil {
			t.Errorf("%s: %v", tc.yaml, err)
			continue
		}
		got := ""
		if d.Params.Temperature != nil {
			got = fmt.Sprint("temperature ", *d.Params.Temperature)
		}
		if d.Params.MaxTokens != nil {
			got = fmt.Sprint("max_tokens ", *d.Params.MaxTokens)
		}
		if got != tc.want {
			t.Errorf("%s: got %s", tc.yaml, got)
		}
	}
}

func TestARepeatedMessageKeepsItsPlaceAndTheLastText(t *testing.T) {
	d, err := parseDefinition("a/b", []byte(definition("  user: first\n  system: s\n  user: last\n")))
	if err != nil {
		t.Fatal(err)
	}
	got := []string{}
	for _, m := range d.messages {
		got = append(got, m.key+"="+m.text)
	}
	if diff := cmp.Diff([]string{"user=last", "system=s"}, got); diff != "" {
		t.Error(diff)
	}
}

func FuzzParseDefinition(f *testing.F) {
	f.Add(definition("  user: '{{ x }}'\n"))
	f.Add("a: &a [*a]\n")
	f.Add("name: !!binary aGk=\n<<: {x: 1}\n")
	f.Fuzz(func(t *testing.T, content string) {
		_, err := Load(folder(map[string]string{"a/base.yml": content}), everyPrimitive)
		_ = err // whatever it is: it must come
	})
}
