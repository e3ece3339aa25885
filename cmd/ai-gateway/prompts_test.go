package main

import "testing"

func TestPrompts(t *testing.T) {
	const haiku = `name: Haiku
model:
  name: m
  params:
    model_class_provider: litellm
unit_primitives: [duo_chat]
prompt_template:
  user: "A haiku on {{ topic }}"
`
	const dir = "AIGW_PROMPTS__DIR=."
	for _, s := range []script{
		{
			name: "the list", args: []string{"prompts"},
			stdout: []string{
				`^PROMPT +VERSIONS +FAMILIES +UNIT PRIMITIVES +VARIABLES$`,
				`^chat/explain_code +1\.0\.0 +base claude_3 gpt mistral mixtral +explain_code +`,
				`^code_suggestions/completions +1\.0\.0 +codegemma codellama deepseekcoder +complete_code +prefix suffix$`,
			},
		},
		{
			name: "an administrator's prompt", args: []string{"prompts"}, env: []string{dir}, files: map[string]string{"base.yml": haiku},
			stdout: []string{`base +duo_chat +topic$`, `^chat/explain_code `},
		},
		{
			name: "a broken one", args: []string{"prompts"}, env: []string{dir}, files: map[string]string{"base.yml": haiku + "version: 2\n"},
			status: 1, stderr: []string{`base\.yml:9: version: unknown key`},
		},
		{
			name: "a broken one is a problem", args: []string{"config", "check"}, env: []string{dir}, files: map[string]string{"base.yml": haiku + "version: 2\n"},
			status: 1, stderr: []string{`AIGW_PROMPTS__DIR: .*base\.yml:9: version: unknown key`},
		},
		{
			name: "no folder", args: []string{"prompts"}, env: []string{"AIGW_PROMPTS__DIR=nowhere"},
			status: 1, stderr: []string{`AIGW_PROMPTS__DIR: .*/nowhere is no folder`},
		},
		{
			name: "a superfluous word", args: []string{"prompts", "chat/react"},
			status: 2, stderr: []string{`unknown command "chat/react"`},
		},

		{
			name: "messages", args: []string{"prompts", "render", "chat/explain_code", "--input", "in.json"},
			files:  map[string]string{"in.json": `{"input": "What is it?", "selected_text": "x = 1"}`},
			stdout: []string{`^# chat/explain_code/base 1\.0\.0: `, `^--- system ---$`, `^--- user ---$`, `^x = 1$`, `What is it\?`},
		},
		{
			name:   "messages for a family, with input from a pipe",
			args:   []string{"prompts", "render", "code_suggestions/completions", "--family", "codegemma", "--version", "^1.0.0", "--input", "-"},
			stdin:  `{"prefix": "def f(", "suffix": ")"}`,
			stdout: []string{`^# code_suggestions/completions/codegemma 1\.0\.0: `, `^<\|fim_prefix\|>def f\(<\|fim_suffix\|>\)<\|fim_middle\|>$`},
		},
		{
			name: "missing variables", args: []string{"prompts", "render", "generate_description"},
			status: 1, stderr: []string{`^ai-gateway: prompt "generate_description/base" is missing variables: content, template$`},
		},
		{
			name: "no such prompt", args: []string{"prompts", "render", "chat/haiku"},
			status: 1, stderr: []string{`^ai-gateway: prompt "chat/haiku" not found$`},
		},
		{
			name: "a version that is nobody's", args: []string{"prompts"}, env: []string{dir}, files: map[string]string{"1.0.0.yml": haiku},
			status: 1, stderr: []string{`1\.0\.0\.yml: a version must lie in the folder of a variant`},
		},
		{
			name: "a constraint that is none", args: []string{"prompts", "render", "chat/explain_code", "--version", ">>"},
			status: 1, stderr: []string{`^ai-gateway: invalid version constraint ">>"$`},
		},
		{
			name: "no such file", args: []string{"prompts", "render", "chat/explain_code", "--input", "in.json"},
			status: 1, stderr: []string{`^ai-gateway: --input: open in\.json: `},
		},
		{
			name: "input that is no JSON", args: []string{"prompts", "render", "chat/explain_code", "--input", "-"}, stdin: "{",
			status: 1, stderr: []string{`^ai-gateway: read the inputs: `},
		},
		{
			name: "no prompt named", args: []string{"prompts", "render"},
			status: 2, stderr: []string{`accepts 1 arg\(s\), received 0`},
		},

		{
			name: "a definition", args: []string{"prompts", "show", "chat/explain_code", "--family", "mistral"},
			stdout: []string{`^name: Mistral Explain Code Chat agent$`, `^    model_class_provider: litellm$`, `^  - explain_code$`, `include 'chat/explain_code/system\.jinja'`, "!variants"},
		},
	} {
		t.Run(s.name, s.run)
	}
}
