package testkit

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// Vectors reads recorded inputs and outputs of an algorithm: all entries of the files that kind begins the name of, in the folder that
// AIGW_TEST_VECTORS names, or else in testdata/vectors of the package under test. The test ends when there is no such file.
func Vectors[V any](t testing.TB, kind string) []V {
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
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var some []V
		if err := json.Unmarshal(content, &some); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		all = append(all, some...)
	}
	return all
}
