package prompt

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/llm"
)

// answer runs a prompt against a model that says what is scripted, and returns what its caller gets.
func answer(t *testing.T, key, scripted string) string {
	t.Helper()
	definitions := builtIn(t)
	variant := key[strings.LastIndex(key, "/")+1:]
	provider := &models{answer: []llm.Chunk{{Text: scripted[:len(scripted)/2]}, {Text: scripted[len(scripted)/2:], Finish: "stop"}}}
	registry := NewRegistry(definitions, provider, Options{Defaults: map[string]string{idOf(key): variant}})
	p, err := registry.Get(idOf(key), nil)
	if err != nil {
		t.Fatal(err)
	}
	full, _ := sampleOf(t, idOf(key))
	got, err := llm.Collect(p.Generate(context.Background(), full, true))
	if err != nil {
		t.Fatal(err)
	}
	return got.Text
}

// shown are the messages of a prompt with full inputs, by role.
func shown(t *testing.T, key string) map[llm.Role]string {
	t.Helper()
	d, found := builtIn(t).Get(key)
	if !found {
		t.Fatalf("there is no %s", key)
	}
	full, _ := sampleOf(t, d.Key[:strings.LastIndex(d.Key, "/")])
	messages, err := d.render(full)
	if err != nil {
		t.Fatal(err)
	}
	texts := map[llm.Role]string{}
	for _, m := range messages {
		texts[m.Role] = m.Content
	}
	return texts
}

// What GitLab Rails makes of the answer of a reader (spec/prompts.md 2.4).
func readResource(text string) (kind string, identifier any, err error) {
	if !strings.Contains(text, "ResourceIdentifierType") {
		text = "```json\n  {\n    \"ResourceIdentifierType\": \"" + text
	}
	text, _, _ = strings.Cut(text, "Question:")
	if _, behind, found := strings.Cut(text, "```json"); found {
		text = behind
	}
	text, _, _ = strings.Cut(text, "```")
	var object struct {
		Type string `json:"ResourceIdentifierType"`
		ID   any    `json:"ResourceIdentifier"`
	}
	err = json.Unmarshal([]byte(text), &object)
	return object.Type, object.ID, err
}

func TestReadersLeadToJSONThatRailsCanRead(t *testing.T) {
	const url = "https://gitlab.example.com/g/p/-/issues/5"
	definitions := builtIn(t)
	read := 0
	for _, key := range definitions.Keys() {
		if !strings.HasSuffix(idOf(key), "_reader") {
			continue
		}
		read++
		texts := shown(t, key)
		prefill := texts[llm.Assistant]
		scripted := "url\",\n    \"ResourceIdentifier\": \"" + url + "\"\n  }\n```\nQuestion: and now?"
		if strings.HasSuffix(prefill, "```json") { // the compact set writes the whole object
			scripted = "\n{\"ResourceIdentifierType\": \"url\", \"ResourceIdentifier\": \"" + url + "\"}\n```"
		} else if want := "\n```json\n  {\n    \"ResourceIdentifierType\": \""; !strings.HasSuffix(prefill, want) {
			t.Errorf("%s begins the answer with %q", key, prefill)
		}
		kind, identifier, err := readResource(answer(t, key, scripted))
		if err != nil || kind != "url" || identifier != url {
			t.Errorf("%s: read %s, %v, %v", key, kind, identifier, err)
		}

		// The prompt's own examples, one a type.
		types := map[string]bool{}
		for _, example := range strings.Split(texts[llm.System], "```json")[1:] {
			kind, identifier, err := readResource("```json" + example + "\"ResourceIdentifierType\"")
			if _, isNumber := identifier.(float64); err != nil || isNumber != (kind == "iid") || (kind == "current") != (identifier == "current") {
				t.Errorf("%s: the example reads %s, %v, %v", key, kind, identifier, err)
			}
			types[kind] = true
		}
		for kind := range types {
			if !strings.Contains(texts[llm.System], "- "+kind+": ") {
				t.Errorf("%s shows %s without explaining it", key, kind)
			}
		}
		want := map[string]int{"chat/build_reader": 3, "chat/commit_reader": 3}[idOf(key)]
		if len(types) != max(want, 3) && len(types) != 4 {
			t.Errorf("%s shows the types %v", key, types)
		}
	}
	if read != 23 {
		t.Errorf("there are %d readers", read)
	}
}

