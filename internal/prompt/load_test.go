package prompt

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWhatIsWrongWithADefinitionIsNamedWithFileAndLine(t *testing.T) {
	head := "name: T\nmodel:\n  name: m\n  params:\n    model_class_provider: litellm\n" // lines 1 to 5
	rest := "unit_primitives: []\nprompt_template:\n  user: hi\n"
	for _, tc := range []struct {
		name    string
		yaml    string
		partial string // p.jinja
		want    string
	}{
		{"an unknown key at the top", head + rest + "version: 2\n", "", "a/base.yml:9: version: unknown key"},
		{"an unknown key of the model", head + "  size: 7b\n" + rest, "", "a/base.yml:6: model.size: unknown key"},
		{"an unknown key of the model's parameters", head + "    seed: 1\n" + rest, "", "a/base.yml:6: model.params.seed: unknown key"},
		{"a key of the other class", head + "    default_headers: {}\n" + rest, "", "a/base.yml:6: model.params.default_headers: unknown key"},
		{"an unknown key of the call", head + rest + "params:\n  retries: 1\n", "", "a/base.yml:10: params.retries: unknown key"},
		{"a missing name", "model: {}\n" + rest, "", "a/base.yml:1: name: is missing"},
		{"a name that is a number", "name: 1\n" + head[8:] + rest, "", "a/base.yml:1: name: must be text"},
		{"an unknown class", strings.Replace(head, "litellm", "openai", 1) + rest, "", "a/base.yml:5: model.params.model_class_provider: must be"},
		{"a fraction for a whole number", head + "    max_tokens: 12.5\n" + rest, "", "a/base.yml:6: model.params.max_tokens: must be a whole number"},
		{"a number that is too large for one", head + "    max_tokens: 1_000_000_000_000\n" + rest, "", "a/base.yml:6: model.params.max_tokens"},
		{"no number", head + "    temperature: .inf\n" + rest, "", "a/base.yml:6: model.params.temperature: must be a number"},
		{"a temperature that no router takes", head + "    temperature: 1.5\n" + rest, "", "a/base.yml:6: model.params.temperature: must be between 0 and 1"},
		{"a top_p that no router takes", head + "    top_p: -1\n" + rest, "", "a/base.yml:6: model.params.top_p: must be between 0 and 1"},
		{"a top_k of nothing", head + "    top_k: 0\n" + rest, "", "a/base.yml:6: model.params.top_k: must be above 0"},
		{"no room for an answer", head + "    max_tokens: 0\n" + rest, "", "a/base.yml:6: model.params.max_tokens: must be above 0"},
		{"no time", head + rest + "params:\n  timeout: -1\n", "", "a/base.yml:10: params.timeout: must be above 0"},
		{"a text for a number", head + "    temperature: warm\n" + rest, "", "a/base.yml:6: model.params.temperature: must be a number"},
		{"a key that is no text", head + rest + "on: x\n", "", "a/base.yml:9: keys must be text"},
		{"a bare stop", head + rest + "params:\n  stop: END\n", "", "a/base.yml:10: params.stop: must be a list"},
		{"a unit primitive that nobody knows", head + strings.Replace(rest, "[]", "[fly]", 1), "", `a/base.yml:6: unit_primitives: unknown unit primitive "fly"`},
		{"a role that no model knows", head + rest + "  tool: x\n", "", "a/base.yml:9: prompt_template.tool: unknown role"},
		{"the reserved role", head + rest + "  placeholder: x\n", "", "a/base.yml:9: prompt_template.placeholder: unknown role"},
		{"a prompt without messages", head + "unit_primitives: []\nprompt_template: {}\n", "", "a/base.yml:7: prompt_template: there is no message"},
		{"a list", "- a\n", "", "a/base.yml:1: must be a map"},
		{"broken YAML", "name: x\n  model: y\n", "", "a/base.yml: yaml: line 2"},
		{"an empty file", "# nothing\n", "", "a/base.yml: the file is empty"},
		{"two documents", head + rest + "---\n" + head + rest, "", "a/base.yml: the file holds more than one document"},
		{"a template that is not closed", head + rest + "  system: |\n    one\n    {% if x %}\n", "", "a/base.yml:11: syntax error: if is not closed"},
		{"a template that does not even scan", head + rest + "  system: |\n    one\n    {{ 'x }}\n", "", "a/base.yml:11: syntax error: a text is not closed"},
		{"an unknown tag", head + rest + "  system: |\n    one\n\n    {% trans %}x{% endtrans %}\n", "", "a/base.yml:12: syntax error: unknown tag 'trans'"},
		{"a tag that is not of the language", head + rest + "  system: |\n    {% for a in b %}\n    {% break %}{% endfor %}\n", "", "a/base.yml:11: syntax error: unknown tag 'break'"},
		{"an unknown filter", head + rest + "  system: |\n    one\n    {{ x | nosuch }}\n", "", "a/base.yml:11: syntax error: unknown filter 'nosuch'"},
		{"an unknown test", head + rest + "  system: |\n    one\n    {{ x is not nosuch }}\n", "", "a/base.yml:11: syntax error: unknown test 'nosuch'"},
		{"a partial that is not there", head + rest + "  system: |\n    one\n    {% include 'nope.jinja' %}\n", "", `a/base.yml:11: there is no partial "nope.jinja"`},
		{"a partial above the root", head + rest + "  system: \"{% include '../a/p.jinja' %}\"\n", "", `a/base.yml:9: there is no partial "../a/p.jinja"`},
		{"a broken partial", head + rest + "  system: \"{% include 'p.jinja' %}\"\n", "one\n{% if %}", "p.jinja:2: syntax error: the tag ends too early"},
		{"a partial that includes one that is not there", head + rest + "  system: \"{% include 'p.jinja' %}\"\n", "one\n{% include 'q' %}", `p.jinja:2: there is no partial "q"`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			known := func(name string) bool { return name == "duo_chat" }
			_, err := Load(folder(map[string]string{"a/base.yml": tc.yaml, "p.jinja": tc.partial}), known)
			if err == nil {
				t.Fatal("it was loaded")
			}
			if text, cut := strings.CutPrefix(err.Error(), "load prompt definitions: "); !cut || !strings.HasPrefix(text, tc.want) {
				t.Errorf("got  %s\nwant %s…", text, tc.want)
			}
		})
	}
}

