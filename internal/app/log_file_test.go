package app

import (
	"io"
	"os"
	"path/filepath"
	"testing"
)

func TestTheLogGoesOnInANewFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "gateway.log")
	log, err := openLogFile(path)
	if err != nil {
		t.Fatal(err)
	}
	write := func(entry string) {
		t.Helper()
		if _, err := io.WriteString(log, entry); err != nil {
			t.Error(err)
		}
	}
	write("1\n")
	if err := os.Rename(path, path+".1"); err != nil {
		t.Fatal(err)
	}
	write("2\n")
	if err := log.reopen(); err != nil {
		t.Error(err)
	}
	write("3\n")
	if err := log.Close(); err != nil {
		t.Error(err)
	}
	for name, want := range map[string]string{path + ".1": "1\n2\n", path: "3\n"} {
		if got, err := os.ReadFile(name); string(got) != want {
			t.Errorf("%s: want %q, got %q, %v", name, want, got, err)
		}
	}
}

func TestAFileThatCannotBeReopenedIsKept(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "log")
	if err := os.Mkdir(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	log, err := openLogFile(filepath.Join(folder, "gateway.log"))
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	if err := os.Rename(folder, folder+".gone"); err != nil {
		t.Fatal(err)
	}
	if err := log.reopen(); err == nil {
		t.Error("reopened a file in a folder that is not there")
	}
	if _, err := io.WriteString(log, "on\n"); err != nil {
		t.Error(err)
	}
}
