package schema

import (
	"fmt"
	"strconv"
	"strings"
)

// options are what a tag such as `schema:"strip,max=255"` says. Whoever understands an option takes it; what is left is a mistake.
type options map[string]string

func parseOptions(tag string) (options, error) {
	opt := options{}
	for _, part := range splitOptions(tag) {
		name, value, _ := strings.Cut(part, "=")
		if _, twice := opt[name]; twice {
			return nil, fmt.Errorf("option %q is given twice", name)
		}
		opt[name] = value
	}
	return opt, nil
}

// splitOptions splits at the commas that don't stand in quotes or brackets, as those of a default may.
func splitOptions(tag string) []string {
	var parts []string
	depth, quoted, from := 0, false, 0
	for i := 0; i < len(tag); i++ {
		switch c := tag[i]; {
		case c == '\\' && quoted:
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[' || c == '{':
			depth++
		case c == ']' || c == '}':
			depth--
		case c == ',' && depth == 0:
			parts = append(parts, tag[from:i])
			from = i + 1
		}
	}
	if from < len(tag) {
		parts = append(parts, tag[from:])
	}
	return parts
}

func (o options) take(name string) (value string, given bool) {
	value, given = o[name]
	delete(o, name)
	return value, given
}

// flag takes an option that has no value.
func (o options) flag(name string) (bool, error) {
	value, given := o.take(name)
	if value != "" {
		return false, fmt.Errorf("option %q takes no value", name)
	}
	return given, nil
}

// length takes an option whose value is a number of characters or elements; -1 if it is not given.
func (o options) length(name string) (int, error) {
	value, given := o.take(name)
	if !given {
		return -1, nil
	}
	n, err := strconv.Atoi(value)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("option %q needs a length, not %q", name, value)
	}
	return n, nil
}

// leftover returns an error if an option has not been taken.
func (o options) leftover() error {
	for name := range o {
		return fmt.Errorf("option %q means nothing here", name)
	}
	return nil
}
