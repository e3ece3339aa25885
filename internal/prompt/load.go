package prompt

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
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

// Layer is a folder of definitions and partials that lies over others: what it has takes the place of what is under it and has the same
// key or, of partials, the same path. Its templates may include partials from below.
type Layer struct {
	Name  string // in front of the paths in errors; empty: none
	Files fs.FS
}

// Directory is the layer of an administrator's directory (spec/prompts.md 1.17).
func Directory(dir string) Layer { return Layer{Name: dir, Files: os.DirFS(dir)} }

// Definitions are all definitions below one root, loaded and compiled.
type Definitions struct {
	byKey map[string]*versions
	keys  []string // sorted
}

// Get finds the definition of a key: of several versions the one that requests without a constraint get, else the latest.
func (d *Definitions) Get(key string) (*Definition, bool) {
	all, found := d.byKey[key]
	if !found {
		return nil, false
	}
	if definition, err := all.resolve(key, ""); err == nil {
		return definition, true
	}
	return all.list[0].definition, true
}

// Keys are the keys of all definitions, sorted.
func (d *Definitions) Keys() []string { return slices.Clone(d.keys) }

// maxFileSize bounds a definition or partial, in bytes.
const maxFileSize = 1 << 20

// Load reads every definition below the root of fsys and of the layers over it, and every partial that they include, and compiles them
// (spec/prompts.md 1.2). Known says which unit primitives there are.
//
// The error names file and line of everything that is wrong, joined; there are no definitions then.
func Load(fsys fs.FS, known func(unitPrimitive string) bool, over ...Layer) (*Definitions, error) {
	all, err := readAll(append([]Layer{{Files: fsys}}, over...))
	if err != nil {
		return nil, err
	}
	c := newCompiler(all, known)
	loaded := &Definitions{byKey: map[string]*versions{}}
	var (
		problems []error
		said     = map[string]bool{}
	)
	for _, source := range all.sources {
		definition, err := source.parse()
		if err == nil {
			err = c.compile(definition)
		}
		if err != nil {
			if text := err.Error(); !said[text] { // variants share lines, and their faults
				said[text] = true
				problems = append(problems, err)
			}
			continue
		}
		loaded.add(source, definition)
	}
	if problems != nil {
		return nil, fmt.Errorf("load prompt definitions: %w", errors.Join(problems...))
	}
	loaded.keys = sortedKeys(loaded.byKey)
	return loaded, nil
}

func (d *Definitions) add(s source, definition *Definition) {
	if d.byKey[s.key] == nil {
		d.byKey[s.key] = &versions{}
	}
	d.byKey[s.key].add(s.version, definition)
}

// files are what was read from all layers.
type files struct {
	sources  []source          // of definitions, sorted by key
	partials map[string]string // by path
	shown    map[string]string // paths of partials as errors have them, by path
}

// readAll reads the layers, each of which replaces what is below it.
func readAll(layers []Layer) (*files, error) {
	all := &files{partials: map[string]string{}, shown: map[string]string{}}
	found := map[string]source{} // by key and version
	for _, layer := range layers {
		sources, err := all.readLayer(layer)
		if err != nil {
			return nil, err
		}
		here := map[string]source{}
		for _, s := range sources {
			if other, twice := here[s.id()]; twice {
				return nil, fmt.Errorf("read prompt definitions: %w", &fileError{
					path: s.path, line: s.line(), err: fmt.Errorf("%q is defined in %s, too", s.key, other.path),
				})
			}
			here[s.id()] = s
		}
		maps.Copy(found, here)
	}
	for _, id := range sortedKeys(found) {
		all.sources = append(all.sources, found[id])
	}
	return all, nil
}

// readLayer reads the partials of a layer, and returns its definitions.
func (all *files) readLayer(layer Layer) ([]source, error) {
	var sources []source
	err := walk(layer.Files, ".", 0, func(name string) error {
		content, err := readFile(layer.Files, name)
		if err != nil {
			return err
		}
		shown := path.Join(layer.Name, name)
		if key, isDefinition := strings.CutSuffix(name, ".yml"); isDefinition {
			inFile, err := sourcesIn(key, shown, content)
			sources = append(sources, inFile...)
			return err
		}
		all.partials[name], all.shown[name] = string(content), shown
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read prompt definitions: %w", err)
	}
	return sources, nil
}

// maxFolders bounds folders in folders, which links can make endless.
const maxFolders = 30

// walk visits all files below a folder in order, and follows links: mounted volumes consist of them. What begins with two dots is the
// bookkeeping of such volumes.
func walk(fsys fs.FS, folder string, depth int, visit func(name string) error) error {
	if depth > maxFolders {
		return fmt.Errorf("%s: too many folders in folders", folder)
	}
	entries, err := fs.ReadDir(fsys, folder)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), "..") {
			continue
		}
		name := path.Join(folder, entry.Name())
		info, err := fs.Stat(fsys, name)
		switch {
		case err != nil:
		case info.IsDir():
			err = walk(fsys, name, depth+1, visit)
		default:
			err = visit(name)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func readFile(fsys fs.FS, name string) ([]byte, error) {
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return nil, err
	}
	if info.Size() > maxFileSize {
		return nil, fmt.Errorf("%s: larger than %d bytes", name, maxFileSize)
	}
	return fs.ReadFile(fsys, name)
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

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

func (e *fileError) Unwrap() error { return e.err }
