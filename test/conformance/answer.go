package conformance

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/ai-gateway/ai-gateway/internal/testkit"
)

// compare compares what came back.
func (a *Answer) compare(d *Differences, got testkit.Answer, fakes *testkit.Fakes) {
	a.compareHead(d, got)
	a.compareText(d, string(got.Body), fakes.Fill)
	if body := a.body(); !body.asksNothing() {
		body.compare(d, "body", got.Body, fakes.Fill)
	}
	if a.JWT != nil {
		a.JWT.compare(d, tokenAt(got.Body, a.JWT.At), fakes)
	}
}

func (a *Answer) compareHead(d *Differences, got testkit.Answer) {
	if a.Aborted != got.Aborted {
		d.add("aborted: want %v, got %v", a.Aborted, got.Aborted)
	}
	if !got.Aborted {
		if a.Status != 0 && got.Status != a.Status {
			d.add("status: want %d, got %d: %s", a.Status, got.Status, clip(got.Body))
		}
		if a.StatusClass != 0 && got.Status/100 != a.StatusClass {
			d.add("status: want %dxx, got %d: %s", a.StatusClass, got.Status, clip(got.Body))
		}
		if a.Cut != got.Cut {
			d.add("cut connection: want %v, got %v", a.Cut, got.Cut)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(a.Headers)) {
		want, have := a.Headers[name], strings.Join(got.Header.Values(name), ", ")
		if !d.same(want, have) {
			d.add("header %s: want %q, got %q", name, want, have)
		}
	}
}

func (a *Answer) compareText(d *Differences, have string, fill func(string) string) {
	if a.Text != nil {
		want := fill(*a.Text)
		if want != have && respace(want) != respace(have) {
			d.add("body: want %q, got %q", want, have)
		}
	}
	if a.TextMatches != "" && !d.match(a.TextMatches, have) && !d.match(a.TextMatches, respace(have)) {
		d.add("body: want a match of %q, got %q", a.TextMatches, have)
	}
}

func (a *Answer) body() jsonPattern {
	return jsonPattern{want: a.JSON, has: a.Has, ignore: a.Ignore, match: a.Match}
}

// tokenAt is the text at a path of a JSON body, or nothing.
func tokenAt(body []byte, path string) string {
	var v any
	if json.Unmarshal(body, &v) != nil {
		return ""
	}
	token, _ := lookup(v, path)
	s, _ := token.(string)
	return s
}
