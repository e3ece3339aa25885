package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/ai-gateway/ai-gateway/internal/app"
	"github.com/ai-gateway/ai-gateway/internal/config"
)

func configCommand() *cobra.Command {
	var onlyGiven, asJSON bool
	command := &cobra.Command{
		Use:   "config",
		Short: "Print the settings that count here, with where each comes from",
		Long: `Print the settings that count here, with where each comes from: the environment, a line of the .env file, another setting, or its default.
Keys, tokens and passwords are masked, so the output may be shown to others. Warnings go to standard error.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			settings, err := readSettings()
			if err != nil {
				return err
			}
			warn(cmd.ErrOrStderr(), settings.Warnings())
			entries := settings.Effective()
			if onlyGiven {
				entries = given(entries)
			}
			if asJSON {
				return writeJSON(cmd.OutOrStdout(), entries)
			}
			return writeEntries(cmd.OutOrStdout(), entries)
		},
	}
	command.Flags().BoolVar(&onlyGiven, "given", false, "leave out what nobody has set")
	command.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	command.AddCommand(configCheckCommand())
	return command
}

func configCheckCommand() *cobra.Command {
	var strict, asJSON bool
	command := &cobra.Command{
		Use:   "check",
		Short: "Say what is wrong with the settings, without starting anything",
		Long: `Say what is wrong with the settings, without starting anything: values that will not do, names that are no setting, keys and certificates that
can't be used.

Exit status: 0 when the gateway would start, 1 when it would not (with --strict also when there are warnings), 2 for a wrong command line.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			review, err := reviewSettings()
			if err != nil {
				return err
			}
			if asJSON {
				err = writeJSON(cmd.OutOrStdout(), review)
			} else {
				review.write(cmd.OutOrStdout(), cmd.ErrOrStderr())
			}
			if err == nil && (!review.Valid || strict && len(review.Warnings) > 0) {
				return exitStatus(statusFailed)
			}
			return err
		},
	}
	command.Flags().BoolVar(&strict, "strict", false, "fail on warnings, too")
	command.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return command
}

// review is what is wrong with the settings.
type review struct {
	Valid    bool      `json:"valid"` // the gateway would start
	Problems []problem `json:"problems"`
	Warnings []string  `json:"warnings"`
}

type problem struct {
	Variable string `json:"variable"`
	Message  string `json:"message"`
}

func reviewSettings() (*review, error) {
	r := &review{Problems: []problem{}, Warnings: []string{}}
	settings, err := readSettings()
	var wrong *config.Error
	if errors.As(err, &wrong) {
		for _, p := range wrong.Problems {
			r.Problems = append(r.Problems, problem(p))
		}
		return r, nil
	}
	if err != nil {
		return nil, err
	}
	for _, p := range app.Problems(settings) {
		r.Problems = append(r.Problems, problem(p))
	}
	r.Warnings = append(r.Warnings, settings.Warnings()...)
	r.Warnings = append(r.Warnings, app.Doubts(settings)...)
	r.Valid = len(r.Problems) == 0
	return r, nil
}

func (r *review) write(out, errs io.Writer) {
	warn(errs, r.Warnings)
	if r.Valid {
		fmt.Fprintln(out, "The settings are valid.")
		return
	}
	fmt.Fprintln(errs, "The settings are not valid:")
	for _, p := range r.Problems {
		fmt.Fprintf(errs, "  %s: %s\n", p.Variable, p.Message)
	}
}

// readSettings reads the settings that a gateway started here would have, and changes nothing.
func readSettings() (*config.Settings, error) {
	dir, err := os.Getwd()
	if err != nil {
		return nil, fmt.Errorf("find the working directory: %w", err)
	}
	return config.Load(os.Environ(), dir)
}

func warn(w io.Writer, warnings []string) {
	for _, warning := range warnings {
		fmt.Fprintln(w, "warning:", warning)
	}
}

func given(entries []config.Entry) []config.Entry {
	chosen := []config.Entry{}
	for _, e := range entries {
		if e.Given {
			chosen = append(chosen, e)
		}
	}
	return chosen
}

// writeEntries aligns names, values and sources, group by group.
func writeEntries(w io.Writer, entries []config.Entry) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	group := ""
	for _, e := range entries {
		if e.Group != group {
			if group != "" {
				fmt.Fprintln(table)
			}
			group = e.Group
			fmt.Fprintf(table, "# %s\n", group)
		}
		fmt.Fprintf(table, "%s\t%s\t%s\n", e.Name, quoted(e.Value), e.Source)
	}
	return table.Flush()
}

// quoted keeps a value on its line.
func quoted(value string) string {
	for _, r := range value {
		if r < ' ' || r == 0x7f {
			return fmt.Sprintf("%q", value)
		}
	}
	return value
}

func writeJSON(w io.Writer, value any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(value)
}
