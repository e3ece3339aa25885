package markdown

import (
	"strings"

	"go.yaml.in/yaml/v3"
)

// cutFrontMatter separates what a page says about itself from its text. It stands between a line of three dashes that opens the page and
// the next such line; without the second one there is none.
func cutFrontMatter(source string) (matter, body string) {
	const fence = "---"
	source = strings.TrimPrefix(source, "\ufeff")
	first, rest, _ := strings.Cut(source, "\n")
	if strings.TrimRight(first, " \t") != fence {
		return "", source
	}
	for at := 0; at < len(rest); {
		line, _, _ := strings.Cut(rest[at:], "\n")
		next := min(at+len(line)+1, len(rest))
		if strings.TrimRight(line, " \t") == fence {
			return rest[:at], rest[next:]
		}
		at = next
	}
	return "", source
}

// titleOf is a page's title: newer pages have it in the front matter and begin with headings of level 2.
func titleOf(matter string, outline []placed) string {
	for _, h := range outline {
		if h.Level == 1 {
			return h.Text
		}
	}
	var fields struct {
		Title string `yaml:"title"`
	}
	if err := yaml.Unmarshal([]byte(matter), &fields); err == nil && fields.Title != "" {
		return fields.Title
	}
	if len(outline) > 0 {
		return outline[0].Text
	}
	return ""
}
