package lang

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// TestVectors runs the recorded inputs and outputs of spec/code-suggestions.md 2.2 and 2.3.
func TestVectors(t *testing.T) {
	for _, v := range vectors(t, "code-languages") {
		name, id := v.In.FileName, v.In.LanguageIdentifier
		if got := Of(name, id).Label(); got != v.Lang {
			t.Errorf("Of(%q, %q) = %q, want %q", name, id, got, v.Lang)
		}
		if got := OfFile(name).Label(); got != v.ByExtension {
			t.Errorf("OfFile(%q) = %q, want %q", name, got, v.ByExtension)
		}
		if got := Extension(name); got != v.Extension {
			t.Errorf("Extension(%q) = %q, want %q", name, got, v.Extension)
		}
	}
}

type vector struct {
	In struct {
		FileName           string `json:"file_name"`
		LanguageIdentifier string `json:"language_identifier"`
	} `json:"in"`
	Lang        string `json:"lang"`
	ByExtension string `json:"by_extension"`
	Extension   string `json:"extension"`
}

// vectors reads the vectors of a kind from the folder AIGW_TEST_VECTORS, or from testdata.
func vectors(t *testing.T, kind string) []vector {
	t.Helper()
	folder := os.Getenv("AIGW_TEST_VECTORS")
	if folder == "" {
		folder = filepath.Join("testdata", "vectors")
	}
	files, err := filepath.Glob(filepath.Join(folder, kind+"*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no %s vectors in %s (%v)", kind, folder, err)
	}
	var all []vector
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var some []vector
		if err := json.Unmarshal(b, &some); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		all = append(all, some...)
	}
	return all
}
