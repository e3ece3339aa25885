package syntax

import (
	"fmt"
	"os"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/lang"
)

// TestMemoryIsGivenBack parses until a few hundred bytes that a parse left behind would be noticed.
func TestMemoryIsGivenBack(t *testing.T) {
	for _, tc := range []struct {
		name     string
		language lang.Language
		source   string
		times    int
	}{
		{"after a parse", lang.Ruby, "x = <<A\n#{y}\nA\n", 20_000},
		{"after a failed assertion", lang.Ruby, "x = <<" + strings.Repeat("A", 1000) + "\n", 20_000},
		{"after too much of it", lang.Java, strings.Repeat("template<", 11_000), 8},
		{"after too much time", lang.Scala, strings.Repeat("`", 100_000), 3},
	} {
		t.Run(tc.name, func(t *testing.T) {
			run := func(times int) int {
				for range times {
					_, _ = Parse(tc.language, tc.source)
				}
				debug.FreeOSMemory()
				return resident(t)
			}
			before := run(tc.times)
			if grown := run(tc.times) - before; grown > 4<<20 {
				t.Errorf("the process has grown by %d KiB in %d parses", grown>>10, tc.times)
			}
		})
	}
}

// resident is the memory that the process has, in bytes.
func resident(t *testing.T) int {
	t.Helper()
	statm, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Skip("there is no /proc")
	}
	var size, pages int
	if _, err := fmt.Sscan(string(statm), &size, &pages); err != nil {
		t.Fatal(err)
	}
	return pages * os.Getpagesize()
}
