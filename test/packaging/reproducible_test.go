package packaging

import (
	"bytes"
	"crypto/sha256"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// The same sources give the same bytes wherever they lie: what make build made here is what it makes in another folder. Compiled packages come
// from the build cache; docs/release.md tells how to compare with another machine.
func TestTheReleaseBinaryIsTheSameFromAnotherFolder(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("macOS signs binaries")
	}
	here := releaseBinary(t)
	out, err := exec.CommandContext(t.Context(), here, "version").Output()
	if err != nil {
		t.Fatal(err)
	}
	version := strings.Fields(string(out))[1]

	folder := t.TempDir()
	copySources(t, folder)
	build := exec.CommandContext(t.Context(), "make", "--silent", "build", "VERSION="+version)
	build.Dir = folder
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if !bytes.Equal(digest(t, here), digest(t, filepath.Join(folder, "bin", "ai-gateway"))) {
		t.Error("the binaries differ")
	}
}

// copySources copies what make build needs.
func copySources(t *testing.T, folder string) {
	t.Helper()
	for _, name := range []string{"go.mod", "go.sum", "Makefile", "cmd", "internal"} {
		from := filepath.Join(root, name)
		err := filepath.WalkDir(from, func(path string, entry os.DirEntry, err error) error {
			if err != nil {
				return err
			}
			relative, err := filepath.Rel(root, path)
			if err != nil {
				return err
			}
			to := filepath.Join(folder, relative)
			if entry.IsDir() {
				return os.MkdirAll(to, 0o755)
			}
			content, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			return os.WriteFile(to, content, 0o644)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func digest(t *testing.T, path string) []byte {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	hash := sha256.New()
	if _, err := io.Copy(hash, file); err != nil {
		t.Fatal(err)
	}
	return hash.Sum(nil)
}
