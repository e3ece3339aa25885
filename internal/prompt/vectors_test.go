package prompt

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// vectors reads all entries of the vector files called kind*.json: those of the folder AIGW_TEST_VECTORS, else the copies here.
func vectors[T any](t *testing.T, kind string) []T {
	t.Helper()
	folder := os.Getenv("AIGW_TEST_VECTORS")
	if folder == "" {
		folder = filepath.Join("testdata", "vectors")
	}
	files, err := filepath.Glob(filepath.Join(folder, kind+"*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no vectors %s*.json in %s (%v)", kind, folder, err)
	}
	var all []T
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		decoder := json.NewDecoder(bytes.NewReader(content))
		decoder.UseNumber()
		var entries []T
		if err := decoder.Decode(&entries); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		all = append(all, entries...)
	}
	return all
}
