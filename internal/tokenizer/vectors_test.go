package tokenizer

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// readVectors reads all vectors of a kind, from the folder that AIGW_TEST_VECTORS names or from testdata.
func readVectors[T any](t *testing.T, kind string) []T {
	t.Helper()
	folder := os.Getenv("AIGW_TEST_VECTORS")
	if folder == "" {
		folder = filepath.Join("testdata", "vectors")
	}
	files, err := filepath.Glob(filepath.Join(folder, kind+"*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no %s*.json in %s (%v)", kind, folder, err)
	}
	var vectors []T
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var read []T
		if err := json.Unmarshal(content, &read); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		vectors = append(vectors, read...)
	}
	return vectors
}
