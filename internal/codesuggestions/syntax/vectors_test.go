package syntax

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/lang"
)

type parsed struct {
	Imports      []string       `json:"imports"`
	Signatures   []string       `json:"signatures"`
	CommentsOnly bool           `json:"comments_only"`
	Symbols      map[string]int `json:"symbols"`
	HasErrors    bool           `json:"has_errors"`
}

func TestParsingVectors(t *testing.T) {
	type vector struct {
		Name string `json:"name"`
		In   struct {
			Lang   string `json:"lang"`
			Source string `json:"source"`
		} `json:"in"`
		Varies bool `json:"varies"`
		parsed
	}
	for i, v := range vectors[vector](t, "code-parsing") {
		t.Run(fmt.Sprintf("%d/%s/%v", i, v.Name, v.Varies), func(t *testing.T) {
			tree, err := Parse(language(t, v.In.Lang), v.In.Source)
			if err != nil {
				t.Fatal(err)
			}
			got := parsed{tree.Imports(), tree.Signatures(), tree.CommentsOnly(), tree.Symbols(), tree.HasErrors()}
			if got.Imports == nil {
				got.Imports = []string{}
			}
			if got.Signatures == nil {
				got.Signatures = []string{}
			}
			if diff := cmp.Diff(v.parsed, got); diff != "" {
				t.Error(v.In.Source, diff)
			}
		})
	}
}

func TestBlockVectors(t *testing.T) {
	type vector struct {
		In struct {
			Lang   string `json:"lang"`
			Source string `json:"source"`
			Point  [2]int `json:"point"`
		} `json:"in"`
		Start  [2]int `json:"start"`
		End    [2]int `json:"end"`
		Varies bool   `json:"varies"`
	}
	for i, v := range vectors[vector](t, "code-blocks") {
		t.Run(fmt.Sprintf("%s/%d/%v", v.In.Lang, i, v.Varies), func(t *testing.T) {
			tree, err := Parse(language(t, v.In.Lang), v.In.Source)
			if err != nil {
				t.Fatal(err)
			}
			got := tree.MinimumBlock(Point{v.In.Point[0], v.In.Point[1]})
			want := [2][2]int{v.Start, v.End}
			if diff := cmp.Diff(want, [2][2]int{{got.Start.Row, got.Start.Column}, {got.End.Row, got.End.Column}}); diff != "" {
				t.Error(v.In.Source, v.In.Point, diff)
			}
		})
	}
}

func language(t *testing.T, label string) lang.Language {
	t.Helper()
	for l := range grammars {
		if l.Label() == label {
			return l
		}
	}
	t.Fatalf("unknown language %s", label)
	return lang.None
}

// vectors reads the vectors of a kind from the folder AIGW_TEST_VECTORS, or from testdata.
func vectors[V any](t *testing.T, kind string) []V {
	t.Helper()
	folder := os.Getenv("AIGW_TEST_VECTORS")
	if folder == "" {
		folder = filepath.Join("testdata", "vectors")
	}
	files, err := filepath.Glob(filepath.Join(folder, kind+"*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no %s vectors in %s (%v)", kind, folder, err)
	}
	var all []V
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var some []V
		if err := json.Unmarshal(b, &some); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		all = append(all, some...)
	}
	return all
}
