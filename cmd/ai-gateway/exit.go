package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// What the process ends with when it does not end with 0.
const (
	statusFailed = 1 // what was asked for failed, or found something wrong
	statusUsage  = 2 // the command line makes no sense
)

// exitStatus ends the process; everything that had to be said has been said.
type exitStatus int

func (s exitStatus) Error() string { return fmt.Sprintf("exit status %d", int(s)) }

// usageError is a command line that makes no sense.
type usageError struct{ err error }

func (e *usageError) Error() string { return e.err.Error() }

func (e *usageError) Unwrap() error { return e.err }

// wrongFlag is [cobra.Command.SetFlagErrorFunc]'s.
func wrongFlag(cmd *cobra.Command, err error) error {
	return &usageError{fmt.Errorf("%w\nSee '%s --help'", err, cmd.CommandPath())}
}

// statusOf is the exit status of a failed command, and whether its error must still be printed.
func statusOf(err error) (status int, silent bool) {
	var said exitStatus
	var usage *usageError
	switch {
	case errors.As(err, &said):
		return int(said), true
	case errors.As(err, &usage):
		return statusUsage, false
	default:
		return statusFailed, false
	}
}

// noArgs is [cobra.NoArgs] with the exit status of a wrong command line, and with the commands that were probably meant.
func noArgs(cmd *cobra.Command, args []string) error {
	err := cobra.NoArgs(cmd, args)
	if err == nil {
		return nil
	}
	cmd.SuggestionsMinimumDistance = 2 // letters
	if meant := cmd.SuggestionsFor(args[0]); len(meant) > 0 {
		err = fmt.Errorf("%w; did you mean %s?", err, strings.Join(meant, " or "))
	}
	return &usageError{fmt.Errorf("%w\nSee '%s --help'", err, cmd.CommandPath())}
}
