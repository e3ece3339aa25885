package index

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/ai-gateway/ai-gateway/internal/docsearch/sqlite"
)

func TestAPageForTheIndex(t *testing.T) {
	const text = "---\nstage: Plan\n---\n\n# Issues\n\nWork.\n\n## Create **(FREE)**\n\n### By email\n\nSend [one](x.md).\n\n---\n\nDone.\n\n## \n"
	got := newPage(File{Path: "user/issues/größe.md", Text: text}, "https://gitlab.example.com/help/")
	metadata := func(anchor string) string {
		return `{"title": "Issues", "source": "user/issues/gr\u00f6\u00dfe.md", "source_type": "doc", ` +
			`"source_url": "https://gitlab.example.com/help/user/issues/gr%C3%B6%C3%9Fe` + anchor + `", "filename": "/user/issues/gr\u00f6\u00dfe.md"}`
	}
	want := sqlite.Page{
		Title: "Issues", Headings: "Create\nBy email",
		Sections: []sqlite.Section{
			{Body: "# Issues\n\nWork.\n\n", Content: "# Issues\n\nWork.", Metadata: metadata("")},
			{
				Headings: "Create\nBy email\n", Body: "### By email\n\nSend [one].\n\n---\n\nDone.\n\n## \n",
				Content: "# Issues\n\n## Create\n\n### By email\n\nSend [one](x.md).\n\n---\n\nDone.\n\n## ", Metadata: metadata("#by-email"),
			},
		},
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(sqlite.Page{}, "Row"), cmpopts.IgnoreFields(sqlite.Section{}, "ID")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestIDsAreWhatClientsFindAgain(t *testing.T) {
	text := "Before.\n\n# Title\n\n## A\n\n" + strings.Repeat(strings.Repeat("word ", 200)+"\n\n", 10) + "## A\n\nAgain.\n\n## ?!\n\nx\n"
	page := newPage(File{Path: "a.md", Text: text}, "https://gitlab.com/help")
	allowed := regexp.MustCompile(`^[a-z0-9]{32}$`)
	seen := map[string]bool{}
	for _, s := range page.Sections {
		if !allowed.MatchString(s.ID) || seen[s.ID] {
			t.Errorf("id %q", s.ID)
		}
		seen[s.ID] = true
	}
	again := newPage(File{Path: "a.md", Text: text}, "https://gitlab.com/help")
	if diff := cmp.Diff(page, again); diff != "" {
		t.Errorf("another time (-once +again):\n%s", diff)
	}
	if other := newPage(File{Path: "b.md", Text: text}, "https://gitlab.com/help"); seen[other.Sections[0].ID] {
		t.Error("two pages share an id")
	}
}

func TestALongSectionIsCutAndEachPieceHasItsHeadings(t *testing.T) {
	text := "# T\n\nIntro.\n\n## Long\n\n" + strings.Repeat(strings.Repeat("word ", 199)+"\n\n", 10)
	page := newPage(File{Path: "a.md", Text: text}, "https://gitlab.com/help")
	var bodies strings.Builder
	for _, s := range page.Sections {
		bodies.WriteString(s.Body)
		if len(s.Content) > longestSection+100 || !strings.HasPrefix(s.Content, "# T\n\n") {
			t.Errorf("%d bytes: %.40q", len(s.Content), s.Content)
		}
		if len(page.Sections) > 1 && s.Headings == "Long\n" && !strings.HasPrefix(s.Content, "# T\n\n## Long\n\nword") {
			t.Errorf("%.40q", s.Content)
		}
	}
	if len(page.Sections) != 4 || bodies.String() != text {
		t.Errorf("%d sections, %d bytes of %d", len(page.Sections), bodies.Len(), len(text))
	}
}

func TestNothingIsLost(t *testing.T) {
	for text, bodies := range map[string][]string{
		"---\ntitle: T\n---\n\nIntro.\n\n## One\n\nx\n": {"\nIntro.\n\n", "## One\n\nx\n"},
		"# T\n\n## One\n\n## Two\n":                     {"## One\n\n", "## Two\n"},
		"x\n\n---\n\ny\n\n---\n\nz\n":                   {"x\n\n---\n\ny\n\n---\n\nz\n"},
	} {
		var got []string
		for _, s := range newPage(File{Path: "a.md", Text: text}, "").Sections {
			got = append(got, s.Body)
		}
		if diff := cmp.Diff(bodies, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

func TestPagesWithoutText(t *testing.T) {
	for _, text := range []string{"", "---\nredirect_to: 'a.md'\n---\n", "\n\n***\n"} {
		if page := newPage(File{Path: "a.md", Text: text}, ""); len(page.Sections) != 0 || page.Row.Content != text {
			t.Errorf("%q: %+v", text, page)
		}
	}
}

func TestPageURL(t *testing.T) {
	for _, tc := range []struct{ root, file, want string }{
		{"https://gitlab.com/help", "user/project/index.md", "https://gitlab.com/help/user/project/index"},
		{"https://gitlab.com/help/", "ci/yaml/_index.md", "https://gitlab.com/help/ci/yaml/_index"},
		{"https://docs.gitlab.com", "user/project/index.md", "https://docs.gitlab.com/user/project/"},
		{"https://docs.gitlab.com/ee", "ci/_index.md", "https://docs.gitlab.com/ee/ci/"},
		{"https://docs.gitlab.com", "index.md", "https://docs.gitlab.com/"},
		{"https://docs.gitlab.com", "user/ssh.md", "https://docs.gitlab.com/user/ssh"},
		{"https://gitlab.com/help", "a b/100%#?.md", "https://gitlab.com/help/a%20b/100%25%23%3F"},
		{"https://gitlab.com/help", "a.md.md", "https://gitlab.com/help/a"},
	} {
		if got := pageURL(tc.root, tc.file); got != tc.want {
			t.Errorf("%s below %s: %s", tc.file, tc.root, got)
		}
	}
}
