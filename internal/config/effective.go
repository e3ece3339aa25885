package config

import (
	"net/url"
	"reflect"
	"strings"
)

// Entry is one setting as it counts, for operators who want to know what the gateway makes of their environment.
type Entry struct {
	Name    string `json:"name"`
	Group   string `json:"group"`   // title of its group
	Value   string `json:"value"`   // as an operator would write it; secrets and passwords in URLs are masked
	Default string `json:"default"` // as Value
	Source  string `json:"source"`  // "default", "environment", a file and line, a group with its member, or "from" the setting it follows
	Given   bool   `json:"given"`   // an operator set it
}

// Effective lists all settings in the order of their documentation, with where their values come from
// (spec/settings-and-operations.md 1.2, 1.8), and then those variables that libraries read and that are set.
func (s *Settings) Effective() []Entry {
	if s.effective == nil {
		return nil
	}
	return s.effective()
}

func (l *loader) effective() []Entry {
	tree := reflect.ValueOf(l.settings).Elem()
	var entries []Entry
	for _, f := range fields() {
		entries = append(entries, Entry{
			Name: f.name, Group: f.title, Value: f.show(tree.FieldByIndex(f.index)), Default: f.written(),
			Source: l.sourceOf(&f), Given: l.isGiven(f.name),
		})
	}
	for _, known := range passedOn {
		if v, given := l.environment[known.name]; given {
			entries = append(entries, Entry{
				Name: v.name, Group: passedOnTitle, Value: maskPassword(v.value), Source: placeOf(v.name, v.written()), Given: true,
			})
		}
	}
	return entries
}

// sourceOf says where the value of a setting comes from. What follows from a setting that nobody gave is as good as a default.
func (l *loader) sourceOf(f *field) string {
	if from, derived := l.derived[f.name]; derived {
		if l.isGiven(from) {
			return "from " + from
		}
		return "default"
	}
	if !l.isGiven(f.name) {
		return "default"
	}
	var places []string
	for _, written := range l.given[f.name] {
		places = append(places, placeOf(f.name, written))
	}
	return strings.Join(places, " and ")
}

// placeOf shortens what [variable.written] says, in a place where the name is known already.
func placeOf(name, written string) string {
	rest, own := strings.CutPrefix(written, name)
	switch {
	case own && rest == "":
		return "environment"
	case own && strings.HasPrefix(rest, " ("):
		return strings.TrimSuffix(strings.TrimPrefix(rest, " ("), ")")
	default:
		return written
	}
}

// maskPassword hides the password of a URL; any other text stays as it is.
func maskPassword(text string) string {
	u, err := url.Parse(text)
	if err != nil || u.User == nil {
		return text
	}
	if _, has := u.User.Password(); !has {
		return text
	}
	return u.Redacted()
}
