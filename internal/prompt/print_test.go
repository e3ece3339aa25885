package prompt

import (
	"errors"
	"io/fs"
	"path"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTheListShowsVersionsFamiliesAndVariables(t *testing.T) {
	template := func(text string) string {
		return strings.Replace(definition("  user: \""+text+"\"\n"), "[]", "[duo_chat]", 1)
	}
	definitions := load(t, map[string]string{
		"chat/haiku/_all.yml":           "variants: {base: {name: B}, gpt: {name: G}}\n" + template("{{ topic }}{% include 'chat/haiku/mood.jinja' %}"),
		"chat/haiku/mood.jinja":         "{{ mood }}",
		"chat/haiku/mistral/1.0.0.yml":  template("{{ topic }}"),
		"chat/haiku/mistral/2.0.0.yml":  template("{{ topic }} {{ mood }}"),
		"chat/haiku/mistral/2.1.0a.yml": template("{{ season }}"),
		"greet/base.yml":                definition("  user: hi\n"),
	})
	var b strings.Builder
	if err := definitions.Print(&b); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"PROMPT      VERSIONS            FAMILIES  UNIT PRIMITIVES  VARIABLES",
		"chat/haiku  1.0.0               base gpt  duo_chat         topic [mood]",
		"chat/haiku  2.1.0a 2.0.0 1.0.0  mistral   duo_chat         mood season topic",
		"greet       1.0.0               base                       ",
		"",
	}
	if diff := cmp.Diff(want, strings.Split(b.String(), "\n")); diff != "" {
		t.Error(diff)
	}
}

func TestMessagesAreShownAsTheyWouldBeSent(t *testing.T) {
	registry := NewRegistry(load(t, map[string]string{
		"haiku/base/1.0.0.yml": definition("  system: You write haiku.\n  user: \"On {{ topics | join(' and ') }}, {{ about | join(' ') }}\"\n"),
		"haiku/base/1.1.0.yml": definition("  user: Newer, on {{ topics | join }}\n"),
		"haiku/gpt.yml":        strings.Replace(definition("  user: GPT's\n"), "litellm", "anthropic", 1),
	}), nil, Options{})
	for _, tc := range []struct {
		family, constraint, inputs string
		want                       string
	}{
		{"", "=1.0.0", `{"topics": ["frogs", "ponds"], "about": {"z": 1, "a": 2}}`, `# haiku/base 1.0.0: Test

--- system ---
You write haiku.

--- user ---
On frogs and ponds, z a
`},
		{"", "", `{"topics": ["frogs"]}`, "# haiku/base 1.1.0: Test\n\n--- user ---\nNewer, on frogs\n"},
		{"general", "", `{"topics": ["frogs"]}`, "# haiku/base 1.1.0: Test\n\n--- user ---\nNewer, on frogs\n"},
		{"gpt", "^1.0.0", `{}`, "# haiku/gpt 1.0.0: Test\n\n--- user ---\nGPT's\n"}, // asked with no other model, but shown
	} {
		p, err := registry.Preview("haiku", tc.family, tc.constraint)
		if err != nil {
			t.Errorf("%s %s: %v", tc.family, tc.constraint, err)
			continue
		}
		var b strings.Builder
		if err := p.PrintMessages(&b, []byte(tc.inputs)); err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff(tc.want, b.String()); diff != "" {
			t.Errorf("%s %s: %s", tc.family, tc.constraint, diff)
		}
	}
}

func TestWhatCannotBeShownIsAnError(t *testing.T) {
	registry := NewRegistry(load(t, map[string]string{
		"haiku/base/1.0.0.yml": definition("  user: \"{{ topic }}\"\n"),
		"haiku/gpt/1.0.0.yml":  strings.Replace(definition("  user: GPT's\n"), "litellm", "anthropic", 1),
	}), nil, Options{})
	var (
		notFound *NotFound
		noSuch   *NoVersion
		invalid  *InvalidConstraint
		missing  *MissingVariables
	)
	for _, tc := range []struct {
		id, family, constraint string
		want                   any
	}{
		{"nope", "", "", &notFound},
		{"haiku", "phi4", "", &notFound},
		{"haiku", "", "^2.0.0", &noSuch},
		{"haiku", "gpt", "^2.0.0", &noSuch},
		{"haiku", "gpt", "nonsense", &invalid},
	} {
		if _, err := registry.Preview(tc.id, tc.family, tc.constraint); !errors.As(err, tc.want) {
			t.Errorf("%v: got %v", tc, err)
		}
	}
	p, err := registry.Preview("haiku", "", "")
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := p.PrintMessages(&b, []byte(`{}`)); !errors.As(err, &missing) || err.Error() != `prompt "haiku/base" is missing variables: topic` {
		t.Errorf("no variables: %v", err)
	}
	if err := p.PrintMessages(&b, []byte(`["topic"]`)); err == nil || !strings.HasPrefix(err.Error(), "read the inputs: ") {
		t.Errorf("a list: %v", err)
	}
	if b.Len() > 0 {
		t.Errorf("shown all the same: %s", &b)
	}
}

// What "prompts show" prints is a definition that does the same.
func TestAShownDefinitionIsTheSameInAFileOfItsOwn(t *testing.T) {
	definitions := builtIn(t)
	registry := NewRegistry(definitions, nil, Options{})
	files := folder(nil)
	partials := Embedded()
	err := walk(partials, ".", 0, func(name string) error {
		if path.Ext(name) == ".yml" {
			return nil
		}
		content, err := fs.ReadFile(partials, name)
		files[name] = folder(map[string]string{"x": string(content)})["x"]
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range definitions.Keys() {
		p, err := registry.Preview(path.Dir(key), path.Base(key), "")
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		if err := p.PrintDefinition(&b); err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(b.String(), "name: ") || strings.Contains(b.String(), "variants") {
			t.Errorf("%s: %s", key, b.String())
		}
		files[key+".yml"] = folder(map[string]string{"x": b.String()})["x"]
	}
	copies, err := Load(files, isPrimitive)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(definitions.Keys(), copies.Keys()); diff != "" {
		t.Error(diff)
	}
	for _, key := range copies.Keys() {
		want, _ := definitions.Get(key)
		got, _ := copies.Get(key)
		if diff := cmp.Diff(flattenedDefinition(want), flattenedDefinition(got)); diff != "" {
			t.Errorf("%s: %s", key, diff)
		}
	}
}