func TestCategoriesAreThoseThatRailsKnows(t *testing.T) {
	var got struct {
		Category string   `json:"category"`
		Detailed string   `json:"detailed_category"`
		Labels   []string `json:"labels"`
		Language string   `json:"language"`
	}
	system := shown(t, "categorize_question/base")[llm.System]
	check := func(text string) {
		t.Helper()
		decoder := json.NewDecoder(strings.NewReader(text))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&got); err != nil || decoder.More() {
			t.Fatalf("%s: %v", text, err)
		}
		at := strings.Index(system, `<category name="`+got.Category+`">`)
		if at < 0 {
			t.Fatalf("%q is no category", got.Category)
		}
		group, _, _ := strings.Cut(system[at:], "</category>")
		if !strings.Contains(group, "<detailed_category>"+got.Detailed+"</detailed_category>") {
			t.Errorf("%q is not in %q", got.Detailed, got.Category)
		}
		for _, label := range got.Labels {
			if !strings.Contains(system, `<label name="`+label+`">`) {
				t.Errorf("%q is no label", label)
			}
		}
		if !regexp.MustCompile(`^[a-z]{2}$`).MatchString(got.Language) || got.Labels == nil {
			t.Errorf("%s: language %q, labels %v", text, got.Language, got.Labels)
		}
	}
	check(answer(t, "categorize_question/base",
		`{"category": "Documentation about GitLab", "detailed_category": "Question about GitLab Duo such as \"what can you do?\", \"how can you help me?\"", "labels": ["is_related_to_gitlab"], "language": "en"}`))

	examples := regexp.MustCompile(`(?m)^\{.*\}$`).FindAllString(system, -1)
	empty, foreign := false, false
	for _, example := range examples {
		check(example)
		empty = empty || len(got.Labels) == 0
		foreign = foreign || got.Language != "en"
	}
	if len(examples) != 2 || !empty || !foreign {
		t.Errorf("the examples are %q", examples)
	}
	if n := strings.Count(system, "<detailed_category>"); n != 96 {
		t.Errorf("there are %d detailed categories", n)
	}
	if n := strings.Count(system, "<label "); n != 18 {
		t.Errorf("there are %d labels", n)
	}
}

// What the glab client makes of an answer (spec/prompts.md 3.3).
func gitCommands(text string) (commands []string) {
	for _, run := range regexp.MustCompile("```[^`]+```").FindAllString(text, -1) {
		command := strings.Trim(run, "`\n")
		if strings.HasPrefix(command, "git ") {
			commands = append(commands, command)
		}
	}
	return commands
}

func TestGitCommandsCanBeRun(t *testing.T) {
	got := gitCommands(answer(t, "glab_ask_git_command/base", "```\ngit fetch\n```\nFetches.\n\n```\ngit rebase origin/main\n```\nRebases."))
	if diff := cmp.Diff([]string{"git fetch", "git rebase origin/main"}, got); diff != "" {
		t.Error(diff)
	}
	system := shown(t, "glab_ask_git_command/base")[llm.System]
	if diff := cmp.Diff([]string{"git log --oneline -5"}, gitCommands(system)); diff != "" {
		t.Errorf("the example: %s", diff)
	}
}

// What Rails makes of the four sections (spec/prompts.md 3.4).
func sectionOf(text, name string) (string, bool) {
	_, behind, found := strings.Cut(text, "<"+name+">\n")
	inside, _, closed := strings.Cut(behind, "</"+name+">")
	return inside, found && closed
}

type fix struct{ Old, New string }

func fixes(code string) (pairs []fix) {
	for _, m := range regexp.MustCompile(`(?s)<old_code>\n(.*?)</old_code>\s*<new_code>\n(.*?)</new_code>`).FindAllStringSubmatch(code, -1) {
		pairs = append(pairs, fix{m[1], m[2]})
	}
	return pairs
}

