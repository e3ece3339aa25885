package config

import "strings"

// Error says everything that is wrong with the settings (spec/settings-and-operations.md 1.7). It holds no keys or tokens.
type Error struct {
	Problems []Problem
}

// Problem is one thing that is wrong.
type Problem struct {
	Variable string // as the operator wrote it and where, or would write it: "AIGW_FASTAPI__API_PORT (/srv/.env, line 3)"
	Message  string // what is wrong, and how a right value looks
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("the settings are not valid:")
	for _, p := range e.Problems {
		b.WriteString("\n  " + p.Variable + ": " + p.Message)
	}
	return b.String()
}
