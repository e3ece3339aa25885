package troubleshoot

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func fixed(name string, f Finding, needs ...string) Check {
	return Check{Name: name, Title: "All is well with " + name, Needs: needs, Find: func(context.Context) Finding { return f }}
}

func TestRunGoesOnAfterFailuresAndSkipsWhatDependsOnThem(t *testing.T) {
	var told []string
	report := Run(t.Context(), []Check{
		fixed("a", passed("")),
		fixed("b", failed("broken", "mend it")),
		fixed("c", passed(""), "a"),
		fixed("d", passed(""), "a", "b"),
		fixed("e", passed(""), "d"),
		fixed("f", warned("odd", "look at it"), "never heard of"),
		NotChecked("g", "All is well with g", "there is no g here"),
		fixed("h", passed(""), "g"),
	}, Longest, func(o Outcome) { told = append(told, o.Name) })
	got := map[string]Status{}
	for _, o := range report {
		got[o.Name] = o.Status
	}
	want := map[string]Status{"a": Passed, "b": Failed, "c": Passed, "d": Skipped, "e": Skipped, "f": Warned, "g": Skipped, "h": Passed}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if report[3].Reason != "All is well with b" || report[4].Reason != "All is well with b" {
		t.Errorf("skipped for %q, %q", report[3].Reason, report[4].Reason)
	}
	if strings.Join(told, "") != "abcdefgh" || report.OK() {
		t.Errorf("told %v, OK %v", told, report.OK())
	}
}

func TestWarningsAreNoFailures(t *testing.T) {
	if !(Report{{Finding: warned("", "")}, {Finding: passed("")}}).OK() {
		t.Error("not OK")
	}
}

func TestAReportForHumanReaders(t *testing.T) {
	report := Report{
		{Title: "The clock is right", Finding: passed("0s apart")},
		{Title: "GitLab can be reached", Finding: failed("no such host", "Correct it.\nOr the DNS."), Took: 1250 * time.Millisecond},
		{Title: "The keys can be fetched", Finding: Finding{Status: Skipped}, Reason: "GitLab can be reached"},
		{Title: "The settings are as they should be", Finding: warned("one\ntwo", "See.")},
		{Title: "A token is accepted", Finding: Finding{Status: Skipped, Seen: "clients need a certificate"}},
	}
	var b strings.Builder
	for _, o := range report {
		o.WriteText(&b)
	}
	report.WriteSummary(&b)
	want := `✔ The clock is right: 0s apart
✘ GitLab can be reached: no such host (1.3s)
    Correct it.
    Or the DNS.
- The keys can be fetched (not checked, because of: GitLab can be reached)
! The settings are as they should be: one
    two
    See.
- A token is accepted (not checked: clients need a certificate)

1 passed, 1 failed, 1 with a warning, 2 not checked
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Error(diff)
	}
}

func TestAReportInJSON(t *testing.T) {
	var b strings.Builder
	report := Report{
		{Name: "clock", Title: "T", Finding: passed("<1s"), Took: 3 * time.Millisecond},
		{Name: "keys", Title: "K", Finding: failed("s", "r")},
		{Name: "token", Title: "N", Finding: Finding{Status: Skipped}, Reason: "K"},
	}
	if err := report.WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	var got any
	if err := json.Unmarshal([]byte(b.String()), &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"ok": false, "checks": []any{
		map[string]any{"name": "clock", "title": "T", "status": "passed", "seen": "<1s", "duration_ms": 3.0},
		map[string]any{"name": "keys", "title": "K", "status": "failed", "seen": "s", "remedy": "r", "duration_ms": 0.0},
		map[string]any{"name": "token", "title": "N", "status": "skipped", "skipped_because_of": "K", "duration_ms": 0.0},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
