package prompt

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The tables of spec/prompts.md 4.3.
func TestConstraintsSelectVersions(t *testing.T) {
	all := []string{"0.0.1-dev", "1.0.0", "1.0.1-dev", "1.0.1", "1.0.2", "1.1.0", "2.0.0", "2.0.2-dev", "2.0.2", "3.0.2-dev"}
	early := []string{"0.0.3", "0.0.4", "0.2.3", "0.2.9", "0.3.0", "1.2.2", "1.2.3", "1.2.9", "1.3.0", "1.9.0", "2.0.0-rc.1", "2.0.0", "2.0.0.post1"}
	const invalid, none = "invalid", "none"
	for _, tc := range []struct {
		versions   []string
		constraint string
		want       string
	}{
		{all, "^1.0.0", "1.1.0"},
		{all, "", "1.1.0"},
		{all, "1.*", "1.1.0"},
		{all, "~1.0.0", "1.0.2"},
		{all, ">=1.0.0,<1.1.0", "1.0.2"},
		{all, ">=1.0.0 <1.1.0", "1.0.2"},
		{all, ">=1.0.0, <1.1.0,", "1.0.2"},
		{all, "^1.0.0,!=1.1.0", "1.0.2"},
		{all, "=1.0.0", "1.0.0"},
		{all, "==1.0.0", "1.0.0"},
		{all, "v1.0.0", "1.0.0"},
		{all, "1.0", "1.0.0"},
		{all, "1", "1.0.0"},
		{all, "1.0.0 || 1.0.1-dev", "1.0.0"},
		{all, "1.0.1-dev", "1.0.1-dev"},
		{all, "1.0.1.dev0", "1.0.1-dev"},
		{all, "^1.0.0 || ^2.0.0", "2.0.2"},
		{all, "^1.0.0|^2.0.0", "2.0.2"},
		{all, "^2", "2.0.2"},
		{all, "2.0.*", "2.0.2"},
		{all, "==1.0.*", "1.0.2"},
		{all, ">=1.0.0", "3.0.2-dev"},
		{all, ">= 1.0.0", "3.0.2-dev"},
		{all, " *  ", "3.0.2-dev"},
		{all, "x", "3.0.2-dev"},
		{all, "!=1.0.0", "3.0.2-dev"},
		{all, "<=1.0.1", "1.0.1"},
		{all, ">2.0.2", "3.0.2-dev"},
		{all, "<3.0.2", "2.0.2"},
		{all, "^3.0.0", none},
		{all, "^0.0.1", none},
		{all, "4.0.0", none},
		{all, "3.0.2-dev", "3.0.2-dev"},
		{all, "!=1.0.*,^1.0.0", "1.1.0"},

		{early, "^1.2.3", "1.9.0"},
		{early, "^0.2.3", "0.2.9"},
		{early, "^0.0.3", "0.0.3"},
		{early, "^1", "1.9.0"},
		{early, "^0", "0.3.0"},
		{early, "^0.0", "0.0.4"},
		{early, "~1.2.3", "1.2.9"},
		{early, "~1.2", "1.2.9"},
		{early, "~1", "1.9.0"},
		{early, "~=1.2.3", "1.2.9"},
		{early, "~=1.2", "1.9.0"},
		{early, "<2.0.0", "1.9.0"},
		{early, "<2.0.0-rc.2", "2.0.0-rc.1"},
		{early, "^2.0.0", "2.0.0.post1"},
		{early, "^2.0.0-rc.1,<2.0.0", none},

		{all, "latest", invalid},
		{all, "abc", invalid},
		{all, "=>1.0", invalid},
		{all, "1.0.0 - 2.0.0", invalid},
		{all, "   ", invalid},
		{all, "^", invalid},
		{all, "^1.0.0 ||", invalid},
		{all, ",1.0.0", invalid},
		{all, "1.0.0,,1.0.1", invalid},
		{all, "~=1", invalid},
		{all, "1.x", invalid},
		{all, "*.1", invalid},
		{all, "1.0-alpha.*", invalid},
		{all, "^1.0.0;", invalid},
		{all, strings.Repeat("^1.0.0 ", 100), invalid},
		{all, strings.Repeat("9", 300), invalid},
	} {
		versions := &versions{}
		for _, v := range tc.versions {
			versions.add(v, &Definition{Version: v})
		}
		definition, err := versions.resolve("id", tc.constraint)
		var (
			got  string
			no   *NoVersion
			what *InvalidConstraint
		)
		switch {
		case errors.As(err, &what):
			got = invalid
		case errors.As(err, &no):
			got = none
		case err == nil:
			got = definition.Version
		}
		if got != tc.want {
			t.Errorf("%q: got %s (%v), want %s", tc.constraint, got, err, tc.want)
		}
	}
}

