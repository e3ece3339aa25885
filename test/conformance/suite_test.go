package conformance

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// folder writes files and returns where.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestSuiteThatIsNotWhatItSeemsIsRefused(t *testing.T) {
	const request = `"request":{"path":"/"}`
	for _, tc := range []struct {
		name, cases, profiles, err string
	}{
		{"no cases", `[]`, `{}`, "no cases"},
		{"an unknown field", `[{"name":"a","profile":"p","expcet":{},` + request + `}]`, `{"p":{}}`, `unknown field "expcet"`},
		{"two of one name", `[{"name":"a","profile":"p",` + request + `},{"name":"a","profile":"p",` + request + `}]`, `{"p":{}}`, "area/a: two cases"},
		{"a profile that is not there", `[{"name":"a","profile":"q",` + request + `}]`, `{"p":{}}`, `area/a: no profile "q"`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := Load(folder(t, map[string]string{"cases/area.json": tc.cases, "profiles/p.json": tc.profiles}))
			if err == nil || !strings.Contains(err.Error(), tc.err) {
				t.Errorf("error %v", err)
			}
		})
	}
	_, err := Load(folder(t, map[string]string{"profiles/a.json": `{"p":{}}`, "profiles/b.json": `{"p":{}}`}))
	if err == nil || !strings.Contains(err.Error(), `profile "p" is there twice`) {
		t.Errorf("error %v", err)
	}
}

func TestCasesAreGroupedByProfile(t *testing.T) {
	s, err := Load(folder(t, map[string]string{
		"profiles/p.json": `{"p":{},"q":{}}`,
		"cases/b.json":    `[{"name":"1","profile":"p","request":{"path":"/"}},{"name":"2","profile":"q","request":{"path":"/"}}]`,
		"cases/a.json":    `[{"name":"1","profile":"q","request":{"path":"/"}},{"name":"2","profile":"","start":{"fails":true},"request":{"path":""}}]`,
	}))
	if err != nil {
		t.Fatal(err)
	}
	ids := func(cases []*Case) (ids []string) {
		for _, c := range cases {
			ids = append(ids, c.ID)
		}
		return ids
	}
	shared, alone := s.Profiles()
	got := [][]string{ids(alone)}
	for _, cases := range shared {
		got = append(got, ids(cases))
	}
	if diff := cmp.Diff([][]string{{"a/2"}, {"a/1", "b/2"}, {"b/1"}}, got); diff != "" {
		t.Error(diff)
	}
}

// The cases of the project are the ones that are compared with, so they must at least be readable.
func TestOurSuiteIsReadable(t *testing.T) {
	s, err := Load("testdata")
	if err != nil {
		t.Fatal(err)
	}
	if n := len(s.Cases); n < 1400 {
		t.Errorf("only %d cases", n)
	}
}
