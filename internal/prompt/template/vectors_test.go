package template

import (
	"slices"
	"strings"
	"testing"

	"github.com/ai-gateway/ai-gateway/internal/testkit"
)

// vector is an entry of templates-*.json.
type vector struct {
	Name, Template string
	Includes       map[string]string
	Variables      Object
	Output         *string
	Error          string // "build" or "render"
	Required       []string
}

func TestTemplateVectors(t *testing.T) {
	for _, v := range testkit.Vectors[vector](t, "templates-") {
		if v.Required == nil {
			t.Run(v.Name, func(t *testing.T) {
				if why, is := isUnsupported(v.Template); is {
					t.Skip(why)
				}
				check(t, v)
			})
		}
	}
}

func check(t *testing.T, v vector) {
	t.Helper()
	compiled, err := New(v.Includes).Compile("test", v.Template)
	if v.Error == "build" {
		if err == nil {
			t.Errorf("%s compiles", v.Template)
		}
		return
	}
	if err != nil {
		t.Fatalf("%s: %v", v.Template, err)
	}
	got, err := compiled.Render(v.Variables.Map())
	switch {
	case v.Error != "":
		if err == nil {
			t.Errorf("%s renders %q", v.Template, got)
		}
	case err != nil:
		t.Errorf("%s: %v", v.Template, err)
	case got != *v.Output:
		t.Errorf("%s\ngot  %q\nwant %q", v.Template, got, *v.Output)
	}
}

func TestRequiredVariableVectors(t *testing.T) {
	for _, v := range testkit.Vectors[vector](t, "templates-required") {
		t.Run(v.Name, func(t *testing.T) {
			compiled, err := New(nil).Compile("test", v.Template)
			if err != nil {
				t.Fatal(err)
			}
			want := slices.Sorted(slices.Values(v.Required))
			if !slices.Equal(want, compiled.Variables) {
				t.Errorf("%s\ngot  %s\nwant %s", v.Template, strings.Join(compiled.Variables, " "), strings.Join(want, " "))
			}
		})
	}
}
