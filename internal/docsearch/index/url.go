package index

import (
	"net/url"
	"strings"
)

// pageURL is where a page is shown (spec/docs-search.md 7.1). GitLab's own help, at …/help, shows pages under the names of their files; the
// documentation's site shows index pages at their folder.
func pageURL(root, file string) string {
	root = strings.TrimRight(root, "/")
	page := strings.ReplaceAll(file, ".md", "")
	if !strings.HasSuffix(root, "/help") {
		folder, name := "", page
		if i := strings.LastIndexByte(page, '/'); i >= 0 {
			folder, name = page[:i+1], page[i+1:]
		}
		if name == "index" || name == "_index" {
			page = folder
		}
	}
	return root + "/" + (&url.URL{Path: page}).EscapedPath()
}
