package observe

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
)

// described are the labels of all metrics of the gateway itself, whether they have samples or not.
func described(t *testing.T, m *Metrics) map[string][]string {
	t.Helper()
	descriptions := make(chan *prometheus.Desc)
	go func() {
		m.registry.Describe(descriptions)
		close(descriptions)
	}()
	pattern := regexp.MustCompile(`fqName: "(\w+)".*variableLabels: \{([\w,]*)\}`)
	all := map[string][]string{}
	for d := range descriptions {
		parts := pattern.FindStringSubmatch(d.String())
		if parts == nil {
			t.Fatalf("cannot read %s", d)
		}
		if name := parts[1]; !strings.HasPrefix(name, "go_") && !strings.HasPrefix(name, "process_") {
			all[name] = slices.Sorted(strings.FieldsFuncSeq(parts[2], func(r rune) bool { return r == ',' }))
		}
	}
	return all
}

var quoted = regexp.MustCompile("`([^`]+)`")

// words are the texts in backquotes.
func words(text string) (all []string) {
	for _, m := range quoted.FindAllStringSubmatch(text, -1) {
		all = append(all, m[1])
	}
	slices.Sort(all)
	return all
}

// table are the rows of the first table below a heading of the documentation, cell by cell.
func table(t *testing.T, heading string) (rows [][]string) {
	t.Helper()
	documentation, err := os.ReadFile("../../docs/observability.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, found := strings.Cut(string(documentation), "\n"+heading+"\n")
	if !found {
		t.Fatalf("there is no %s", heading)
	}
	for line := range strings.Lines(section) {
		switch isRow := strings.HasPrefix(line, "|"); {
		case isRow:
			rows = append(rows, strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|"))
		case len(rows) > 0:
			return rows[2:] // below the head
		}
	}
	return rows
}

func TestTheDocumentationHasEveryMetricAndNoOther(t *testing.T) {
	m := NewMetrics()
	m.CodeSuggestions()
	m.Abuse(discard())
	documented := map[string][]string{}
	for _, row := range table(t, "## Metrics") {
		for _, name := range words(row[0]) {
			if name != "go_*" && name != "process_*" {
				documented[name] = words(row[2])
			}
		}
	}
	if diff := cmp.Diff(described(t, m), documented); diff != "" {
		t.Errorf("(-exported +documented):\n%s", diff)
	}
}

// The code sets a field of the access log in three ways: what every entry has, what a header says, and what was learnt.
func TestTheDocumentationHasEveryFieldOfTheAccessLogAndNoOther(t *testing.T) {
	ways := map[string]*regexp.Regexp{
		"../api/middleware/access_log.go": regexp.MustCompile(`slog\.\w+\("(\w+)"|\{"(\w+)", "[\w-]+"\}`),
		"..":                              regexp.MustCompile(`\.Set\("([a-z][a-z_.]+)"|const key = "([a-z_.]+)"`),
	}
	set := map[string]bool{FeatureCategory: true, UnitPrimitive: true}
	for root, pattern := range ways {
		err := filepath.WalkDir(root, func(path string, _ os.DirEntry, err error) error {
			if err != nil || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
				return err
			}
			source, err := os.ReadFile(path)
			for _, m := range pattern.FindAllStringSubmatch(string(source), -1) {
				set[strings.Join(m[1:], "")] = true
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(set) < 50 {
		t.Fatalf("only %d fields were found in the code", len(set))
	}
	var documented []string
	for _, row := range table(t, "### Access log") {
		documented = append(documented, words(row[0])...)
	}
	slices.Sort(documented)
	if diff := cmp.Diff(slices.Sorted(maps.Keys(set)), documented); diff != "" {
		t.Errorf("(-set +documented):\n%s", diff)
	}
}
