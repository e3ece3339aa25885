package config

import (
	"fmt"
	"slices"
	"strings"
)

// layer is what one variable says about a setting. Layers are laid over each other, the last one on top.
type layer struct {
	value   any
	written string
}

// layers collects what is said about a setting. Within a source, a group given as JSON lies below the setting's own variable, and that
// below the variables of single entries (spec/settings-and-operations.md 1.6).
func (l *loader) layers(f *field) []layer {
	if f.path == nil {
		return l.unprefixed(f)
	}
	var layers []layer
	for _, source := range l.sources {
		layers = append(layers, l.layersOf(source, f)...)
	}
	return layers
}

func (l *loader) layersOf(source *source, f *field) []layer {
	var layers []layer
	for depth := 1; depth < len(f.path); depth++ {
		group := strings.ToLower(variableName(f.path[:depth]))
		if source.hidden[group] {
			return nil
		}
		if members, given := source.groups[group]; given {
			layers = append(layers, l.descend(members, f.path[depth:], source.variables[group].written())...)
		}
	}
	own := strings.ToLower(f.name)
	if v, given := source.variables[own]; given {
		value, ok := l.parse(v, f, levels(f.kind))
		if value == nil && ok && len(f.path) == 1 {
			return nil // null stands for "not given"
		}
		if ok {
			layers = append(layers, layer{value, v.written()})
		}
	}
	if f.isObject() {
		layers = append(layers, l.entries(source, f, own+"__")...)
	}
	return layers
}

// descend finds the member at path in a group given as JSON.
func (l *loader) descend(members *object, path []string, written string) []layer {
	value, found := members.member(path[0])
	if !found {
		return nil
	}
	written += ", member " + path[0]
	if len(path) == 1 {
		return []layer{{value, written}}
	}
	below, isObject := value.(*object)
	if !isObject {
		l.report(written, fmt.Sprintf("this is not a JSON object; write it like {%q: …}", path[1]))
		return nil
	}
	return l.descend(below, path[1:], written)
}

// entries collects the variables of single entries of an object, such as AIGW_DEFAULT_PROMPTS__chat/react. Their keys are lower-case.
func (l *loader) entries(source *source, f *field, prefix string) []layer {
	var layers []layer
	for _, name := range source.names {
		rest, isEntry := strings.CutPrefix(name, prefix)
		if !isEntry {
			continue
		}
		v := source.variables[name]
		keys := strings.Split(rest, "__")
		value, ok := l.parse(v, f, levels(f.kind)-len(keys))
		if !ok {
			continue
		}
		for _, key := range slices.Backward(keys) {
			entry := newObject()
			entry.set(key, value)
			value = entry
		}
		layers = append(layers, layer{value, v.written()})
	}
	return layers
}

// parse reads the text of a variable, which is JSON when the value has levels.
func (l *loader) parse(v variable, f *field, levels int) (any, bool) {
	if levels <= 0 {
		return v.value, true
	}
	value, err := parseJSON(v.value)
	if err != nil {
		l.report(v.written(), fmt.Sprintf("%v; write %s like %s", err, f.name, f.sample()))
		return nil, false
	}
	return value, true
}

// unprefixed looks for a variable without the prefix.
func (l *loader) unprefixed(f *field) []layer {
	from := l.environment
	if f.process {
		from = l.process
	}
	for _, name := range append([]string{f.name}, f.aliases...) {
		if v, given := from[name]; given {
			return []layer{{v.value, v.written()}}
		}
		if v, given := l.environment[name]; given {
			l.warn("%s is ignored: it must be in the environment of the process", v.written())
		}
	}
	return nil
}
