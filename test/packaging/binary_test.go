package packaging

import (
	"debug/elf"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

const maxBinary = 80 << 20 // bytes

// releaseBinary is that of make build, which make test names.
func releaseBinary(t *testing.T) string {
	t.Helper()
	path := os.Getenv("RELEASE_BINARY")
	if path == "" {
		t.Skip("RELEASE_BINARY names none; make test does")
	}
	return path
}

func TestTheReleaseBinaryNeedsNothingButAKernel(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux has static binaries")
	}
	binary, err := elf.Open(releaseBinary(t))
	if err != nil {
		t.Fatal(err)
	}
	defer binary.Close()
	for _, program := range binary.Progs {
		if program.Type == elf.PT_INTERP {
			t.Error("it is linked dynamically")
		}
	}
	if libraries, err := binary.ImportedLibraries(); err != nil || len(libraries) > 0 {
		t.Errorf("it needs libraries: %v, %v", libraries, err)
	}
	if binary.Section(".symtab") != nil {
		t.Error("it is not stripped")
	}
}

func TestTheReleaseBinaryIsSmallAndTellsNoPaths(t *testing.T) {
	path := releaseBinary(t)
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() > maxBinary {
		t.Errorf("it has %d MiB, more than %d", info.Size()>>20, maxBinary>>20)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	here, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), here+"/internal/") {
		t.Errorf("it was built without -trimpath: it holds %s", here)
	}
	out, err := exec.CommandContext(t.Context(), path, "version").CombinedOutput()
	if err != nil || !strings.HasPrefix(string(out), "ai-gateway ") {
		t.Errorf("version: %v %s", err, out)
	}
}
