package index

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/docsearch/sqlite"
)

// TestRowsOfTheContract makes the recorded rows of spec/docs-search.md 5.
func TestRowsOfTheContract(t *testing.T) {
	folder := os.Getenv("AIGW_TEST_VECTORS")
	if folder == "" {
		folder = "testdata/vectors"
	}
	names, err := filepath.Glob(filepath.Join(folder, "search-index-rows*.json"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no vectors in %s: %v", folder, err)
	}
	for _, name := range names {
		var vectors struct {
			Rows []struct{ File, Text, Processed, Content, Metadata string }
		}
		b, err := os.ReadFile(name)
		if err == nil {
			err = json.Unmarshal(b, &vectors)
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range vectors.Rows {
			t.Run(v.File, func(t *testing.T) {
				file, err := readFile(v.File, strings.NewReader(v.Text))
				if err != nil {
					t.Fatal(err)
				}
				want := sqlite.Row{Processed: v.Processed, Content: v.Content, Metadata: v.Metadata}
				if diff := cmp.Diff(want, newRow(file)); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			})
		}
	}
}
