package troubleshoot

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
)

// marks begin a line of an outcome.
var marks = map[Status]string{Passed: "✔", Warned: "!", Failed: "✘", Skipped: "-"}

// WriteText writes one outcome for human readers: a line, and the remedy below it.
func (o Outcome) WriteText(w io.Writer) {
	fmt.Fprintf(w, "%s %s", marks[o.Status], o.Title)
	switch {
	case o.Status == Skipped && o.Reason != "":
		fmt.Fprintf(w, " (not checked, because of: %s)", o.Reason)
	case o.Status == Skipped:
		fmt.Fprintf(w, " (not checked: %s)", o.Seen)
	case o.Seen != "":
		fmt.Fprintf(w, ": %s", indent(o.Seen))
	}
	if o.Took >= time.Second {
		fmt.Fprintf(w, " (%s)", o.Took.Round(100*time.Millisecond))
	}
	fmt.Fprintln(w)
	if o.Remedy != "" {
		fmt.Fprintf(w, "    %s\n", indent(o.Remedy))
	}
}

func indent(text string) string { return strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n    ") }

// WriteSummary says in one line how it went.
func (r Report) WriteSummary(w io.Writer) {
	fmt.Fprintf(w, "\n%d passed, %d failed", r.Count(Passed), r.Count(Failed))
	if n := r.Count(Warned); n > 0 {
		fmt.Fprintf(w, ", %d with a warning", n)
	}
	if n := r.Count(Skipped); n > 0 {
		fmt.Fprintf(w, ", %d not checked", n)
	}
	fmt.Fprintln(w)
}

// jsonOutcome is the form of an outcome in JSON.
type jsonOutcome struct {
	Name       string `json:"name"`
	Title      string `json:"title"`
	Status     Status `json:"status"`
	Seen       string `json:"seen,omitempty"`
	Remedy     string `json:"remedy,omitempty"`
	Reason     string `json:"skipped_because_of,omitempty"`
	DurationMS int64  `json:"duration_ms"`
}

// WriteJSON writes the whole report as one JSON object.
func (r Report) WriteJSON(w io.Writer) error {
	checks := make([]jsonOutcome, len(r))
	for i, o := range r {
		checks[i] = jsonOutcome{o.Name, o.Title, o.Status, o.Seen, o.Remedy, o.Reason, o.Took.Milliseconds()}
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(struct {
		OK     bool          `json:"ok"`
		Checks []jsonOutcome `json:"checks"`
	}{r.OK(), checks})
}
