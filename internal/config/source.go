package config

import "strings"

// variable is one variable of the process or of the .env file.
type variable struct {
	name  string // as written
	value string
	place string // where it was found, when that is not the process environment: "/srv/.env, line 3"
}

// written says which variable is meant and where to find it.
func (v variable) written() string {
	if v.place == "" {
		return v.name
	}
	return v.name + " (" + v.place + ")"
}

// source is a set of variables by lower-case name, in the order in which the names came first. Of variables that differ in case
// only, the last one counts (spec/settings-and-operations.md 1.1).
type source struct {
	names     []string
	variables map[string]variable

	groups map[string]*object // groups given as JSON, by lower-case name of their variable
	hidden map[string]bool    // groups that are null
}

func newSource(variables []variable) *source {
	s := &source{variables: map[string]variable{}, groups: map[string]*object{}, hidden: map[string]bool{}}
	for _, v := range variables {
		name := strings.ToLower(v.name)
		if _, known := s.variables[name]; !known {
			s.names = append(s.names, name)
		}
		s.variables[name] = v
	}
	return s
}

// parseEnviron reads the form of [os.Environ]. Entries without an equals sign are left out; of two for a name the last one counts.
func parseEnviron(env []string) []variable {
	var variables []variable
	for _, entry := range env {
		if name, value, found := strings.Cut(entry, "="); found && name != "" {
			variables = append(variables, variable{name: name, value: value})
		}
	}
	return variables
}
