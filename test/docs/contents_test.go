package docs

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A setting that is renamed is renamed in every page.
func TestEverySettingThatIsNamedExists(t *testing.T) {
	reference, err := os.ReadFile(filepath.Join(root, "docs", "settings.md"))
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile(`AIGW_[A-Z0-9]+(?:_[A-Z0-9]+)*(?:__[A-Z0-9]+(?:_[A-Z0-9]+)*)*`)
	known := map[string]bool{
		// Placeholders, a provider of an example, and what the tests read.
		"AIGW_NAME": true, "AIGW_GROUP__NAME": true,
		"AIGW_MODEL_KEYS__ACME_API_KEY": true, "AIGW_TEST_BINARY": true, "AIGW_TEST_VECTORS": true,
	}
	for _, row := range regexp.MustCompile("(?m)^\\| `(AIGW_[A-Z0-9_]+)`").FindAllStringSubmatch(string(reference), -1) {
		known[row[1]] = true
		for group := row[1]; strings.Contains(group, "__"); {
			group = group[:strings.LastIndex(group, "__")]
			known[group] = true
		}
	}
	for _, p := range pages(t) {
		source := string(p.source)
		for _, at := range named.FindAllStringIndex(source, -1) {
			name, rest := source[at[0]:at[1]], source[at[1]:]
			if strings.HasPrefix(rest, "…") || strings.HasPrefix(rest, "_…") || strings.HasPrefix(rest, "__…") || strings.HasPrefix(rest, "_*") {
				continue // several
			}
			if !known[name] {
				t.Errorf("%s names %s, which is no setting", p.path, name)
			}
		}
	}
}

// Who lands on a page finds what to do when something fails, on it or by a link.
func TestEveryPageForOperatorsTellsWhatToDoWhenItFails(t *testing.T) {
	for _, name := range []string{
		"README", "faq", "auth", "gdk", "migration", "observability", "operations", "prompts", "providers", "search", "security", "settings", "sizing",
	} {
		p := readPage(t, filepath.Join(root, "docs", name+".md"))
		source := string(p.source)
		if !strings.Contains(source, "ai-gateway troubleshoot") && !strings.Contains(source, "(faq.md") && !strings.Contains(source, "observability.md#") &&
			!strings.Contains(strings.Join(p.headings, "\n"), "What to look at when") {
			t.Errorf("%s does not say what to do when it fails", p.path)
		}
	}
}

// docs/sizing.md has no figures of its own: what was measured is in docs/performance.md.
func TestFiguresForSizingAreThoseThatWereMeasured(t *testing.T) {
	measured := string(readPage(t, filepath.Join(root, "docs", "performance.md")).source)
	figure := regexp.MustCompile(`\b\d+(?:\.\d+)? (?:ms|MiB)\b|\d+(?:\.\d+)? times`)
	found := 0
	for line := range strings.Lines(string(readPage(t, filepath.Join(root, "docs", "sizing.md")).source)) {
		cells := strings.Split(line, "|")
		if len(cells) != 5 { // not a row of three
			continue
		}
		for _, value := range figure.FindAllString(cells[2], -1) {
			found++
			if !strings.Contains(measured, strings.TrimSuffix(value, " times")) {
				t.Errorf("nobody measured %s", value)
			}
		}
	}
	if found < 5 {
		t.Errorf("found only %d figures", found)
	}
}
