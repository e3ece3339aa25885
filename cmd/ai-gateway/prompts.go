package main

import (
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/ai-gateway/ai-gateway/internal/app"
)

func promptsCommand() *cobra.Command {
	command := &cobra.Command{
		Use:   "prompts",
		Short: "List the registered prompts: ids, versions, model families, unit primitives and variables",
		Long: `List the registered prompts that a gateway started here would have, those of AIGW_PROMPTS__DIR included: their versions, the model
families that they are written for, the unit primitives that a caller must hold, and the variables that they take; those in brackets may be
missing. What is wrong with a definition is said with file and line.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			settings, err := readSettings()
			if err != nil {
				return err
			}
			prompts, err := app.Prompts(settings)
			if err != nil {
				return err
			}
			return prompts.Definitions().Print(cmd.OutOrStdout())
		},
	}
	command.AddCommand(renderPromptCommand(), showPromptCommand())
	return command
}

func renderPromptCommand() *cobra.Command {
	var selected promptSelection
	var input string
	command := &cobra.Command{
		Use:   "render ID",
		Short: "Print the messages that a prompt would send to its model, without sending them",
		Example: `  ai-gateway prompts render chat/explain_code --input inputs.json
  echo '{"prefix": "def f(", "suffix": ""}' | ai-gateway prompts render code_suggestions/completions --family codegemma --input -`,
		Args: oneArg,
		RunE: func(cmd *cobra.Command, args []string) error {
			inputs, err := readInput(cmd, input)
			if err != nil {
				return err
			}
			prompt, err := selected.find(args[0])
			if err != nil {
				return err
			}
			return prompt.PrintMessages(cmd.OutOrStdout(), inputs)
		},
	}
	selected.addFlags(command)
	command.Flags().StringVar(&input, "input", "", "JSON file with the prompt's variables, - for standard input (no variables)")
	return command
}

func showPromptCommand() *cobra.Command {
	var selected promptSelection
	command := &cobra.Command{
		Use:   "show ID",
		Short: "Print a prompt's definition as a file of its own, to begin a definition in AIGW_PROMPTS__DIR with",
		Long: `Print a prompt's definition as a file of its own, to begin a definition in AIGW_PROMPTS__DIR with. Move the file there when it is complete:
an empty definition, such as one that is just being written to, keeps the gateway and this command from starting.`,
		Example: `  ai-gateway prompts show chat/explain_code --family mistral > mistral.yml
  mv mistral.yml /etc/ai-gateway/prompts/chat/explain_code/`,
		Args: oneArg,
		RunE: func(cmd *cobra.Command, args []string) error {
			prompt, err := selected.find(args[0])
			if err != nil {
				return err
			}
			return prompt.PrintDefinition(cmd.OutOrStdout())
		},
	}
	selected.addFlags(command)
	return command
}

// promptSelection is which definition of a prompt is wanted.
type promptSelection struct{ family, version string }

func (s *promptSelection) addFlags(command *cobra.Command) {
	command.Flags().StringVar(&s.family, "family", "", "model family, as the name in a request's model metadata (none)")
	command.Flags().StringVar(&s.version, "version", "", "version constraint, such as ^1.0.0 (the latest that is no pre-release)")
}

// printedPrompt is what of a prompt the commands print.
type printedPrompt interface {
	PrintMessages(w io.Writer, inputs []byte) error
	PrintDefinition(w io.Writer) error
}

// find is what a request to a gateway started here would get.
func (s *promptSelection) find(id string) (printedPrompt, error) {
	settings, err := readSettings()
	if err != nil {
		return nil, err
	}
	prompts, err := app.Prompts(settings)
	if err != nil {
		return nil, err
	}
	return prompts.Preview(id, s.family, s.version)
}

// readInput reads the named file; no name are no variables.
func readInput(cmd *cobra.Command, name string) ([]byte, error) {
	switch name {
	case "":
		return []byte("{}"), nil
	case "-":
		return io.ReadAll(cmd.InOrStdin())
	default:
		inputs, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("--input: %w", err)
		}
		return inputs, nil
	}
}

// oneArg is [cobra.ExactArgs](1) with the exit status of a wrong command line.
func oneArg(cmd *cobra.Command, args []string) error {
	if err := cobra.ExactArgs(1)(cmd, args); err != nil {
		return &usageError{err}
	}
	return nil
}