func TestAllBrokenDefinitionsAreReportedAtOnce(t *testing.T) {
	_, err := Load(folder(map[string]string{"a.yml": "", "b.yml": definition("  user: hi\n"), "c.yml": "- 1\n"}), everyPrimitive)
	if err == nil || !strings.Contains(err.Error(), "a.yml") || !strings.Contains(err.Error(), "c.yml") {
		t.Errorf("the error is %v", err)
	}
}

func TestAVersionThatNoRequestCouldGetIsRefused(t *testing.T) {
	for _, path := range []string{"1.0.0.yml", "haiku/1.0.0.yml"} {
		_, err := Load(folder(map[string]string{path: definition("  user: hi\n")}), everyPrimitive)
		if err == nil || !strings.Contains(err.Error(), path+": a version must lie in the folder of a variant") {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestAFileThatIsFarTooLargeIsRefused(t *testing.T) {
	if _, err := Load(folder(map[string]string{"a.yml": strings.Repeat("#", maxFileSize+1)}), everyPrimitive); err == nil {
		t.Error("it was loaded")
	}
}

func TestKeysArePathsWithoutTheirLastSuffix(t *testing.T) {
	yml := definition("  user: hi\n")
	definitions := load(t, map[string]string{
		"top.yml": yml, "a/b/c.yml": yml, "a/b/x.y.yml": yml, ".hidden/base.yml": yml,
		"a/other.yaml": "not: loaded", "a/README.md": "{{ neither", "a/p.jinja": "{% if %}",
	})
	if diff := cmp.Diff([]string{".hidden/base", "a/b/c", "a/b/x.y", "top"}, definitions.Keys()); diff != "" {
		t.Error(diff)
	}
}
