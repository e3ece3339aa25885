package prompt

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"go.yaml.in/yaml/v3"

	"github.com/ai-gateway/ai-gateway/internal/prompt/template"
)

// Print lists all definitions: prompt id, versions, families, unit primitives and variables, those that may be missing in brackets.
// Families that do not differ in these share a line.
func (d *Definitions) Print(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "PROMPT\tVERSIONS\tFAMILIES\tUNIT PRIMITIVES\tVARIABLES")
	lines := map[string][]string{} // families by the rest of their line
	var order []string
	for _, key := range d.keys {
		id, family := splitKey(key)
		line := id + "\t" + d.byKey[key].names() + "\t%s\t" + strings.Join(d.unitPrimitives(key), " ") + "\t" + strings.Join(d.variables(key), " ")
		if lines[line] == nil {
			order = append(order, line)
		}
		lines[line] = append(lines[line], family)
	}
	for _, line := range order {
		before, after, _ := strings.Cut(line, "%s")
		fmt.Fprintln(table, before+strings.Join(lines[line], " ")+after)
	}
	return table.Flush()
}

// splitKey cuts a key into prompt id and variant.
func splitKey(key string) (id, variant string) {
	at := strings.LastIndexByte(key, '/')
	if at < 0 {
		return "", key
	}
	return key[:at], key[at+1:]
}

// names are the version numbers, the latest first.
func (v *versions) names() string {
	names := make([]string, len(v.list))
	for i, version := range v.list {
		names[i] = version.definition.Version
	}
	return strings.Join(names, " ")
}

// unitPrimitives are those of all versions of a key.
func (d *Definitions) unitPrimitives(key string) []string {
	all := map[string]bool{}
	for _, version := range d.byKey[key].list {
		for _, name := range version.definition.UnitPrimitives {
			all[name] = true
		}
	}
	return sortedKeys(all)
}

// variables are those of all versions of a key, first the ones that must be given.
func (d *Definitions) variables(key string) []string {
	required, optional := map[string]bool{}, map[string]bool{}
	for _, version := range d.byKey[key].list {
		for _, name := range version.definition.Required {
			required[name] = true
		}
		for _, name := range version.definition.Optional {
			optional["["+name+"]"] = true
		}
	}
	maps.DeleteFunc(optional, func(name string, _ bool) bool { return required[strings.Trim(name, "[]")] })
	return slices.Concat(sortedKeys(required), sortedKeys(optional))
}

// Preview is the prompt that a request of a model family would get, to be looked at: its model cannot be asked. An empty family is a
// request without model metadata, an empty constraint one without a version. The error is that of [Registry.GetVersion].
func (r *Registry) Preview(id, family, constraint string) (*Prompt, error) {
	looking := NewRegistry(r.Definitions(), nil, r.options)
	looking.options.CustomModels = true
	var metadata *ModelMetadata
	if family != "" {
		metadata = &ModelMetadata{Name: family}
	}
	p, err := looking.GetVersion(id, constraint, metadata)
	if err != nil && family != "" {
		if all := r.Definitions().byKey[id+"/"+family]; all != nil { // a definition that takes no other model can be looked at, too
			definition, err := all.resolve(id, constraint)
			if err != nil {
				return nil, err
			}
			return &Prompt{definition: definition, class: definition.Class, registry: looking}, nil
		}
	}
	return p, err
}

// PrintMessages writes the messages that would be sent for inputs, a JSON object. The error is that of [Prompt.Render], or says what is
// wrong with the JSON.
func (p *Prompt) PrintMessages(w io.Writer, inputs []byte) error {
	var object template.Object
	if err := json.Unmarshal(inputs, &object); err != nil {
		return fmt.Errorf("read the inputs: %w", err)
	}
	messages, err := p.Render(object.Map())
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "# %s %s: %s\n", p.Key(), p.Version(), p.Name())
	for _, m := range messages {
		if _, err := fmt.Fprintf(w, "\n--- %s ---\n%s\n", m.Role, m.Content); err != nil {
			return err
		}
	}
	return nil
}

// PrintDefinition writes the definition as a file of its own, without inheritance, for a copy to begin with.
func (p *Prompt) PrintDefinition(w io.Writer) error {
	root := withoutStyle(p.definition.root)
	inOrder := &yaml.Node{Kind: root.Kind, Tag: root.Tag}
	for _, name := range []string{"name", "model", "unit_primitives", "prompt_template", "params"} {
		for i := 0; i+1 < len(root.Content); i += 2 {
			if root.Content[i].Value == name {
				inOrder.Content = append(inOrder.Content, root.Content[i:i+2]...)
			}
		}
	}
	encoder := yaml.NewEncoder(w)
	encoder.SetIndent(2)
	if err := encoder.Encode(inOrder); err != nil {
		return err
	}
	return encoder.Close()
}

// withoutStyle is a tree whose maps and lists are written over several lines, without comments and aliases.
func withoutStyle(node *yaml.Node) *yaml.Node {
	node = followed(node)
	plain := &yaml.Node{Kind: node.Kind, Tag: node.Tag, Value: node.Value}
	if node.Kind == yaml.ScalarNode {
		plain.Style = node.Style
	}
	for _, child := range node.Content {
		plain.Content = append(plain.Content, withoutStyle(child))
	}
	return plain
}
