package docsearch_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/ai-gateway/ai-gateway/internal/docsearch"
)

// TestDataStores runs the recorded versions of spec/docs-search.md 3.2.
func TestDataStores(t *testing.T) {
	folder := os.Getenv("AIGW_TEST_VECTORS")
	if folder == "" {
		folder = "testdata/vectors"
	}
	names, err := filepath.Glob(filepath.Join(folder, "search-data-stores*.json"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no vectors in %s: %v", folder, err)
	}
	for _, name := range names {
		var vectors struct {
			Versions []struct {
				Version   string
				DataStore *string `json:"data_store"`
			}
		}
		b, err := os.ReadFile(name)
		if err == nil {
			err = json.Unmarshal(b, &vectors)
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range vectors.Versions {
			store, ok := docsearch.DataStore(v.Version)
			if ok != (v.DataStore != nil) || ok && store != *v.DataStore {
				t.Errorf("%q: %q, %v", v.Version, store, ok)
			}
		}
	}
	for _, version := range []string{" 17.1", "17-1", "17.x", "١٧.١", "17."} {
		if store, ok := docsearch.DataStore(version); ok {
			t.Errorf("%q: %q", version, store)
		}
	}
}

func TestMockedStoresFindNothingInAnyVersion(t *testing.T) {
	hosted := &docsearch.Hosted{Stores: docsearch.NoDocumentation{}}
	results, err := hosted.Search(t.Context(), docsearch.Question{Text: "create issue", PageSize: 4, Version: "17.6.0-ee"})
	if len(results) != 0 || err != nil {
		t.Errorf("got %v, %v", results, err)
	}
	if _, err := hosted.Search(t.Context(), docsearch.Question{Text: "create issue", PageSize: 4, Version: "main"}); !errors.Is(err, docsearch.ErrDataStoreNotFound) {
		t.Errorf("got %v", err)
	}
}

func TestStripPunctuation(t *testing.T) {
	for text, want := range map[string]string{
		"How do I commit-graph `x_y` (1.2)?": "How do I commitgraph x_y 12",
		"a\u0301 ä ² Ⅳ ½ ٣":                  "a ä ² Ⅳ ½ ٣",
		"\t\v\f\x1c\u0085\u00a0\u3000\u200b": "\t\v\f\x1c\u0085\u00a0\u3000",
		"新しい課題、作成!":                          "新しい課題作成",
	} {
		if got := docsearch.StripPunctuation(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
