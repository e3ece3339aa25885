package template

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
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

// vectors are all entries of the vector files called kind.json: those of the folder AIGW_TEST_VECTORS, else the copies here.
func vectors(t *testing.T, pattern string) []vector {
	t.Helper()
	folder := os.Getenv("AIGW_TEST_VECTORS")
	if folder == "" {
		folder = filepath.Join("testdata", "vectors")
	}
	files, err := filepath.Glob(filepath.Join(folder, pattern))
	if err != nil || len(files) == 0 {
		t.Fatalf("no vectors %s in %s (%v)", pattern, folder, err)
	}
	var all []vector
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var entries []vector
		if err := json.Unmarshal(content, &entries); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		all = append(all, entries...)
	}
	return all
}

func TestTemplateVectors(t *testing.T) {
	for _, v := range vectors(t, "templates-*.json") {
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
	for _, v := range vectors(t, "templates-required*.json") {
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
