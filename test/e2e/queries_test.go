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

	"go.yaml.in/yaml/v3"

	"github.com/ai-gateway/ai-gateway/internal/testkit"
)

// exported are the metrics of a gateway with the labels of their series.
type exported map[string]map[string]bool

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
	fakes.Script(testkit.Script{Path: "/internal/", Status: 400}, testkit.Script{Text: "def f():\n    return 1\n"})
	telemetry := body{"telemetry": []body{{"requests": 1, "accepts": 1, "errors": 0}}}
	for _, request := range []testkit.Request{
		{Path: "/v2/code/completions", JSON: claudeCompletion().with(telemetry)},
		{Path: "/v2/code/completions", JSON: claudeCompletion().with(body{"stream": true})},
		{Path: "/v2/code/generations", JSON: generation(fakes)},
	} {
		if got := gateway.Do(t, request); got.Status != 200 {
			t.Fatalf("%s: %d %s", request.Path, got.Status, got.Body)
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
			all[series.Name] = map[string]bool{}
		}
		for label := range series.Labels {
			all[series.Name][label] = true
		}
	}
	return all
}

// query is what a PromQL expression names.
type query struct {
	metrics  map[string][]string // labels of its matchers, by metric
	grouping []string            // labels of by, on and the like
}

var (
	promQLToken = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|\[[^\]]*\]|\{(?:[^}"]|"(?:[^"\\]|\\.)*")*\}|[a-zA-Z_:][a-zA-Z0-9_:]*|[0-9][0-9a-zA-Z.]*|\S`)
	matcher     = regexp.MustCompile(`([a-zA-Z_]\w*)\s*(?:=~|!~|!=|=)\s*"`)
	identifier  = regexp.MustCompile(`^[a-zA-Z_:]`)
)

// parseQuery finds the metrics and labels of an expression. It knows just enough of PromQL to tell them from functions and keywords.
func parseQuery(expression string) query {
	q := query{metrics: map[string][]string{}}
	tokens := promQLToken.FindAllString(expression, -1)
	next := func(i int) string {
		if i+1 < len(tokens) {
			return tokens[i+1]
		}
		return ""
	}
	for i := 0; i < len(tokens); i++ {
		switch token := tokens[i]; {
		case !identifier.MatchString(token):
		case slices.Contains([]string{"by", "without", "on", "ignoring", "group_left", "group_right"}, token):
			for i++; i < len(tokens) && tokens[i] != ")"; i++ {
				if identifier.MatchString(tokens[i]) {
					q.grouping = append(q.grouping, tokens[i])
				}
			}
		case slices.Contains([]string{"and", "or", "unless", "bool", "offset"}, token) || next(i) == "(":
		case slices.Contains([]string{"by", "without"}, next(i)): // an aggregation
		default:
			labels := q.metrics[token]
			if selector := next(i); strings.HasPrefix(selector, "{") {
				for _, m := range matcher.FindAllStringSubmatch(selector, -1) {
					labels = append(labels, m[1])
				}
			}
			q.metrics[token] = labels
		}
	}
	return q
}

// problems are what an expression asks for that nobody exports.
func (e exported) problems(expression string) (problems []string) {
	q := parseQuery(expression)
	if len(q.metrics) == 0 {
		problems = append(problems, "it names no metric")
	}
	labels := slices.Clone(scrapeLabels)
	for name, matched := range q.metrics {
		if slices.Contains(scrapeMetrics, name) {
			continue
		}
		have, found := e[name]
		if !found {
			problems = append(problems, "there is no metric "+name)
		}
		labels = slices.AppendSeq(labels, maps.Keys(have))
		for _, label := range matched {
			if !have[label] && !slices.Contains(scrapeLabels, label) {
				problems = append(problems, name+" has no label "+label)
			}
		}
	}
	for _, label := range q.grouping {
		if !slices.Contains(labels, label) {
			problems = append(problems, "no metric of it has the label "+label)
		}
	}
	return problems
}

func TestQueriesAreTakenApart(t *testing.T) {
	all := exported{"a_total": {"x": true}, "b_bucket": {"le": true, "y": true}}
	for expression, want := range map[string]string{
		`rate(a_total{x="1", job=~"$job"}[5m])`:                            "",
		`histogram_quantile(0.95, sum by (le, y) (rate(b_bucket[1h])))`:    "",
		`sum(rate(a_total[$__rate_interval])) by (x) > 1e9 and up == 1`:    "",
		`time() - a_total offset 5m`:                                       "",
		`rate(c_total[5m])`:                                                "there is no metric c_total",
		`a_total{z="}"}`:                                                   "a_total has no label z",
		`sum by (y) (a_total)`:                                             "no metric of it has the label y",
		`a_total / on (instance) group_left (w) b_bucket{le="c_total[5]"}`: "no metric of it has the label w",
		`1 + 2`: "it names no metric",
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
		}
	}
	if queries < 30 {
		t.Errorf("only %d queries were found", queries)
	}
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
			if _, twice := found[rule.Alert]; twice || rule.Alert == "" || rule.Labels["severity"] == "" || rule.Annotations["summary"] == "" {
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
