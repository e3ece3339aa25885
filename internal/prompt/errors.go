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

// NotSupported says that a prompt can only be asked by the use case that puts its messages together, the chat agent.
type NotSupported struct {
	ID string // prompt id
}

func (e *NotSupported) Error() string { return fmt.Sprintf("prompt %q is not supported", e.ID) }

// InvalidConstraint says that a request asks for a version in words that are no version constraint (spec/prompts.md 4.4).
type InvalidConstraint struct {
	Constraint string
}

func (e *InvalidConstraint) Error() string {
	return fmt.Sprintf("invalid version constraint %q", e.Constraint)
}

// NoVersion says that a prompt has no version that a constraint allows (spec/prompts.md 4.4).
type NoVersion struct {
	ID         string // prompt id
	Constraint string // as asked for
}

func (e *NoVersion) Error() string {
	return fmt.Sprintf("no version of prompt %q found matching %s", e.ID, e.Constraint)
}

// MissingVariables says that inputs lack variables that the prompt requires (spec/prompts.md 1.7). All lists are sorted; the order in
// which a client sent what was received is known to whoever decoded it.
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
