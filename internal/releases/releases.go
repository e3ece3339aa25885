// Package releases knows what the releases of GitLab have changed for the gateway.
//
// GitLab's own gateway has to match the release of GitLab; this one serves them all. So whatever one release sends or reads otherwise
// than the next stands here, in one list: [Changes] says since when, what this gateway makes of it, which code does that, and which recorded
// cases show it. docs/compatibility.md prints the list, and a test holds that the code and the cases are there.
//
// What later releases have added to lists of words, such as model families, is a value of this package that the code acts on, see
// vocabulary.go. With a new release of GitLab, begin here: add the word or the change, and let the tests say what is missing.
package releases

import "strings"

// Change is something that GitLab does otherwise in some of its releases.
type Change struct {
	From, To string // first and last release that does so, such as "17.10"; empty: all before, or all since; not both
	Sends    string // what GitLab sends or expects, in Markdown
	Contract string // what becomes of it at a gateway of GitLab 17.7, in Markdown
	Ours     string // what becomes of it here, in Markdown

	Handled []string // code that does it: path of a file from the root of the module, blank, name of a function, type, method or variable in it
	Cases   []string // recorded cases that show it: file, slash, name
}

// Releases is when GitLab does so, in words.
func (c Change) Releases() string {
	switch {
	case c.From == "":
		return "up to " + c.To
	case c.To == "":
		return "from " + c.From
	default:
		return c.From + " to " + c.To
	}
}

// Table is the list of changes as a table in Markdown.
func Table() string {
	var b strings.Builder
	b.WriteString("| GitLab | What it sends or expects | Contract of 17.7 | Ours | Case |\n| --- | --- | --- | --- | --- |\n")
	for _, c := range Changes() {
		b.WriteString("| " + strings.Join([]string{c.Releases(), c.Sends, c.Contract, c.Ours, c.example()}, " | ") + " |\n")
	}
	return b.String()
}

// example is the first of the cases.
func (c Change) example() string {
	if len(c.Cases) == 0 {
		return ""
	}
	file, name, _ := strings.Cut(c.Cases[0], "/")
	return "`" + file + "`: " + name
}

// listed are words as code in Markdown.
func listed(words []string) string { return "`" + strings.Join(words, "`, `") + "`" }