func TestVulnerabilityFixesCanBeApplied(t *testing.T) {
	const source = "a\nb\nquery(x)\nc\nd\n"
	text := answer(t, "resolve_vulnerability/base", "<analysis>\nUnescaped.\n</analysis>\n<fixed_code>\n<old_code>\na\nb\nquery(x)\nc\nd\n</old_code>\n<new_code>\n"+
		"a\nb\nquery(escape(x))\nc\nd\n</new_code>\n</fixed_code>\n<is_false_positive>\nfalse\n</is_false_positive>\n<summary>\nEscaped.\n</summary>")
	code, found := sectionOf(text, "fixed_code")
	pairs := fixes(code)
	if !found || len(pairs) != 1 || strings.Replace(source, pairs[0].Old, pairs[0].New, 1) != "a\nb\nquery(escape(x))\nc\nd\n" {
		t.Errorf("the fixes are %q", pairs)
	}
	system := shown(t, "resolve_vulnerability/base")[llm.System]
	_, example, _ := strings.Cut(system, "An example of the form:")
	last := -1
	for _, name := range []string{"analysis", "fixed_code", "is_false_positive", "summary"} {
		inside, found := sectionOf(example, name)
		at := strings.Index(example, "<"+name+">")
		if !found || strings.TrimSpace(inside) == "" || at < last {
			t.Errorf("the example has no section %s in its place: %q", name, inside)
		}
		last = at
	}
	code, _ = sectionOf(example, "fixed_code")
	for _, pair := range fixes(code) {
		old, changed := strings.Split(pair.Old, "\n"), strings.Split(pair.New, "\n")
		if len(old) < 5 || old[0] != changed[0] || old[1] != changed[1] || old[len(old)-2] != changed[len(changed)-2] {
			t.Errorf("the example does not keep two lines around the change: %q", pair)
		}
	}
}

// What the browser makes of a rating (spec/prompts.md 3.5).
func rating(text string) (rating float64, issues []string, err error) {
	if m := regexp.MustCompile(`<temperature_rating>\s*(\{[\s\S]*?\})\s*</temperature_rating>`).FindStringSubmatch(text); m != nil {
		text = m[1]
	}
	var object struct {
		Rating float64  `json:"rating"`
		Issues []string `json:"issues"`
	}
	err = json.Unmarshal([]byte(text), &object)
	return object.Rating, object.Issues, err
}

func TestRatingsCanBeRead(t *testing.T) {
	got, issues, err := rating(answer(t, "measure_comment_temperature/base", "<temperature_rating>\n{\"rating\": 2, \"issues\": [\"Capital letters\"]}\n</temperature_rating>"))
	if err != nil || got != 2 || len(issues) != 1 {
		t.Errorf("the rating is %v, %v, %v", got, issues, err)
	}
	system := shown(t, "measure_comment_temperature/base")[llm.System]
	ratings := map[float64]int{}
	for _, example := range strings.SplitAfter(system, "</temperature_rating>")[:2] {
		got, issues, err := rating(example)
		if err != nil {
			t.Errorf("%s: %v", example, err)
		}
		ratings[got] = len(issues)
	}
	if diff := cmp.Diff(map[float64]int{1: 0, 2: 2}, ratings); diff != "" {
		t.Errorf("the examples: %s", diff)
	}
}

// The lines that the gateway's own parser reads (spec/prompts.md 2.3).
func TestTheAgentIsLedToTheKeywordsOfItsParser(t *testing.T) {
	definitions := builtIn(t)
	for _, variant := range []string{"base", "vertex", "claude_3", "gpt", "mistral", "mixtral"} {
		key := "chat/react/" + variant
		texts := shown(t, key)
		for _, keyword := range []string{"Thought:", "Action:", "Action Input:", "Action: DirectAnswer\nFinal Answer:", "Observation", "issue_reader, gitlab_documentation, clock"} {
			if !strings.Contains(texts[llm.System], keyword) {
				t.Errorf("%s does not show %q", key, keyword)
			}
		}
		if want := "Thought: I need the issue.\nAction: issue_reader\nAction Input: Is this covered?\nObservation: Issue: Cart total is wrong\nThought:"; texts[llm.Assistant] != want {
			t.Errorf("%s begins the answer with %q", key, texts[llm.Assistant])
		}
		d, _ := definitions.Get(key)
		if !slices.Contains(d.Call.Stop, "Observation:") {
			t.Errorf("%s does not stop at an observation", key)
		}
	}

	provider := &models{answer: []llm.Chunk{{Text: " I know it.\nAction: DirectAnswer\n"}, {Text: "Final Answer: It is **covered**."}}}
	p, err := NewRegistry(definitions, provider, Options{}).Get("chat/react", nil)
	if err != nil {
		t.Fatal(err)
	}
	text, found, err := p.RenderPart(llm.User, map[string]any{"message": map[string]any{"content": "Hi"}})
	if err != nil || !found || text != "Hi" {
		t.Errorf("the user message is %q, %v, %v", text, found, err)
	}
	got, err := llm.Collect(p.Ask(context.Background(), []llm.Message{{Role: llm.User, Content: text}}, true))
	if _, final, found := strings.Cut("Thought:"+got.Text, "Final Answer:"); err != nil || !found || strings.TrimSpace(final) != "It is **covered**." {
		t.Errorf("the answer is %q, %v", got.Text, err)
	}
}

