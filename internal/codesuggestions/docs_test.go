package codesuggestions_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions"
	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/prompt"
)

// example is a suggestion in docs/code-suggestions.md: the file around it, and what becomes of it.
type example struct {
	name, section      string
	file, family       string
	above, below       string
	suggested, cleaned string
}

func page(t *testing.T) string {
	t.Helper()
	page, err := os.ReadFile("../../docs/code-suggestions.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(page)
}

// examples are the pairs of blocks of the page, in its order. The first of a pair names file and family behind its language.
func examples(t *testing.T) (list []example) {
	t.Helper()
	var section string
	for part := range strings.SplitSeq(page(t), "\n#") {
		heading, text, _ := strings.Cut(part, "\n")
		name := strings.TrimLeft(heading, "# ")
		if !strings.HasPrefix(heading, "##") {
			section = name
		}
		blocks := blocksIn(text)
		if len(blocks) == 0 || blocks[0].info[0] == "yaml" {
			continue
		}
		if len(blocks) != 2 || len(blocks[0].info) != 3 || len(blocks[1].info) != 1 {
			t.Fatalf("%s: want two blocks, the first with file and family", name)
		}
		e := example{name: name, section: section, file: blocks[0].info[1], family: blocks[0].info[2]}
		var above, below string
		e.above, e.suggested, e.below = marked(t, blocks[0].text)
		above, e.cleaned, below = marked(t, blocks[1].text)
		if above != e.above || below != e.below {
			t.Errorf("%s: the file changes", name)
		}
		list = append(list, e)
	}
	return list
}

// block is a fenced block of code.
type block struct {
	info []string
	text string
}

func blocksIn(text string) (blocks []block) {
	var fence string // of the block that is open
	for line := range strings.SplitAfterSeq(text, "\n") {
		backticks := len(line) - len(strings.TrimLeft(line, "`"))
		switch {
		case fence == "" && backticks >= 3:
			fence = line[:backticks]
			blocks = append(blocks, block{info: strings.Fields(line[backticks:])})
		case fence != "" && strings.TrimSpace(line) == fence:
			fence = ""
		case fence != "":
			blocks[len(blocks)-1].text += line
		}
	}
	return blocks
}

func marked(t *testing.T, block string) (above, suggestion, below string) {
	t.Helper()
	above, rest, opened := strings.Cut(block, "«")
	suggestion, below, closed := strings.Cut(rest, "»")
	if !opened || !closed {
		t.Fatalf("no suggestion is marked in %q", block)
	}
	return above, suggestion, below
}

func TestTheDefinitionOfTheDocumentationFillsInTheMiddle(t *testing.T) {
	var definition string
	for _, b := range blocksIn(page(t)) {
		if b.info[0] == "yaml" {
			definition = b.text
		}
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "code_suggestions", "completions", "general.yml")
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(definition), 0o600); err != nil {
		t.Fatal(err)
	}
	definitions, err := prompt.Load(prompt.Embedded(), func(string) bool { return true }, prompt.Directory(dir))
	if err != nil {
		t.Fatal(err)
	}
	registry := prompt.NewRegistry(definitions, &selfHosted{}, prompt.Options{CustomModels: true})
	p, err := registry.Get("code_suggestions/completions", &prompt.ModelMetadata{Name: "general", Provider: "text-completion-openai"})
	if err != nil {
		t.Fatal(err)
	}
	messages, err := p.Render(map[string]any{"prefix": "a(", "suffix": ")"})
	if err != nil || len(messages) != 1 || messages[0].Content != "<fim_prefix>a(<fim_suffix>)<fim_middle>" {
		t.Errorf("got %v, %v", messages, err)
	}
}

func TestTheExamplesOfTheDocumentationHold(t *testing.T) {
	list := examples(t)
	if len(list) != 10 {
		t.Errorf("there are %d examples", len(list))
	}
	for _, e := range list {
		t.Run(e.name, func(t *testing.T) {
			if got := e.complete(t, true); got != e.cleaned {
				t.Errorf("with all: got %q, want %q", got, e.cleaned)
			}
			want := e.suggested
			if e.section == "What is always taken out" {
				want = e.cleaned
			}
			if got := e.complete(t, false); got != want {
				t.Errorf("by contract: got %q, want %q", got, want)
			}
		})
	}
}

func (e example) complete(t *testing.T, all bool) string {
	t.Helper()
	model := &selfHosted{answer: []llm.Chunk{{Text: e.suggested}}}
	pipeline, err := newService(model, all).Completion(&codesuggestions.CompletionRequest{
		File:   codesuggestions.File{Name: e.file, Above: e.above, Below: e.below},
		Target: target(e.family), Caller: anybody, PromptVersion: 2,
	})
	if err != nil {
		t.Fatal(err)
	}
	suggestion, err := pipeline.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(suggestion.Choices, "")
}
