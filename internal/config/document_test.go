package config

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

var update = flag.Bool("update", false, "write the generated files")

func TestGeneratedFilesAreCurrent(t *testing.T) {
	for path, want := range map[string]string{"../../example.env": ExampleEnv(), "../../docs/settings.md": Reference()} {
		if *update {
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(path)
		if err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff(want, string(got)); diff != "" {
			t.Errorf("%s lags behind the settings; run go generate ./internal/config (-want +got):\n%s", path, diff)
		}
	}
}

func TestTheExampleFileIsADevelopmentSetup(t *testing.T) {
	got, err := load(nil, ".env", ExampleEnv(), "")
	if err != nil {
		t.Fatal(err)
	}
	want := defaults(t)
	want.Auth.BypassExternal = true
	want.MockModelResponses = true
	want.DocsSearch.Sample = true
	want.FastAPI.APIPort = 5052
	want.FastAPI.DocsURL = "/docs"
	want.FastAPI.OpenAPIURL = "/openapi.json"
	want.FastAPI.ReDocURL = "/redoc"
	want.Logging.FormatJSON = false
	if diff := cmp.Diff(want, got, ignoreExtras); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(got.Warnings()) > 0 {
		t.Errorf("warnings: %q", got.Warnings())
	}
}

// Whatever the example file shows in a comment is the default, and is read as the default.
func TestTheExampleFileShowsDefaults(t *testing.T) {
	var text strings.Builder
	for line := range strings.Lines(ExampleEnv()) {
		if assignment, found := strings.CutPrefix(line, "# "); found && strings.Contains(assignment, "=") && !strings.Contains(assignment, " =") &&
			!strings.HasPrefix(assignment, "RUNWAY_REGION") {
			if name, _, _ := strings.Cut(assignment, "="); name == strings.ToUpper(name) {
				text.WriteString(assignment)
			}
		}
	}
	got, err := load(nil, ".env", text.String(), "")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(defaults(t), got, ignoreExtras, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("(-defaults +shown):\n%s", diff)
	}
}

func TestEverySettingIsDocumented(t *testing.T) {
	for _, f := range fields() {
		if f.doc == "" || f.title == "" {
			t.Errorf("%s has no doc or its group has no title", f.name)
		}
		if !strings.Contains(Reference(), "| `"+f.name+"` | "+f.typeName()) || f.typeName() == "" {
			t.Errorf("%s is not in the reference", f.name)
		}
		if !strings.Contains(ExampleEnv(), f.name+"=") {
			t.Errorf("%s is not in the example file", f.name)
		}
	}
}

var ignoreExtras = cmpopts.IgnoreUnexported(Settings{})

func defaults(t *testing.T) *Settings {
	t.Helper()
	s, err := Load(nil, "")
	if err != nil {
		t.Fatal(err)
	}
	return s
}
