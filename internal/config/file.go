package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

// findDotenv returns the path of the first regular file named .env in dir and the directories above it
// (spec/settings-and-operations.md 1.3), or an empty text when there is none or dir is empty.
func findDotenv(dir string) string {
	if dir == "" {
		return ""
	}
	for dir = filepath.Clean(dir); ; dir = filepath.Dir(dir) {
		path := filepath.Join(dir, ".env")
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			return path
		}
		if dir == filepath.Dir(dir) {
			return ""
		}
	}
}

// readDotenv returns path and text of the .env file that counts for dir. Both are empty when there is none.
func readDotenv(dir string) (path, text string, err error) {
	path = findDotenv(dir)
	if path == "" {
		return "", "", nil
	}
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", "", nil // removed in between
	}
	return path, string(content), err
}

// evaluate reads the text of the .env file at path beside the variables of the process, and returns the variables that have a value
// in it, in the order in which they came first, and a warning for each line that was ignored.
//
// A variable that the process lacks becomes part of its environment, for which ${NAME} prefers the process's variables to earlier
// ones of the file. For one that the process has as well, it is the other way round (spec/settings-and-operations.md 1.4, rule 9);
// that matters where JSON objects of both are merged.
func evaluate(path, text string, process map[string]variable) (variables []variable, warnings []string) {
	warn := func(line int, what string) {
		warnings = append(warnings, fmt.Sprintf("%s, line %d: %s", path, line, what))
	}
	if !utf8.ValidString(text) {
		warnings = append(warnings, path+" is not UTF-8, some of its values may be garbled")
	}
	statements, skipped := parseDotenv(text)
	for _, line := range skipped {
		warn(line, "this is not NAME=value and is ignored; quotes must be closed, and only a comment may follow them")
	}
	var names []string
	found := map[string]variable{}
	earlier := map[string]string{} // a key without a value is known and empty
	fromProcess := func(name string) (string, bool) { v, ok := process[name]; return v.value, ok }
	fromFile := func(name string) (string, bool) { v, ok := earlier[name]; return v, ok }
	for _, s := range statements {
		if !s.set {
			earlier[s.key] = ""
			delete(found, s.key)
			continue
		}
		lookup := either(fromProcess, fromFile)
		if _, given := process[s.key]; given {
			lookup = either(fromFile, fromProcess)
		}
		value, ok := expand(s.value, lookup)
		if !ok || strings.ContainsRune(s.key, '=') || strings.ContainsRune(s.key+value, 0) {
			warn(s.line, "this cannot be a variable and is ignored")
			continue
		}
		names = append(names, s.key)
		found[s.key] = variable{name: s.key, value: value, place: fmt.Sprintf("%s, line %d", path, s.line)}
		earlier[s.key] = value
	}
	for _, name := range names {
		if v, ok := found[name]; ok {
			variables = append(variables, v)
			delete(found, name)
		}
	}
	return variables, warnings
}

// either looks a name up here, then there.
func either(here, there func(string) (string, bool)) func(string) (string, bool) {
	return func(name string) (string, bool) {
		if value, ok := here(name); ok {
			return value, true
		}
		return there(name)
	}
}
