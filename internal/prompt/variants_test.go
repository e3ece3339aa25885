package prompt

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/llm"
)

const variantsFile = `variants:
  base:
    name: Claude
    model: { name: claude, params: { model_class_provider: anthropic, temperature: 0.5 } }
  mistral:
    name: Mistral
    model: { name: mistral }
    prompt_template: { user: "short {{ x }}" }
    params: ~
  gpt:
    name: GPT
    model: { name: gpt, params: { temperature: ~ } }
    unit_primitives: []

model:
  params:
    model_class_provider: litellm
    temperature: 0.1
    max_tokens: 7
unit_primitives: [duo_chat]
prompt_template:
  system: be kind
  user: "long {{ x }}"
params:
  timeout: 5
  stop: [END]
`

func TestVariantsLayTheirOwnOverWhatTheyShare(t *testing.T) {
	definitions := load(t, map[string]string{"a/_variants.yml": variantsFile})
	if diff := cmp.Diff([]string{"a/base", "a/gpt", "a/mistral"}, definitions.Keys()); diff != "" {
		t.Fatal(diff)
	}
	type summary struct {
		Name, Model    string
		Class          Class
		Temperature    *float64
		UnitPrimitives []string
		Stop           []string
		Messages       []llm.Message
	}
	for key, want := range map[string]summary{
		"a/base":    {"Claude", "claude", Anthropic, ptr(0.5), []string{"duo_chat"}, []string{"END"}, []llm.Message{{Role: llm.System, Content: "be kind"}, {Role: llm.User, Content: "long 1"}}},
		"a/mistral": {"Mistral", "mistral", LiteLLM, ptr(0.1), []string{"duo_chat"}, nil, []llm.Message{{Role: llm.System, Content: "be kind"}, {Role: llm.User, Content: "short 1"}}},
		"a/gpt":     {"GPT", "gpt", LiteLLM, nil, []string{}, []string{"END"}, []llm.Message{{Role: llm.System, Content: "be kind"}, {Role: llm.User, Content: "long 1"}}},
	} {
		d, _ := definitions.Get(key)
		messages, err := d.render(map[string]any{"x": 1})
		if err != nil {
			t.Fatal(err)
		}
		got := summary{d.Name, d.Model, d.Class, d.Params.Temperature, d.UnitPrimitives, d.Call.Stop, messages}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", key, diff)
		}
	}
}

func TestWhatIsWrongWithVariantsIsNamedWithFileAndLine(t *testing.T) {
	for name, tc := range map[string]struct{ yaml, want string }{
		"no variants":              {"name: x\n", "a/_v.yml:1: variants: a file that begins with an underscore must have a map of variants"},
		"a list of variants":       {"variants: [base]\n", "a/_v.yml:1: variants: a file that begins with an underscore must have a map of variants"},
		"a list":                   {"- x\n", "a/_v.yml:1: variants: a file that begins with an underscore must be a map"},
		"a variant that is text":   {"variants:\n  base: x\n", "a/_v.yml:2: variants: variant base must be a map"},
		"an unknown key":           {strings.Replace(variantsFile, "    name: GPT", "    label: GPT", 1), "a/_v.yml:11: label: unknown key"},
		"a wrong value":            {strings.Replace(variantsFile, "temperature: 0.5", "temperature: warm", 1), "a/_v.yml:4: model.params.temperature: must be a number"},
		"a wrong value in common":  {strings.Replace(variantsFile, "max_tokens: 7", "max_tokens: 0", 1), "a/_v.yml:19: model.params.max_tokens: must be above 0"},
		"a template that is wrong": {strings.Replace(variantsFile, `"short {{ x }}"`, `"short {{ x"`, 1), "a/_v.yml:8: syntax error"},
	} {
		_, err := Load(folder(map[string]string{"a/_v.yml": tc.yaml}), everyPrimitive)
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: got %v, want %s", name, err, tc.want)
		}
	}
	_, err := Load(folder(map[string]string{"a/_v.yml": variantsFile, "a/gpt.yml": definition("  user: hi\n")}), everyPrimitive)
	if err == nil || !strings.Contains(err.Error(), `"a/gpt" is defined in a/_v.yml, too`) {
		t.Errorf("twice: %v", err)
	}
}

