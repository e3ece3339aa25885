package prompt

import "strings"

// samples are realistic inputs by prompt id: a full set, and the least that is allowed.
var samples = map[string]struct{ full, least map[string]any }{
	"categorize_question": {
		full:  map[string]any{"question": "How do I close an issue with a commit message?", "previous_answer": "You can use closing patterns."},
		least: map[string]any{"question": "Wie geht das?", "previous_answer": nil},
	},
	"chat/build_reader":         {full: readerInputs("Why did https://gitlab.example.com/g/p/-/jobs/812 fail?")},
	"chat/commit_reader":        {full: readerInputs("What changed in g/p@1f2e3d4?")},
	"chat/epic_reader":          {full: readerInputs("Summarize epic &12")},
	"chat/issue_reader":         {full: readerInputs("What is #42 about?")},
	"chat/merge_request_reader": {full: readerInputs("Review !31 please")},
	"chat/explain_code":         {full: codeTool},
	"chat/fix_code":             {full: codeTool},
	"chat/refactor_code":        {full: codeTool},
	"chat/write_tests":          {full: codeTool},
	"chat/explain_vulnerability": {
		full: map[string]any{
			"language_info": "The code is written in Python and stored as app/login.py", "title": "SQL injection in login",
			"identifiers": "CWE-89, A03:2021", "vulnerability_info": "File: app/login.py\ncursor.execute('SELECT * FROM u WHERE n=' + n)",
		},
		least: map[string]any{"title": "Weak hash", "identifiers": "CWE-328", "vulnerability_info": "", "language_info": ""},
	},
	"chat/react": {
		full: map[string]any{
			"tools": []any{
				map[string]any{"name": "issue_reader", "description": "Reads one issue.", "resource": "issues", "example": "Question: #1\nAction: issue_reader\nAction Input: #1"},
				map[string]any{"name": "gitlab_documentation", "description": "Searches the documentation.", "resource": "documentation answers", "example": nil},
				map[string]any{"name": "clock", "description": "Tells the time.", "resource": nil, "example": nil},
			},
			"unavailable_resources": []string{"Pipelines", "Vulnerabilities"},
			"message": map[string]any{
				"content":            "Is this covered by the issue?",
				"context":            map[string]any{"type": "merge_request", "content": "<title>Add discounts</title>"},
				"current_file":       map[string]any{"file_path": "shop/cart.py", "data": "def total(items):\n\treturn 0\n", "selected_code": true},
				"additional_context": []any{map[string]any{"id": "1", "category": "file", "content": "RATE = 0.1\n"}, map[string]any{"id": nil, "category": "dependency", "content": nil}},
			},
			"agent_scratchpad": []any{map[string]any{
				"action":      map[string]any{"thought": "I need the issue.", "tool": "issue_reader", "tool_input": "Is this covered?"},
				"observation": "Issue: Cart total is wrong",
			}},
		},
		least: map[string]any{
			"tools": nil, "unavailable_resources": nil, "agent_scratchpad": nil,
			"message": map[string]any{"content": "Hello", "context": nil, "current_file": nil, "additional_context": nil},
		},
	},
	"chat/summarize_comments": {
		full:  map[string]any{"notes_content": "<comment>Ship it 🚀</comment>\n<comment>Needs a changelog entry.</comment>"},
		least: map[string]any{},
	},
	"chat/troubleshoot_job": {
		full: map[string]any{
			"language_info": "The repository code is written in Go and Makefile",
			"selected_text": "$ make test\n--- FAIL: TestMax (0.00s)\npanic: index out of range\nERROR: Job failed: exit code 2",
		},
		least: map[string]any{"language_info": "", "selected_text": "exit 1"},
	},
	"code_suggestions/completions": {
		full:  map[string]any{"prefix": "def fib(n):\n    if n < 2:\n        return ", "suffix": "\n    return fib(n - 1) + fib(n - 2)\n", "language": "Python", "file_name": "fib.py"},
		least: map[string]any{"prefix": "def fib(", "suffix": nil},
	},
	"code_suggestions/generations": {
		full: map[string]any{
			"prefix": "require 'date'\n\n# parses an ISO date\n", "instruction": "Create a method that parses an ISO date",
			"language": "Ruby", "file_name": "lib/iso.rb",
			"user_instruction":             "Write a function that parses an ISO date",
			"trimmed_content_above_cursor": "require 'date'\nmodule Iso\n", "trimmed_content_below_cursor": "\nend # Iso",
			"examples_array": []any{
				map[string]any{"example": "# add two numbers", "response": "<new_code>def add(a, b) = a + b", "trigger_type": "comment"},
				map[string]any{"example": "# negate", "response": "<new_code>def neg(a) = -a", "trigger_type": "comment"},
			},
			"related_files": []any{
				"<file_content file_name=\"lib/a.rb\">\nA = 1\n</file_content>",
				"<file_content file_name=\"lib/b.rb\">\nB = 2\n</file_content>",
			},
			"related_snippets": []any{"<snippet_content name=\"clock\">\nNOW\n</snippet_content>"},
			"libraries":        []any{"rails", "activesupport"},
		},
		least: map[string]any{
			"prefix": "", "instruction": "", "language": nil, "file_name": "a.rb", "user_instruction": "",
			"examples_array": "", "related_files": "", "libraries": []any{},
		},
	},
	"generate_commit_message": {full: map[string]any{"diff": "diff --git a/a.go b/a.go\n@@ -1 +1 @@\n-var x = 1\n+var x = 2"}},
	"generate_description": {
		full:  map[string]any{"content": "login button is broken on mobile", "template": "## Steps\n\n## Expected"},
		least: map[string]any{"content": "dark mode 🌙", "template": nil},
	},
	"glab_ask_git_command":        {full: map[string]any{"prompt": "list the last 10 commit titles"}},
	"measure_comment_temperature": {full: map[string]any{"content": "WHY IS THIS STILL BROKEN???"}},
	"model_configuration/check":   {full: map[string]any{}},
	"resolve_vulnerability": {
		full: map[string]any{
			"name": "Use of weak hash", "vulnerability_description": "MD5 is broken", "identifiers": "<report_identifiers>\n * CWE-328\n</report_identifiers>",
			"filename": "hash.py", "source_code": "import hashlib\nprint(hashlib.md5(b'x'))\n", "vulnerable_code": "print(hashlib.md5(b'x'))",
		},
		least: map[string]any{
			"name": "XSS", "vulnerability_description": nil, "identifiers": "", "filename": "a.js", "source_code": "x", "vulnerable_code": "x",
		},
	},
	"summarize_new_merge_request": {full: map[string]any{"extracted_diff": "+++ b/app.rb\n+puts 'hello'"}},
	"summarize_review":            {full: map[string]any{"draft_notes_content": "Comment: typo in line 3\nComment: why a mutex?"}},
}

var codeTool = map[string]any{
	"language_info": "The code is written in Go and stored as stats/max.go", "file_content": "package stats // v1\n",
	"selected_text": "func Max(xs []int) int {\n\treturn slices.Max(xs)\n}", "input": "Handle an empty list",
	"file_content_reuse": "The new code should fit into the existing file", "language": "go",
}

func readerInputs(question string) map[string]any {
	return map[string]any{"input": question, "suggestions": "Thought: the question names it."}
}

// idOf is the prompt id of a key.
func idOf(key string) string { return key[:strings.LastIndex(key, "/")] }
