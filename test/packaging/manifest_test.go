package packaging

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/ai-gateway/ai-gateway/internal/config"
)

// root of the module.
const root = "../.."

// node is a value of a YAML document: a map, a list or a scalar.
type node struct {
	t     *testing.T
	path  string
	value any
}

// documents reads a YAML text of one or more documents; empty ones are left out.
func documents(t *testing.T, name, text string) []node {
	t.Helper()
	var found []node
	decoder := yaml.NewDecoder(strings.NewReader(text))
	for {
		var value any
		if err := decoder.Decode(&value); err != nil {
			if err.Error() == "EOF" {
				return found
			}
			t.Fatalf("%s: %v\n%s", name, err, text)
		}
		if value != nil {
			found = append(found, node{t, name, value})
		}
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, path))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// document reads a file with one YAML document.
func document(t *testing.T, path string) node {
	t.Helper()
	all := documents(t, path, read(t, path))
	if len(all) != 1 {
		t.Fatalf("%s has %d documents", path, len(all))
	}
	return all[0]
}

// at goes down to the member of a map, by keys with dots between them, or of a list, by number. It is an error if it is missing.
func (n node) at(path string) node {
	n.t.Helper()
	for key := range strings.SplitSeq(path, ".") {
		below, found := n.member(key)
		if !found {
			n.t.Errorf("%s has no %s", n.path, key)
			return node{n.t, n.path + "." + key, nil}
		}
		n = below
	}
	return n
}

func (n node) member(key string) (node, bool) {
	below := node{t: n.t, path: n.path + "." + key}
	switch value := n.value.(type) {
	case map[string]any:
		var found bool
		below.value, found = value[key]
		return below, found
	case []any:
		var i int
		if _, err := fmt.Sscan(key, &i); err != nil || i >= len(value) {
			return below, false
		}
		below.value = value[i]
		return below, true
	default:
		return below, false
	}
}

func (n node) text() string { return fmt.Sprint(n.value) }

func (n node) members() map[string]node {
	n.t.Helper()
	object, isObject := n.value.(map[string]any)
	if !isObject {
		n.t.Errorf("%s is no object: %v", n.path, n.value)
	}
	members := map[string]node{}
	for key, value := range object {
		members[key] = node{n.t, n.path + "." + key, value}
	}
	return members
}

// is compares a scalar.
func (n node) is(want any) {
	n.t.Helper()
	if n.text() != fmt.Sprint(want) {
		n.t.Errorf("%s: want %v, got %v", n.path, want, n.value)
	}
}

// only says which members an object may have, so that a misspelled one is found.
func (n node) only(keys ...string) node {
	n.t.Helper()
	for key := range n.members() {
		if !slices.Contains(keys, key) {
			n.t.Errorf("%s may not have %s", n.path, key)
		}
	}
	return n
}

// settings reads variables as the gateway would, and insists on no warnings. Files that exist only where the manifest is used are made.
func settings(t *testing.T, name string, variables map[string]string) *config.Settings {
	t.Helper()
	dir := t.TempDir()
	var env []string
	for _, variable := range slices.Sorted(maps.Keys(variables)) {
		value := variables[variable]
		if strings.HasPrefix(variable, "AIGW_FASTAPI__TLS_") {
			if err := os.WriteFile(filepath.Join(dir, filepath.Base(value)), nil, 0o600); err != nil {
				t.Fatal(err)
			}
			value = filepath.Base(value)
		}
		env = append(env, variable+"="+value)
	}
	s, err := config.Load(env, dir)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	for _, warning := range s.Warnings() {
		t.Errorf("%s: %s", name, warning)
	}
	return s
}
