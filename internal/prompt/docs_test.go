package prompt

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// What docs/prompts.md shows must work, and nothing may be missing from it.
func TestTheDocumentationIsTrue(t *testing.T) {
	content, err := os.ReadFile("../../docs/prompts.md")
	if err != nil {
		t.Fatal(err)
	}
	text := string(content)

	examples := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(text, -1)
	if len(examples) != 2 {
		t.Fatalf("%d examples", len(examples))
	}
	files := folder(map[string]string{"chat/explain_code/mistral.yml": examples[0][1], "summarize_review/_variants.yml": examples[1][1]})
	definitions, err := Load(Embedded(), isPrimitive, Layer{Files: files})
	if err != nil {
		t.Fatal(err)
	}
	for key, name := range map[string]string{
		"chat/explain_code/mistral": "Mistral Explain Code", "summarize_review/base": "Ours for Claude", "summarize_review/mistral": "Ours for Mistral",
	} {
		if d, _ := definitions.Get(key); d == nil || d.Name != name {
			t.Errorf("%s: %v", key, d)
		}
	}

	_, rationale, _ := strings.Cut(text, "\n## The built-in prompts\n")
	for _, key := range builtIn(t).Keys() {
		if id := idOf(key); !strings.Contains(rationale, "`"+id+"`") {
			t.Errorf("%s: no reasons", id)
		}
	}
	for _, family := range slices.Concat(families, anyModel) {
		if !strings.Contains(text, "`"+family+"`") {
			t.Errorf("family %s is not named", family)
		}
	}
}
