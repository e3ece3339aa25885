package docs

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestEveryLinkLeadsSomewhere(t *testing.T) {
	all := pages(t)
	anchors := map[string]map[string]bool{}
	for _, p := range all {
		anchors[p.path] = p.anchors
	}
	for _, p := range all {
		for _, link := range p.links {
			target, err := url.Parse(link)
			if err != nil {
				t.Errorf("%s: %v", p.path, err)
				continue
			}
			if target.Scheme != "" {
				continue // somebody else's page
			}
			path := p.path
			if target.Path != "" {
				path = filepath.Join(filepath.Dir(p.path), target.Path)
			}
			if _, err := os.Stat(filepath.Join(root, path)); err != nil || strings.HasPrefix(path, "..") {
				t.Errorf("%s links to %s, which is not there", p.path, link)
				continue
			}
			if target.Fragment != "" && !anchors[path][target.Fragment] {
				t.Errorf("%s links to %s, which has no such heading", p.path, link)
			}
		}
	}
}

func TestTheIndexNamesEveryPage(t *testing.T) {
	index := readPage(t, filepath.Join(root, "docs", "README.md"))
	linked := map[string]bool{"docs/README.md": true, "README.md": true}
	for _, link := range index.links {
		path, _, _ := strings.Cut(link, "#")
		linked[filepath.Join("docs", path)] = true
	}
	for _, p := range pages(t) {
		if !linked[p.path] {
			t.Errorf("docs/README.md does not name %s", p.path)
		}
	}
}
