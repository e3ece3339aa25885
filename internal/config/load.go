package config

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Load reads the settings from env, which has the form of [os.Environ], and from the .env file in dir or above it; env wins
// (spec/settings-and-operations.md 1). Relative paths in settings are checked against dir, which is the working directory of
// the service; with an empty dir no file is looked for.
//
// The error is an [*Error] with all that is wrong. Load changes nothing: see [Settings.Exports].
func Load(env []string, dir string) (*Settings, error) {
	path, text, err := readDotenv(dir)
	if err != nil {
		return nil, &Error{Problems: []Problem{{Variable: path, Message: "this file of settings cannot be read: " + err.Error()}}}
	}
	return load(env, path, text, dir)
}

// load is Load with the .env file already read.
func load(env []string, path, text, dir string) (*Settings, error) {
	l := newLoader(env, path, text, dir)
	for _, source := range l.sources {
		l.readGroups(source)
		l.reviewNames(source)
	}
	for _, f := range fields() {
		l.fill(&f)
	}
	l.derive()
	l.check()
	if len(l.problems) > 0 {
		slices.SortStableFunc(l.problems, func(a, b Problem) int { return strings.Compare(a.Variable, b.Variable) })
		return nil, &Error{Problems: l.problems}
	}
	l.settings.exports = func() []string { return l.exports }
	l.settings.warnings = l.warnings
	l.settings.effective = l.effective
	return l.settings, nil
}

// loader is a load under way.
type loader struct {
	settings *Settings
	dir      string

	sources     []*source           // of settings with the prefix: the file, then the process, which wins
	process     map[string]variable // by exact name
	environment map[string]variable // the same with what the file adds, for variables without the prefix
	exports     []string

	given    map[string][]string // settings that somebody gave, with where
	derived  map[string]string   // settings that follow from others, with which
	problems []Problem
	warnings []string
}

func newLoader(env []string, path, text, dir string) *loader {
	l := &loader{
		settings:    &Settings{},
		dir:         dir,
		process:     map[string]variable{},
		environment: map[string]variable{},
		given:       map[string][]string{},
		derived:     map[string]string{},
	}
	inProcess := parseEnviron(env)
	for _, v := range inProcess {
		l.process[v.name] = v
		l.environment[v.name] = v
	}
	inFile, warnings := evaluate(path, text, l.process)
	l.warnings = warnings
	for _, v := range inFile {
		if _, given := l.process[v.name]; !given {
			l.environment[v.name] = v
			l.exports = append(l.exports, v.name+"="+v.value)
		}
	}
	l.sources = []*source{newSource(inFile), newSource(inProcess)}
	return l
}

// fill gives a setting its value, or its default.
func (l *loader) fill(f *field) {
	target := reflect.ValueOf(l.settings).Elem().FieldByIndex(f.index)
	l.fallBack(f, target)
	layers := l.layers(f)
	if len(layers) == 0 {
		return
	}
	var value any
	var written []string
	for _, layer := range layers {
		if !mergeable(value, layer.value) {
			written = nil // nothing is left of what was below
		}
		value = merge(value, layer.value)
		written = append(written, layer.written)
	}
	l.given[f.name] = slices.Compact(written)
	if err := f.decode(target, value); err != nil {
		l.fallBack(f, target)
		l.complain(f.name, fmt.Sprintf("%v; write it like %s", err, f.sample()))
	}
}

// complain records what is wrong with a setting, under the name by which it was given.
func (l *loader) complain(name, message string) {
	l.report(cmp.Or(l.written(name), name), message)
}

// written says how a setting was given, and is empty when it was not.
func (l *loader) written(name string) string { return strings.Join(l.given[name], " and ") }

func (l *loader) report(variable, message string) {
	if p := (Problem{variable, message}); !slices.Contains(l.problems, p) {
		l.problems = append(l.problems, p)
	}
}

func (l *loader) warn(format string, args ...any) {
	l.warnings = append(l.warnings, fmt.Sprintf(format, args...))
}