// An administrator's directory lies over the built-in definitions, key by key and partial by partial (spec/prompts.md 1.17).
func TestADirectoryLiesOverTheBuiltInDefinitions(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{
		"chat/explain_code/mistral.yml":       definition("  user: \"mine: {% include 'chat/code/user.jinja' %}\"\n"),
		"chat/explain_code/base/2.0.0.yml":    definition("  user: two\n"),
		"chat/write_tests/system.jinja":       "Write tests for everything.\n",
		"haiku/base.yml":                      definition("  user: \"{% include 'haiku/form.txt' %} {{ topic }}\"\n"),
		"haiku/form.txt":                      "5-7-5",
		"generate_commit_message/_mine.yml":   strings.ReplaceAll(variantsFile, "{{ x }}", "{{ diff }}"),
		"..2026_01_01/chat/fix_code/base.yml": "broken: [",
	})
	definitions, err := Load(Embedded(), isPrimitive, Directory(dir))
	if err != nil {
		t.Fatal(err)
	}
	registry := NewRegistry(definitions, &models{}, Options{CustomModels: true})
	inputs := map[string]any{"input": "why?", "selected_text": "x", "topic": "rain", "diff": "+1"}
	for _, tc := range []struct{ id, family, constraint, want string }{
		{"chat/explain_code", "mistral", "", "mine: <selected_code>\nx\n</selected_code>\n\nwhy?"},
		{"chat/explain_code", "", "^2.0.0", "two"},
		{"chat/explain_code", "gpt", "", "<selected_code>\nx\n</selected_code>\n\nwhy?"},
		{"haiku", "", "", "5-7-5 rain"},
		{"generate_commit_message", "", "", "long +1"},
		{"generate_commit_message", "mistral", "", "short +1"},
	} {
		var metadata *ModelMetadata
		if tc.family != "" {
			metadata = &ModelMetadata{Name: tc.family, Provider: "openai", Endpoint: "http://x"}
		}
		p, err := registry.GetVersion(tc.id, tc.constraint, metadata)
		if err != nil {
			t.Errorf("%s: %v", tc.id, err)
			continue
		}
		messages, err := p.Render(inputs)
		if err != nil || messages[len(messages)-1].Content != tc.want {
			t.Errorf("%s %s: got %q, %v, want %q", tc.id, tc.family, messages[len(messages)-1].Content, err, tc.want)
		}
	}
	d, _ := definitions.Get("chat/write_tests/base")
	if messages, err := d.render(nil); err != nil || messages[0].Content != "Write tests for everything." {
		t.Errorf("the partial is not taken from the directory: %v, %v", messages, err)
	}
}

func TestABrokenDirectoryIsNamedWithFileAndLine(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{
		"a/base.yml": definition("  user: \"{% include 'a/p.jinja' %}\"\n"), "a/p.jinja": "one\n{{ x | nosuch }}",
		"b/base.yml": definition("  user: hi\n") + "color: red\n",
	})
	_, err := Load(Embedded(), isPrimitive, Directory(dir))
	for _, want := range []string{filepath.Join(dir, "a/p.jinja") + ":2: syntax error: unknown filter 'nosuch'", filepath.Join(dir, "b/base.yml") + ":9: color: unknown key"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	if _, err := Load(Embedded(), isPrimitive, Directory(filepath.Join(dir, "nope"))); err == nil {
		t.Error("a directory that is not there was loaded")
	}
}

// Mounted volumes of Kubernetes are links into a hidden folder.
func TestLinksOfMountedVolumesAreFollowed(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{"..data_1/top.yml": definition("  user: hi\n"), "..data_1/haiku/base.yml": definition("  user: hi\n")})
	for link, to := range map[string]string{"..data": "..data_1", "top.yml": "..data/top.yml", "haiku": "..data/haiku"} {
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Skip(err)
		}
	}
	definitions, err := Load(folder(nil), everyPrimitive, Directory(dir))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"haiku/base", "top"}, definitions.Keys()); diff != "" {
		t.Error(diff)
	}
	if err := os.Symlink(".", filepath.Join(dir, "round")); err != nil {
		t.Skip(err)
	}
	if _, err := Load(folder(nil), everyPrimitive, Directory(dir)); err == nil || !strings.Contains(err.Error(), "too many folders") {
		t.Errorf("a link in a circle: %v", err)
	}
}

func write(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, content := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
