package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// object is a JSON object that keeps the order of its members. Values are nil, bool, [json.Number], string, []any and *object.
type object struct {
	keys    []string
	members map[string]any
}

func newObject() *object { return &object{members: map[string]any{}} }

// set adds or replaces a member; a replaced one keeps its place.
func (o *object) set(key string, value any) {
	if _, known := o.members[key]; !known {
		o.keys = append(o.keys, key)
	}
	o.members[key] = value
}

// member finds a member whatever the case of its name.
func (o *object) member(name string) (value any, found bool) {
	for _, key := range o.keys {
		if strings.EqualFold(key, name) {
			value, found = o.members[key], true
		}
	}
	return value, found
}

// mergeable reports whether both values are objects.
func mergeable(low, high any) bool {
	_, lowIsObject := low.(*object)
	_, highIsObject := high.(*object)
	return lowIsObject && highIsObject
}

// merge lays high over low: objects are merged member by member, everything else is replaced.
func merge(low, high any) any {
	if !mergeable(low, high) {
		return high
	}
	l, h := low.(*object), high.(*object)
	merged := &object{keys: slices.Clone(l.keys), members: maps.Clone(l.members)}
	for _, key := range h.keys {
		value := h.members[key]
		if below, known := merged.members[key]; known {
			value = merge(below, value)
		}
		merged.set(key, value)
	}
	return merged
}

// parseJSON reads one JSON value. The error says what is wrong without repeating any of the text.
func parseJSON(text string) (any, error) {
	if strings.TrimSpace(text) == "" {
		return nil, errors.New("this is empty, not JSON")
	}
	var whole json.RawMessage
	var syntax *json.SyntaxError
	switch err := json.Unmarshal([]byte(text), &whole); {
	case errors.As(err, &syntax) && syntax.Offset >= int64(len(text)):
		return nil, errors.New("this is not JSON, it ends too early")
	case errors.As(err, &syntax):
		return nil, fmt.Errorf("this is not JSON, see character %d", syntax.Offset)
	case err != nil:
		return nil, errors.New("this is not JSON")
	}
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	return readJSON(decoder)
}

// readJSON reads the next value of a valid text.
func readJSON(decoder *json.Decoder) (any, error) {
	token, err := decoder.Token()
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('{'):
		o := newObject()
		for decoder.More() {
			key, err := decoder.Token()
			if err != nil {
				return nil, err
			}
			value, err := readJSON(decoder)
			if err != nil {
				return nil, err
			}
			o.set(key.(string), value)
		}
		_, err = decoder.Token()
		return o, err
	case json.Delim('['):
		list := []any{}
		for decoder.More() {
			value, err := readJSON(decoder)
			if err != nil {
				return nil, err
			}
			list = append(list, value)
		}
		_, err = decoder.Token()
		return list, err
	default:
		return token, nil
	}
}
