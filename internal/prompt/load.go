package prompt

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
)

//go:embed all:definitions
var embedded embed.FS

// Embedded are the definitions that come with the gateway.
func Embedded() fs.FS {
	root, err := fs.Sub(embedded, "definitions")
	if err != nil {
		panic(err) // the name is valid
	}
	return root
}

// Definitions are all definitions below one root, loaded and compiled.
type Definitions struct {
	byKey map[string]*Definition
	keys  []string // sorted
}

// Get finds a definition by its key.
func (d *Definitions) Get(key string) (*Definition, bool) {
	definition, found := d.byKey[key]
	return definition, found
}

// Keys are the keys of all definitions, sorted.
func (d *Definitions) Keys() []string { return slices.Clone(d.keys) }

// maxFileSize bounds a definition or partial, in bytes.
const maxFileSize = 1 << 20

// Load reads every definition below the root of fsys, and every partial that they include, and compiles them (spec/prompts.md 1.2).
// Known says which unit primitives there are.
//
// The error names file and line of everything that is wrong, joined; there are no definitions then.
func Load(fsys fs.FS, known func(unitPrimitive string) bool) (*Definitions, error) {
	files, partials, err := readAll(fsys)
	if err != nil {
		return nil, err
	}
	c := newCompiler(partials, known)
	loaded := &Definitions{byKey: make(map[string]*Definition, len(files)), keys: slices.Sorted(maps.Keys(files))}
	var problems []error
	for _, key := range loaded.keys {
		definition, err := parseDefinition(key, files[key])
		if err == nil {
			err = c.compile(definition)
		}
		if err != nil {
			problems = append(problems, err)
			continue
		}
		loaded.byKey[key] = definition
	}
	if problems != nil {
		return nil, fmt.Errorf("load prompt definitions: %w", errors.Join(problems...))
	}
	return loaded, nil
}

// readAll reads definition files, by key, and all other files, by path.
func readAll(fsys fs.FS) (files map[string][]byte, partials map[string]string, err error) {
	files, partials = map[string][]byte{}, map[string]string{}
	err = fs.WalkDir(fsys, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := readFile(fsys, path)
		if err != nil {
			return err
		}
		if key, isDefinition := strings.CutSuffix(path, ".yml"); isDefinition {
			files[key] = content
		} else {
			partials[path] = string(content)
		}
		return nil
	})
	if err != nil {
		return nil, nil, fmt.Errorf("read prompt definitions: %w", err)
	}
	return files, partials, nil
}

func readFile(fsys fs.FS, path string) ([]byte, error) {
	info, err := fs.Stat(fsys, path)
	if err != nil {
		return nil, err
	}
	if info.Size() > maxFileSize {
		return nil, fmt.Errorf("%s: larger than %d bytes", path, maxFileSize)
	}
	return fs.ReadFile(fsys, path)
}

// fileError is what is wrong with a file, and where.
type fileError struct {
	path string
	line int    // 0: the file as a whole
	key  string // "model.params.temperature"; empty: none
	err  error
}

func (e *fileError) Error() string {
	var b strings.Builder
	b.WriteString(e.path)
	if e.line != 0 {
		fmt.Fprintf(&b, ":%d", e.line)
	}
	b.WriteString(": ")
	if e.key != "" {
		b.WriteString(e.key + ": ")
	}
	b.WriteString(e.err.Error())
	return b.String()
}