// Answers that are used as they are go through without a change; what the prompt shows as their form must hold for them.
func TestAnswersAreUsedAsTheyAre(t *testing.T) {
	for key, tc := range map[string]struct {
		scripted string
		holds    func(system, answer string) error
	}{
		"chat/explain_code/base":     {"It **squares**.\n\n```py\nx\n```\n  ", shows("fenced blocks")},
		"chat/fix_code/base":         {"```go\nx\n```\n", shows("fenced blocks")},
		"chat/refactor_code/mistral": {"```go\nx\n```\n", shows("fenced blocks")},
		"chat/write_tests/base":      {"```rb\nexpect(1)\n```", shows("fenced blocks")},
		"chat/explain_vulnerability/base": {"#### What it is\nSQL injection.", func(system, answer string) error {
			return sameHeadings(system, answer, 3, 1)
		}},
		"chat/troubleshoot_job/base": {"#### Root cause of failure\nA test fails.\n\n#### Example Fix\nCorrect it.", func(system, answer string) error {
			return sameHeadings(system, answer, 2, 2)
		}},
		"chat/summarize_comments/base": {"**Release of the cart**\n- Ship on Monday\n- A changelog entry is missing", func(system, answer string) error {
			form := regexp.MustCompile(`\*\*[^*\n]+\*\*\n(- [^\n]+(\n|$)){1,10}`)
			if !form.MatchString(system) || form.FindString(answer) != answer {
				return fmt.Errorf("the form is not shown or kept")
			}
			return nil
		}},
		"code_suggestions/completions/codegemma": {" fib(n - 1)", func(string, string) error { return nil }},
		"code_suggestions/generations/base": {"def iso(s) = Date.iso8601(s)\n", func(system, answer string) error {
			if !strings.Contains(system, "between <new_code> and </new_code>") || strings.Contains(answer, "new_code") {
				return fmt.Errorf("the tags are not shown, or in the answer")
			}
			return nil
		}},
		"generate_commit_message/base": {"Print 2 instead of 1, as the protocol of the tracker wants it\n\n- Old trackers\n", func(system, _ string) error {
			_, example, _ := strings.Cut(system, "And the message for it:\n\n")
			title, _, _ := strings.Cut(example, "\n")
			if n := utf8.RuneCountInString(title); n < 50 || n > 72 || strings.HasSuffix(title, ".") {
				return fmt.Errorf("the example's title %q has %d characters", title, n)
			}
			return nil
		}},
		"generate_description/base":        {"## Problem\n\nThe login.\n", shows("description only")},
		"summarize_new_merge_request/base": {"Adds a greeting.", shows("1800 characters")},
		"summarize_review/base":            {"I recommend a test.", shows("At most 3 sentences")},
		"model_configuration/check/mistral": {"Hello!", func(system, _ string) error {
			if len(system) > 40 {
				return fmt.Errorf("%q is long for a greeting", system)
			}
			return nil
		}},
	} {
		t.Run(key, func(t *testing.T) {
			got := answer(t, key, tc.scripted)
			if got != tc.scripted {
				t.Errorf("the answer became %q", got)
			}
			if err := tc.holds(shown(t, key)[llm.System], got); err != nil {
				t.Error(err)
			}
		})
	}
}

// shows checks that a prompt says something.
func shows(words string) func(system, answer string) error {
	return func(system, _ string) error {
		if !strings.Contains(system, words) {
			return fmt.Errorf("the prompt does not speak of %s", strconv.Quote(words))
		}
		return nil
	}
}

// sameHeadings checks that a prompt shows so many headings of level 4, and that an answer begins with the first and has so many of them.
func sameHeadings(system, answer string, shown, used int) error {
	pattern := regexp.MustCompile(`(?m)^#### .+$`)
	want, got := pattern.FindAllString(system, -1), pattern.FindAllString(answer, -1)
	if len(want) != shown || len(got) != used || !slices.Equal(want[:used], got) || !strings.HasPrefix(answer, want[0]) {
		return fmt.Errorf("the prompt shows %q, the answer has %q", want, got)
	}
	return nil
}
