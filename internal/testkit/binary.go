package testkit

import (
	"errors"
	"fmt"
	"hash/fnv"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// Binary is the path of the gateway under test: what AIGW_TEST_BINARY names (from the module's root), or else
// ./cmd/ai-gateway of this module, built once a test process, with the race detector when the test itself has it.
func Binary(t testing.TB) string {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

var binary = sync.OnceValues(func() (string, error) {
	given := os.Getenv("AIGW_TEST_BINARY")
	if filepath.IsAbs(given) {
		return given, nil
	}
	root, err := moduleRoot()
	if err != nil {
		return "", fmt.Errorf("find the gateway: %w", err)
	}
	if given != "" {
		return filepath.Join(root, given), nil
	}
	path := buildPath(root)
	args := []string{"build", "-o", path}
	if raceDetector {
		args = append(args, "-race")
	}
	cmd := exec.Command("go", append(args, "./cmd/ai-gateway")...)
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the gateway: %w\n%s", err, out)
	}
	return path, nil
})

// buildPath is one place a checkout in the temporary folder. The go command leaves a binary that is up to date as it is
// and replaces an old one at once, so that test processes may share it, and nothing piles up.
func buildPath(root string) string {
	checkout := fnv.New32a()
	checkout.Write([]byte(root))
	name := "ai-gateway"
	if raceDetector {
		name += "-race"
	}
	return filepath.Join(os.TempDir(), fmt.Sprintf("ai-gateway-test-%d-%08x", os.Getuid(), checkout.Sum32()), name)
}

// moduleRoot is the nearest folder with a go.mod, from the working directory upwards.
func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("no go.mod above the working directory")
		}
		dir = parent
	}
}
