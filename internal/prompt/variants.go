package prompt

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// source is a definition that was found: its key, its version, and its text as a YAML tree.
type source struct {
	key     string
	version string // of the file's name; empty: the file has none
	path    string // of the file, for errors
	root    *yaml.Node
	err     error // the file is no YAML document, or lies where it may not
}

// id is different for different versions of a key.
func (s source) id() string { return s.key + "\x00" + s.version }

func (s source) line() int {
	if s.root == nil {
		return 0
	}
	return s.root.Line
}

// sourcesIn are the definitions in a file whose path without ".yml" is key.
//
// A file usually is one definition, its key is its path. If the last part of that is a version number (1.0.0, 1.0.1-dev), it is a version of
// the key before it (spec/prompts.md 4.2). If it begins with an underscore, the file holds several variants of the prompt whose folder it
// lies in:
//
//	variants:
//	  base: {name: …, model: {…}}       # what this variant has of its own
//	  mistral: {name: …, model: {…}}
//	model: {params: {max_tokens: 2048}} # the rest is what they have in common
//	prompt_template: {…}
//
// A variant is what they have in common with its own keys laid over it, map by map; null takes a key away.
func sourcesIn(key, shown string, content []byte) ([]source, error) {
	root, err := document(content)
	if folder, name := path.Split(key); strings.HasPrefix(name, "_") && err == nil {
		return variantsIn(strings.TrimSuffix(folder, "/"), shown, root)
	}
	s := source{key: key, path: shown, root: root, err: err}
	if name := path.Base(key); isVersionName(name) {
		s.key, s.version = path.Dir(key), name
		if err == nil && !strings.Contains(s.key, "/") { // no request could get it
			s.err = fmt.Errorf("a version must lie in the folder of a variant, such as base/%s.yml in the folder of the prompt", name)
		}
	}
	return []source{s}, nil
}

// variantsIn makes one definition of each variant.
func variantsIn(id, shown string, root *yaml.Node) ([]source, error) {
	wrong := func(node *yaml.Node, text string) error {
		return &fileError{path: shown, line: node.Line, key: "variants", err: fmt.Errorf("%s", text)}
	}
	if root.Kind != yaml.MappingNode {
		return nil, wrong(root, "a file that begins with an underscore must be a map")
	}
	common, variants := *root, (*yaml.Node)(nil)
	common.Content = nil
	for i := 0; i+1 < len(root.Content); i += 2 {
		if root.Content[i].Value == "variants" {
			variants = followed(root.Content[i+1])
		} else {
			common.Content = append(common.Content, root.Content[i], root.Content[i+1])
		}
	}
	if variants == nil || variants.Kind != yaml.MappingNode || len(variants.Content) == 0 {
		return nil, wrong(root, "a file that begins with an underscore must have a map of variants")
	}
	var sources []source
	for i := 0; i+1 < len(variants.Content); i += 2 {
		name, own := variants.Content[i], followed(variants.Content[i+1])
		if own.Kind != yaml.MappingNode {
			return nil, wrong(own, "variant "+name.Value+" must be a map")
		}
		sources = append(sources, source{key: id + "/" + name.Value, path: shown, root: laidOver(&common, own)})
	}
	return sources, nil
}

// laidOver is a map with the keys of another laid over it.
func laidOver(under, over *yaml.Node) *yaml.Node {
	merged := *over
	merged.Content = nil
	for i := 0; i+1 < len(under.Content); i += 2 {
		merged.Content = append(merged.Content, under.Content[i], followed(under.Content[i+1]))
	}
	for i := 0; i+1 < len(over.Content); i += 2 {
		lay(&merged, over.Content[i], followed(over.Content[i+1]))
	}
	return &merged
}

// lay lays a key over a map.
func lay(m, key, value *yaml.Node) {
	for i := 0; i+1 < len(m.Content); i += 2 {
		if m.Content[i].Value != key.Value {
			continue
		}
		switch below := m.Content[i+1]; {
		case isNull(value):
			m.Content = slices.Delete(m.Content, i, i+2)
		case below.Kind == yaml.MappingNode && value.Kind == yaml.MappingNode:
			m.Content[i+1] = laidOver(below, value)
		default:
			m.Content[i], m.Content[i+1] = key, value
		}
		return
	}
	if !isNull(value) {
		m.Content = append(m.Content, key, value)
	}
}
