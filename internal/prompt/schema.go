package prompt

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// parse reads a definition by the schema of spec/prompts.md 1.3. Templates are left as they are. The error is a [*fileError].
func (s source) parse() (*Definition, error) {
	if s.err != nil {
		return nil, &fileError{path: s.path, err: s.err}
	}
	r := &reader{path: s.path, lines: map[string]int{}}
	d := &Definition{Key: s.key, Version: s.version, path: s.path, root: s.root, lines: r.lines}
	if d.Version == "" {
		d.Version = unversioned
	}
	top := r.section(s.root, "", "name", "model", "unit_primitives", "prompt_template", "params")
	d.Name = top.text("name")
	d.UnitPrimitives = top.texts("unit_primitives")
	d.messages = r.messages(top)
	r.model(top, d)
	r.call(top, d)
	if r.err != nil {
		return nil, r.err
	}
	return d, nil
}

// document is the only document of a YAML file.
func document(content []byte) (*yaml.Node, error) {
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	var doc, second yaml.Node
	switch err := decoder.Decode(&doc); {
	case errors.Is(err, io.EOF) || err == nil && len(doc.Content) == 0:
		return nil, errors.New("the file is empty")
	case err != nil:
		return nil, err
	}
	if err := decoder.Decode(&second); !errors.Is(err, io.EOF) {
		return nil, errors.New("the file holds more than one document")
	}
	return doc.Content[0], nil
}

func (r *reader) model(top section, d *Definition) {
	model := r.section(top.need("model"), "model", "name", "params")
	d.Model = model.text("name")

	node := model.need("params")
	common := []string{"model_class_provider", "temperature", "top_p", "top_k", "max_tokens", "max_retries"}
	d.Class = Class(r.section(node, "model.params").peek("model_class_provider"))
	var params section
	switch d.Class {
	case LiteLLM:
		params = r.section(node, "model.params", append(common, "custom_llm_provider")...)
		d.Params.CustomProvider = deref(params.optionalText("custom_llm_provider"), "")
	case Anthropic:
		params = r.section(node, "model.params", append(common, "default_headers")...)
		d.Params.DefaultHeaders = params.headers("default_headers")
	default:
		r.fail(node, "model.params.model_class_provider", "must be litellm or anthropic")
		return
	}
	d.Params.Temperature = params.number("temperature")
	d.Params.TopP = params.number("top_p")
	d.Params.TopK = params.integer("top_k")
	d.Params.MaxTokens = params.integer("max_tokens")
	d.Params.MaxRetries = ptr(1)
	if params.has("max_retries") {
		d.Params.MaxRetries = params.integer("max_retries")
	}
}

func (r *reader) call(top section, d *Definition) {
	if isNull(top.values["params"]) {
		return
	}
	params := r.section(top.values["params"], "params", "stop", "timeout", "vertex_location")
	d.Call.Stop = params.optionalTexts("stop")
	d.Call.VertexLocation = deref(params.optionalText("vertex_location"), "")
	if seconds := params.number("timeout"); seconds != nil {
		d.Call.Timeout = ptr(time.Duration(*seconds * float64(time.Second)))
	}
}

// messages are the entries of prompt_template in the order of the file.
func (r *reader) messages(top section) []message {
	templates := r.section(top.need("prompt_template"), "prompt_template", anyKey)
	var messages []message
	for _, key := range templates.keys {
		node := templates.values[key]
		m := message{key: key, text: templates.text(key)}
		if node != nil {
			m.line = node.Line
			if node.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
				m.line++ // the text begins on the line after its "|"
			}
		}
		messages = append(messages, m)
	}
	return messages
}

// reader reads a file and keeps the first thing that is wrong with it.
type reader struct {
	path  string
	lines map[string]int // of every key that was read: "model.params.temperature"
	err   error
}

func (r *reader) fail(node *yaml.Node, key, format string, args ...any) {
	if r.err != nil {
		return
	}
	line := 0
	if node != nil {
		line = node.Line
	}
	r.err = &fileError{path: r.path, line: line, key: key, err: fmt.Errorf(format, args...)}
}