func TestVersionsAreFilesInTheFolderOfTheirKey(t *testing.T) {
	yml := func(name string) string { return strings.Replace(definition("  user: hi\n"), "Test", name, 1) }
	definitions := load(t, map[string]string{
		"greet/base/1.0.0.yml":     yml("one"),
		"greet/base/1.0.1-dev.yml": yml("next"),
		"greet/base/2.0.0.yml":     yml("two"),
		"greet/mistral.yml":        yml("only"),
		"both/base.yml":            yml("plain"),
		"both/base/1.0.0.yml":      yml("numbered"),
		"later/base.yml":           yml("plain"),
		"later/base/1.2.0.yml":     yml("numbered"),
		"odd/v1.yml":               yml("a variant called v1"),
		"odd/1.0.yml":              yml("a variant called 1.0"),
	})
	if diff := cmp.Diff([]string{"both/base", "greet/base", "greet/mistral", "later/base", "odd/1.0", "odd/v1"}, definitions.Keys()); diff != "" {
		t.Error(diff)
	}
	registry := NewRegistry(definitions, &models{}, Options{CustomModels: true})
	for _, tc := range []struct{ id, family, constraint, want string }{
		{"greet", "", "", "one 1.0.0"},
		{"greet", "", "^2.0.0", "two 2.0.0"},
		{"greet", "", "1.0.1-dev", "next 1.0.1-dev"},
		{"greet", "", "^3.0.0", "no version of prompt \"greet\" found matching ^3.0.0"},
		{"greet", "", "newest", "invalid version constraint \"newest\""},
		{"greet", "mistral", "^7.0.0", "only 1.0.0"}, // no versions: whatever GitLab asks for
		{"greet", "mistral", "newest", "invalid version constraint \"newest\""},
		{"both", "", "", "numbered 1.0.0"},
		{"later", "", "", "numbered 1.2.0"},
		{"later", "", "1.0.0", "plain 1.0.0"},
		{"nope", "", "newest", "prompt \"nope\" not found"}, // the key comes first
	} {
		var metadata *ModelMetadata
		if tc.family != "" {
			metadata = &ModelMetadata{Name: tc.family, Provider: "openai", Endpoint: "http://x"}
		}
		p, err := registry.GetVersion(tc.id, tc.constraint, metadata)
		var got string
		if err != nil {
			got = err.Error()
		} else {
			got = p.Name() + " " + p.Version()
		}
		if got != tc.want {
			t.Errorf("%s %s %q: got %s, want %s", tc.id, tc.family, tc.constraint, got, tc.want)
		}
	}
}

func FuzzConstraint(f *testing.F) {
	for _, seed := range []string{"^1.0.0", "~1", ">=1.0.0,<2", "1.* || x", "!=1.0.0-dev", "=>1", "1.0.0 - 2"} {
		f.Add(seed, "1.0.1-dev")
	}
	f.Fuzz(func(t *testing.T, constraint, name string) {
		versions := &versions{}
		versions.add("1.0.0", &Definition{Version: "1.0.0"})
		if isVersionName(name) {
			versions.add(name, &Definition{Version: name})
		}
		definition, err := versions.resolve("id", constraint)
		if (definition == nil) == (err == nil) {
			t.Errorf("%q: %v, %v", constraint, definition, err)
		}
	})
}
