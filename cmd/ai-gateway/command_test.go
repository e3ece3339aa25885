package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
)

// asCommand makes the test binary behave as the command, so that tests see its real arguments, environment, streams and exit status.
const asCommand = "TEST_BINARY_IS_THE_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		os.Unsetenv(asCommand) //nolint:errcheck // it is set
		main()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// script is one run of the command in a folder of its own, with nothing in its environment but env.
type script struct {
	name  string
	args  []string
	env   []string
	files map[string]string
	stdin string

	status int
	stdout []string // regular expressions that must match, "!…" ones that must not
	stderr []string
}

func (s script) run(t *testing.T) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range s.files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	cmd := exec.CommandContext(ctx, self, s.args...)
	cmd.Dir = dir
	cmd.Env = append([]string{asCommand + "=1", "HOME=" + dir}, s.env...)
	cmd.Stdin = bytes.NewReader([]byte(s.stdin))
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err = cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if got := cmd.ProcessState.ExitCode(); got != s.status {
		t.Errorf("exit status: want %d, got %d", s.status, got)
	}
	expect(t, "standard output", stdout.String(), s.stdout)
	expect(t, "standard error", stderr.String(), s.stderr)
	if t.Failed() {
		t.Logf("standard output:\n%s\nstandard error:\n%s", &stdout, &stderr)
	}
}

// expect matches a stream; one of which nothing is expected must be empty.
func expect(t *testing.T, stream, text string, patterns []string) {
	t.Helper()
	if len(patterns) == 0 && text != "" {
		t.Errorf("%s: want nothing, got %q", stream, text)
	}
	for _, pattern := range patterns {
		forbidden := pattern[0] == '!'
		if forbidden {
			pattern = pattern[1:]
		}
		if regexp.MustCompile("(?m)"+pattern).MatchString(text) == forbidden {
			t.Errorf("%s: match of %q: %v", stream, pattern, forbidden)
		}
	}
}
