package config

import (
	"strings"
	"testing"
)

func TestReferencesInValues(t *testing.T) {
	known := map[string]string{"A": "one", "EMPTY": "", "B": "${A}"}
	for _, tc := range []struct{ name, value, want string }{
		{"a known name", "x${A}y", "xoney"},
		{"several", "${A}${A}-${A}", "oneone-one"},
		{"an unknown name is empty", "x${NOPE}y", "xy"},
		{"an unknown name with a default", "${NOPE:-two}", "two"},
		{"a known name doesn't need its default", "${A:-two}", "one"},
		{"an empty variable is known", "${EMPTY:-two}", ""},
		{"without braces a name stands for itself", "$A $ $$", "$A $ $$"},
		{"a value is not expanded again", "${B}", "${A}"},
		{"a default is not expanded", "${NOPE:-${A}}", "${A}"},
		{"a default may be empty and hold colons", "${NOPE:-}${NOPE:-a:-b}", "a:-b"},
		{"a single dash belongs to the name", "${A-x}", ""},
		{"no name at all is empty", "${}", ""},
		{"an open brace stands for itself", "x${A", "x${A"},
		{"an open default stands for itself", "${A:-x", "${A:-x"},
		{"a colon without a dash stands for itself", "${A:x} ${A}", "${A:x} one"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, ok := expand(tc.value, func(name string) (string, bool) { v, ok := known[name]; return v, ok })
			if got != tc.want || !ok {
				t.Errorf("%s expands to %q, %t; want %q", tc.value, got, ok, tc.want)
			}
		})
	}
}

func TestExpansionIsBounded(t *testing.T) {
	long := strings.Repeat("x", maxExpanded/2+1)
	_, ok := expand("${L}${L}${L}${L}", func(string) (string, bool) { return long, true })
	if ok {
		t.Error("a value of more than maxExpanded bytes was accepted")
	}
	if s, ok := expand("${L}", func(string) (string, bool) { return long, true }); !ok || s != long {
		t.Error("a value below maxExpanded was refused")
	}
}
