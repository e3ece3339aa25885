package prompt

import (
	"errors"
	"fmt"
	"strings"
)

// ErrCustomModelsDisabled says that a request brought a model server along although the operator does not allow that.
var ErrCustomModelsDisabled = errors.New("endpoint override not allowed when custom models are disabled")

// ErrFixedModel says that a request brought a model server along for a definition that always uses its own model.
var ErrFixedModel = errors.New("the definition does not take another model")

// NotFound says that there is no definition for a prompt id, or none of the wanted variant.
type NotFound struct {
	ID string // prompt id as asked for, without variant
}

func (e *NotFound) Error() string { return fmt.Sprintf("prompt %q not found", e.ID) }

// MissingVariables says that inputs lack variables that the prompt requires (spec/prompts.md 1.7). All lists are sorted.
type MissingVariables struct {
	Key      string // of the definition
	Missing  []string
	Expected []string
	Received []string
}

func (e *MissingVariables) Error() string {
	return fmt.Sprintf("prompt %q is missing variables: %s", e.Key, strings.Join(e.Missing, ", "))
}

// RenderError says that a template could not be rendered with the inputs: a value of an unfit type, too much work, too much text. Its
// text may quote an input, so it never goes to a client.
type RenderError struct {
	Key  string // of the definition
	Role string // as the definition spells it: "system", "user", …
	Err  error
}

func (e *RenderError) Error() string {
	return fmt.Sprintf("render %s message of prompt %q: %v", e.Role, e.Key, e.Err)
}

func (e *RenderError) Unwrap() error { return e.Err }
