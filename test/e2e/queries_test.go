package e2e

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/prometheus/promql/parser"
	"go.yaml.in/yaml/v3"

	"github.com/ai-gateway/ai-gateway/internal/testkit"
)

// exported are the metrics of a gateway: the values that each label of their series had.
type exported map[string]map[string][]string

// scraped are labels and metrics that Prometheus adds to those of any target.
var (
	scrapeLabels  = []string{"job", "instance"}
	scrapeMetrics = []string{"up"}
)

// exportedBy lets a gateway do a bit of everything and reads what it exports then.
func exportedBy(t *testing.T) exported {
	t.Helper()
	fakes := testkit.NewFakes(t)
	env := withEvents(selfHosted(fakes), fakes)
	env["AIGW_INTERNAL_EVENT__BATCH_SIZE"] = "1"
	env["AIGW_MODEL_ENGINE_CONCURRENCY_LIMITS"] = `{"anthropic": {"claude-3-5-sonnet-20240620": 7}}`
	env["AIGW_MODEL_ENGINE_CONCURRENCY_LIMITS_ENFORCE"] = "true"
	gateway := testkit.Gateway(t, env)
	telemetry := body{"telemetry": []body{{"requests": 1, "accepts": 1, "errors": 0}}}
	answered, failing := testkit.Script{Text: "def f():\n    return 1\n"}, testkit.Script{Path: "/v1/messages", Status: 500}
	for _, ask := range []struct {
		status int
		script testkit.Script
		json   body
	}{
		{200, answered, claudeCompletion().with(telemetry)},
		{200, answered, claudeCompletion().with(body{"stream": true})},
		{200, answered, generation(fakes)},
		{503, failing, claudeCompletion()},
		{422, answered, body{}},
	} {
		fakes.Script(testkit.Script{Path: "/internal/", Status: 400}, ask.script)
		path := "/v2/code/completions"
		if ask.json["intent"] == "generation" {
			path = "/v2/code/generations"
		}
		if got := gateway.Do(t, testkit.Request{Path: path, JSON: ask.json}); got.Status != ask.status {
			t.Fatalf("%s: %d %s", path, got.Status, got.Body)
		}
	}
	gateway.WaitLogs(t, map[string]any{"logger": "snowplow_tracker.emitters", "level": "error"}) // an event was dropped
	metrics, err := gateway.Metrics(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	all := exported{}
	for _, series := range metrics {
		if all[series.Name] == nil {
			all[series.Name] = map[string][]string{}
		}
		for label, value := range series.Labels {
			all[series.Name][label] = append(all[series.Name][label], value)
		}
	}
	return all
}

// problems are what a PromQL expression asks for that nobody exports.
func (e exported) problems(expression string) (problems []string) {
	parsed, err := parser.NewParser(parser.Options{}).ParseExpr(strings.ReplaceAll(expression, "$__rate_interval", "5m"))
	if err != nil {
		return []string{err.Error()}
	}
	labels := slices.Clone(scrapeLabels)
	var grouping []string
	metrics := 0
	parser.Inspect(parsed, func(node parser.Node, _ []parser.Node) error {
		switch n := node.(type) {
		case *parser.VectorSelector:
			metrics++
			if !slices.Contains(scrapeMetrics, n.Name) {
				problems = append(problems, e.selectorProblems(n)...)
				labels = slices.AppendSeq(labels, maps.Keys(e[n.Name]))
			}
		case *parser.AggregateExpr:
			grouping = append(grouping, n.Grouping...)
		case *parser.BinaryExpr:
			if n.VectorMatching != nil {
				grouping = append(append(grouping, n.VectorMatching.MatchingLabels...), n.VectorMatching.Include...)
			}
		}
		return nil
	})
	if metrics == 0 {
		problems = append(problems, "it names no metric")
	}
	for _, label := range grouping {
		if !slices.Contains(labels, label) {
			problems = append(problems, "no metric of it has the label "+label)
		}
	}
	return problems
}

// selectorProblems are those of a metric with its labels.
func (e exported) selectorProblems(selector *parser.VectorSelector) (problems []string) {
	have, found := e[selector.Name]
	if !found {
		return []string{"there is no metric " + selector.Name}
	}
	for _, m := range selector.LabelMatchers {
		values, known := have[m.Name]
		switch {
		case m.Name == "__name__" || slices.Contains(scrapeLabels, m.Name):
		case !known:
			problems = append(problems, selector.Name+" has no label "+m.Name)
		case !slices.ContainsFunc(values, m.Matches):
			problems = append(problems, selector.Name+" has never "+m.String())
		}
	}
	return problems
}

func TestQueriesAreTakenApart(t *testing.T) {
	all := exported{"a_total": {"x": {"1", "2"}}, "b_bucket": {"le": {"1", "c_total[5]"}, "y": {"z"}}}
	for expression, want := range map[string]string{
		`rate(a_total{x="1", job=~"$job"}[5m])`:                            "",
		`histogram_quantile(0.95, sum by (le, y) (rate(b_bucket[1h])))`:    "",
		`sum(rate(a_total[$__rate_interval])) by (x) > 1e9 and up == 1`:    "",
		`time() - a_total offset 5m`:                                       "",
		`rate(c_total[5m])`:                                                "there is no metric c_total",
		`a_total{z="}"}`:                                                   "a_total has no label z",
		`a_total{x="3"}`:                                                   `a_total has never x="3"`,
		`sum by (y) (a_total)`:                                             "no metric of it has the label y",
		`a_total / on (instance) group_left (w) b_bucket{le="c_total[5]"}`: "no metric of it has the label w",
		`1 + 2`:          "it names no metric",
		`rate(a_total)`:  `1:6: parse error: expected type range vector in call to function "rate", got instant vector`,
		`sum(a_total) >`: "1:15: parse error: unexpected end of input",
	} {
		if got := strings.Join(all.problems(expression), "; "); got != want {
			t.Errorf("%s: want %q, got %q", expression, want, got)
		}
	}
}

func TestDashboardsAndAlertsAskForWhatIsExported(t *testing.T) {
	all := exportedBy(t)
	queries := 0
	check := func(where, expression string) {
		t.Helper()
		queries++
		for _, problem := range all.problems(expression) {
			t.Errorf("%s: %s\n%s", where, problem, expression)
		}
	}
	for _, path := range files(t, "../../deploy/grafana/*.json") {
		for title, expressions := range panels(t, path) {
			for _, expression := range expressions {
				check(filepath.Base(path)+", "+title, expression)
			}
		}
	}
	for _, path := range files(t, "../../deploy/prometheus/*.yml") {
		for name, rule := range alerts(t, path) {
			check(filepath.Base(path)+", "+name, rule.Expr)
			for _, label := range rule.mentioned() {
				if !slices.Contains(all.resultLabels(t, rule.Expr), label) {
					t.Errorf("%s mentions the label %s, which its expression does not give", name, label)
				}
			}
		}
	}
	if queries < 30 {
		t.Errorf("only %d queries were found", queries)
	}
}

// resultLabels are those that the series of a valid expression have.
func (e exported) resultLabels(t *testing.T, expression string) (labels []string) {
	t.Helper()
	parsed, err := parser.NewParser(parser.Options{}).ParseExpr(expression)
	if err != nil {
		return nil // is reported already
	}
	var of func(parser.Node) []string
	of = func(node parser.Node) []string {
		switch n := node.(type) {
		case *parser.VectorSelector:
			return slices.AppendSeq(slices.Clone(scrapeLabels), maps.Keys(e[n.Name]))
		case *parser.AggregateExpr:
			return n.Grouping
		case *parser.BinaryExpr: // matched by all labels, unless it says otherwise
			if left := of(n.LHS); len(left) > 0 {
				return left
			}
			return of(n.RHS)
		}
		for child := range parser.ChildrenIter(node) {
			labels = append(labels, of(child)...)
		}
		return labels
	}
	return of(parsed)
}

func files(t *testing.T, pattern string) []string {
	t.Helper()
	paths, err := filepath.Glob(pattern)
	if err != nil || len(paths) == 0 {
		t.Fatalf("%s: %d files, %v", pattern, len(paths), err)
	}
	return paths
}

// panels are the queries of a dashboard, by panel or variable.
func panels(t *testing.T, path string) map[string][]string {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var dashboard struct {
		Panels []struct {
			Title   string
			Type    string
			Targets []struct{ Expr string }
		}
		Templating struct {
			List []struct{ Name, Type, Query string }
		}
	}
	if err := json.Unmarshal(raw, &dashboard); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	found := map[string][]string{}
	for _, p := range dashboard.Panels {
		if p.Type != "row" && len(p.Targets) == 0 {
			t.Errorf("%s: panel %s shows nothing", path, p.Title)
		}
		for _, target := range p.Targets {
			found[p.Title] = append(found[p.Title], target.Expr)
		}
	}
	for _, v := range dashboard.Templating.List {
		if v.Type == "query" {
			selector, label, _ := strings.Cut(strings.TrimSuffix(strings.TrimPrefix(v.Query, "label_values("), ")"), ", ")
			found["variable "+v.Name] = []string{"sum by (" + label + ") (" + selector + ")"}
		}
	}
	return found
}

type alert struct {
	Alert, Expr, For    string
	Labels, Annotations map[string]string
}

var mentionedLabel = regexp.MustCompile(`\$labels\.(\w+)`)

// mentioned are the labels in the texts of an alert.
func (a alert) mentioned() (labels []string) {
	for _, text := range a.Annotations {
		for _, m := range mentionedLabel.FindAllStringSubmatch(text, -1) {
			labels = append(labels, m[1])
		}
	}
	return labels
}

// alerts are the rules of a file, by name. Each must lead to a part of the documentation that is there.
func alerts(t *testing.T, path string) map[string]alert {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var rules struct {
		Groups []struct{ Rules []alert }
	}
	if err := yaml.Unmarshal(raw, &rules); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	anchors := headings(t, "../../docs/observability.md")
	found := map[string]alert{}
	for _, group := range rules.Groups {
		for _, rule := range group.Rules {
			if _, twice := found[rule.Alert]; twice || rule.Alert == "" || rule.Labels["severity"] == "" || rule.Annotations["summary"] == "" || rule.Annotations["description"] == "" {
				t.Errorf("%s: %q is there twice or incomplete", path, rule.Alert)
			}
			if anchor, ok := strings.CutPrefix(rule.Annotations["runbook"], "docs/observability.md#"); !ok || !slices.Contains(anchors, anchor) {
				t.Errorf("%s: %s leads to %s, which is not there", path, rule.Alert, rule.Annotations["runbook"])
			}
			found[rule.Alert] = rule
		}
	}
	return found
}

// headings are the anchors of a Markdown file's headings.
func headings(t *testing.T, path string) (anchors []string) {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(raw)) {
		if strings.HasPrefix(line, "#") {
			heading := strings.ToLower(strings.TrimSpace(strings.TrimLeft(line, "#")))
			anchors = append(anchors, strings.ReplaceAll(regexp.MustCompile(`[^\w\s-]`).ReplaceAllString(heading, ""), " ", "-"))
		}
	}
	return anchors
}
