package config

import (
	"fmt"
	"slices"
	"strings"
)

// groups lists the paths of all groups, outer ones first.
func groups() [][]string {
	var paths [][]string
	for _, f := range fields() {
		for depth := 1; depth < len(f.path); depth++ {
			path := f.path[:depth]
			if !slices.ContainsFunc(paths, func(known []string) bool { return slices.Equal(known, path) }) {
				paths = append(paths, path)
			}
		}
	}
	return paths
}

// readGroups reads the groups that a source gives as JSON (spec/settings-and-operations.md 1.6).
func (l *loader) readGroups(source *source) {
	for _, path := range groups() {
		name := strings.ToLower(variableName(path))
		v, given := source.variables[name]
		if !given {
			continue
		}
		value, err := parseJSON(v.value)
		members, isObject := value.(*object)
		switch {
		case err != nil:
			l.report(v.written(), fmt.Sprintf("%v; write it like %s", err, groupSample(path)))
		case isObject:
			source.groups[name] = members
		case value == nil && len(path) == 1:
			source.hidden[name] = true
		default:
			l.report(v.written(), "this is not a JSON object; write it like "+groupSample(path))
		}
	}
}

// groupSample shows how a group is given as JSON.
func groupSample(path []string) string {
	for _, f := range fields() {
		if len(f.path) > len(path) && slices.Equal(f.path[:len(path)], path) {
			return fmt.Sprintf("{%q: …}", f.path[len(path)])
		}
	}
	return "{}"
}

// reviewNames looks for names that are no setting. They are ignored with a warning, but those directly in group F are errors
// (spec/settings-and-operations.md 1.6).
func (l *loader) reviewNames(source *source) {
	for _, name := range source.names {
		if strings.HasPrefix(name, strings.ToLower(prefix)) {
			l.reviewName(name, source.variables[name].written())
		}
	}
	for _, path := range groups() {
		group := strings.ToLower(variableName(path))
		members, given := source.groups[group]
		if !given {
			continue
		}
		for _, key := range members.keys {
			l.reviewName(group+"__"+strings.ToLower(key), fmt.Sprintf("%s, member %q", source.variables[group].written(), key))
		}
	}
}

func (l *loader) reviewName(name, written string) {
	if isKnown(name) {
		return
	}
	if rest, inF := strings.CutPrefix(name, "aigw_f__"); inF {
		if member, _, _ := strings.Cut(rest, "__"); !isKnown("aigw_f__" + member) {
			l.report(written, "group F has no such member; remove it, or correct its name"+suggestion(name))
			return
		}
	}
	l.warn("%s is no setting and is ignored%s", written, suggestion(name))
}

// isKnown reports whether a lower-case name is that of a setting, a group, or an entry of a setting that is an object.
func isKnown(name string) bool {
	for _, f := range fields() {
		own := strings.ToLower(f.name)
		if name == own || f.isObject() && strings.HasPrefix(name, own+"__") {
			return true
		}
		for depth := 1; depth < len(f.path); depth++ {
			if name == strings.ToLower(variableName(f.path[:depth])) {
				return true
			}
		}
	}
	return false
}

// suggestion names the setting that was probably meant, if there is one that differs by no more than a quarter of its letters.
func suggestion(name string) string {
	best, meant := len(name)/4+1, ""
	for _, f := range fields() {
		if f.path == nil || max(len(f.name)-len(name), len(name)-len(f.name)) >= best {
			continue
		}
		if d := distance(name, strings.ToLower(f.name)); d < best {
			best, meant = d, f.name
		}
	}
	if meant == "" {
		return ""
	}
	return "; did you mean " + meant + "?"
}

// distance counts the bytes to insert, remove or replace to make b of a.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