// section is a YAML map, of which the last of several values under one key counts.
type section struct {
	reader *reader
	node   *yaml.Node
	prefix string // of its keys: "model.params."
	keys   []string
	values map[string]*yaml.Node
}

// anyKey in place of a section's known keys allows all.
const anyKey = "*"

// section reads a map. Keys other than the known ones are an error, unless none is known yet.
func (r *reader) section(node *yaml.Node, key string, known ...string) section {
	s := section{reader: r, node: node, values: map[string]*yaml.Node{}}
	if key != "" {
		s.prefix = key + "."
	}
	if node == nil {
		return s // missing, which was said already
	}
	if node.Kind != yaml.MappingNode {
		r.fail(node, key, "must be a map")
		return s
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		name, isText := scalarOf(node.Content[i]).(string)
		if !isText {
			r.fail(node.Content[i], key, "keys must be text")
			continue
		}
		if known != nil && known[0] != anyKey && !slices.Contains(known, name) {
			r.fail(node.Content[i], s.prefix+name, "unknown key; known are %s", strings.Join(known, ", "))
		}
		if _, repeated := s.values[name]; !repeated {
			s.keys = append(s.keys, name)
		}
		s.values[name] = followed(node.Content[i+1])
		r.lines[s.prefix+name] = node.Content[i].Line
	}
	return s
}

// need is the value of a key that must be there.
func (s section) need(key string) *yaml.Node {
	node := s.values[key]
	if node == nil {
		s.reader.fail(s.node, s.prefix+key, "is missing")
	}
	return node
}

func (s section) has(key string) bool { return s.values[key] != nil }

// peek is a text, or nothing where there is none.
func (s section) peek(key string) string {
	text, _ := scalarOf(s.values[key]).(string)
	return text
}

func (s section) text(key string) string {
	node := s.need(key)
	if node == nil {
		return ""
	}
	text, ok := scalarOf(node).(string)
	if !ok {
		s.reader.fail(node, s.prefix+key, "must be text")
	}
	return text
}

func (s section) optionalText(key string) *string {
	if isNull(s.values[key]) {
		return nil
	}
	return ptr(s.text(key))
}

func (s section) optionalTexts(key string) []string {
	if isNull(s.values[key]) {
		return nil
	}
	return s.texts(key)
}

func (s section) texts(key string) []string {
	node := s.values[key]
	if node == nil || node.Kind != yaml.SequenceNode {
		s.reader.fail(s.at(key), s.prefix+key, "must be a list of texts")
		return nil
	}
	texts := make([]string, 0, len(node.Content))
	for _, item := range node.Content {
		text, ok := scalarOf(followed(item)).(string)
		if !ok {
			s.reader.fail(item, s.prefix+key, "must be a list of texts")
		}
		texts = append(texts, text)
	}
	return texts
}

func (s section) headers(key string) map[string]string {
	if isNull(s.values[key]) {
		return nil
	}
	entries := s.reader.section(s.values[key], s.prefix+key, anyKey)
	headers := make(map[string]string, len(entries.keys))
	for _, name := range entries.keys {
		headers[name] = entries.text(name)
	}
	return headers
}

func (s section) number(key string) *float64 {
	if isNull(s.values[key]) {
		return nil
	}
	number, ok := numberOf(scalarOf(s.values[key]))
	if !ok || math.IsInf(number, 0) || math.IsNaN(number) {
		s.reader.fail(s.at(key), s.prefix+key, "must be a number")
	}
	return &number
}

func (s section) integer(key string) *int {
	if isNull(s.values[key]) {
		return nil
	}
	number, ok := numberOf(scalarOf(s.values[key]))
	if !ok || number != math.Trunc(number) || math.Abs(number) > math.MaxInt32 {
		s.reader.fail(s.at(key), s.prefix+key, "must be a whole number")
		return nil
	}
	return ptr(int(number))
}

// at is where to point at for a key: its value, or the map that lacks it.
func (s section) at(key string) *yaml.Node {
	if node := s.values[key]; node != nil {
		return node
	}
	return s.node
}
