package markdown_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/docsearch/markdown"
)

func h(level int, text string) markdown.Heading { return markdown.Heading{Level: level, Text: text} }

func TestSplit(t *testing.T) {
	for _, tc := range []struct {
		name, source string
		want         markdown.Page
	}{
		{
			"a section is what stands below a heading, with the headings above it",
			"---\nstage: Plan\n---\n\n# Issues\n\nWork.\n\n## Create\n\nOne.\n\n### By email\n\nTwo.\n\n## Close\n\nThree.\n",
			markdown.Page{Title: "Issues", Sections: []markdown.Section{
				{Text: "\n"},
				{Headings: []markdown.Heading{h(1, "Issues")}, Text: "# Issues\n\nWork.\n\n", Anchor: ""},
				{Headings: []markdown.Heading{h(1, "Issues"), h(2, "Create")}, Anchor: "create", Text: "## Create\n\nOne.\n\n"},
				{Headings: []markdown.Heading{h(1, "Issues"), h(2, "Create"), h(3, "By email")}, Anchor: "by-email", Text: "### By email\n\nTwo.\n\n"},
				{Headings: []markdown.Heading{h(1, "Issues"), h(2, "Close")}, Anchor: "close", Text: "## Close\n\nThree.\n"},
			}},
		},
		{
			"horizontal rules and tables lose nothing",
			"# T\n\nBefore.\n\n---\n\nAfter.\n\n| A |\n| --- |\n| 1 |\n",
			markdown.Page{Title: "T", Sections: []markdown.Section{
				{Headings: []markdown.Heading{h(1, "T")}, Text: "# T\n\nBefore.\n\n---\n\nAfter.\n\n| A |\n| --- |\n| 1 |\n"},
			}},
		},
		{
			"a rule at the top that nothing closes is text",
			"---\n\n# T\n",
			markdown.Page{Title: "T", Sections: []markdown.Section{
				{Text: "---\n\n"}, {Headings: []markdown.Heading{h(1, "T")}, Text: "# T\n"},
			}},
		},
		{
			"newer pages have their title in the front matter",
			"---\ntitle: \"Merge: how\"\nlevel: 1\n---\nIntro.\n\n## One\n\nx\n",
			markdown.Page{Title: "Merge: how", Sections: []markdown.Section{
				{Text: "Intro.\n\n"}, {Headings: []markdown.Heading{h(2, "One")}, Anchor: "one", Text: "## One\n\nx\n"},
			}},
		},
		{
			"what looks like a heading in a code block, a quotation or a list is none",
			"# T\n\n```shell\n# a comment\n---\n```\n\n    # indented\n\n> # quoted\n\n- # listed\n",
			markdown.Page{Title: "T", Sections: []markdown.Section{
				{
					Headings: []markdown.Heading{h(1, "T")},
					Text:     "# T\n\n```shell\n# a comment\n---\n```\n\n    # indented\n\n> # quoted\n\n- # listed\n",
				},
			}},
		},
		{
			"underlined headings, markup in headings, and badges",
			"Title\n=====\n\nSub\n---\n\nx\n\n## Use `git` *and* [links](a.md) **(PREMIUM ALL)**\n\ny\n",
			markdown.Page{Title: "Title", Sections: []markdown.Section{
				{Headings: []markdown.Heading{h(1, "Title")}, Text: "Title\n=====\n\n"},
				{Headings: []markdown.Heading{h(1, "Title"), h(2, "Sub")}, Anchor: "sub", Text: "Sub\n---\n\nx\n\n"},
				{
					Headings: []markdown.Heading{h(1, "Title"), h(2, "Use git and links")}, Anchor: "use-git-and-links",
					Text: "## Use `git` *and* [links](a.md) **(PREMIUM ALL)**\n\ny\n",
				},
			}},
		},
		{"a page that only leads to another one", "---\nredirect_to: 'a.md'\n---\n", markdown.Page{}},
		{"an empty page", "", markdown.Page{}},
		{"front matter that is no YAML", "---\n{\n---\nx\n", markdown.Page{Sections: []markdown.Section{{Text: "x\n"}}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, markdown.Split(tc.source)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestAnchors has the rules of GitLab's renderer.
func TestAnchors(t *testing.T) {
	page := markdown.Split("# T\n\n## Create an issue!\n\n## create  an - issue\n\n## Create an issue\n\n## T\n\n" +
		"## CI/CD `.gitlab-ci.yml`: a_b\n\n## Größe 課題\n\n## 2024\n\n## ?!\n\n## ?!\n")
	var got []string
	for _, s := range page.Sections {
		got = append(got, s.Anchor)
	}
	want := []string{
		"", "create-an-issue", "create-an-issue-1", "create-an-issue-2", "t-1", "cicd-gitlab-ciyml-a_b", "größe-課題", "anchor-2024", "", "",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestPieces(t *testing.T) {
	for _, tc := range []struct {
		name, text string
		want       []string
	}{
		{"nothing to cut", "short", []string{"short"}},
		{"nothing at all", "", []string{""}},
		{"between paragraphs", "aaa\n\nbbb\nccc", []string{"aaa\n\n", "bbb\nccc"}},
		{"between lines", "aaaa\nbbbb\ncccc", []string{"aaaa\nbbbb\n", "cccc"}},
		{"between words if there are no lines", "abcdefghijklmno", []string{"abcdefghij", "klmno"}},
		{"never inside of a character", "日本語日本語", []string{"日本語", "日本語"}},
		{"not for a tiny piece", "\nbbbbbbbbbbbbb", []string{"\nbbbbbbbbb", "bbbb"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, markdown.Pieces(tc.text, 10)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestSearchable(t *testing.T) {
	got := markdown.Searchable("See [the docs](../a/index.md#x) <!-- not\nthis --> and ![image](i.png), not f(x).")
	if want := "See [the docs]   and ![image], not f(x)."; got != want {
		t.Errorf("got %q", got)
	}
}

// FuzzSplit takes anything apart. Nothing is lost, and headings and anchors are such as can be used.
func FuzzSplit(f *testing.F) {
	for _, source := range []string{
		"---\ntitle: x\n---\n# A\n\nb\n\n## C **(FREE)**\n", "# T\n\n---\n\nx\n", "a\n===\nb\n---\n", "```\n# x\n", "\ufeff---\n---\n#\n# #\n",
		"> # q\n# h\n", "   # three\n    # four\n", "# \n\n## <b>x</b> `y` [z](u) ![i](j) <http://a.b>\n", "#\t日本\r\n## \x00\xff\n", "- # a\n\n  # b\n",
	} {
		f.Add(source)
	}
	f.Fuzz(func(t *testing.T, source string) {
		page := markdown.Split(source)
		var all strings.Builder
		for _, s := range page.Sections {
			all.WriteString(s.Text)
			if strings.ContainsAny(s.Anchor, " \n#") {
				t.Errorf("anchor %q", s.Anchor)
			}
			for _, heading := range s.Headings {
				if strings.Contains(heading.Text, "\n") || heading.Level < 1 || heading.Level > 6 {
					t.Errorf("heading %+v", heading)
				}
			}
			if pieces := markdown.Pieces(s.Text, 16); strings.Join(pieces, "") != s.Text {
				t.Errorf("pieces %q of %q", pieces, s.Text)
			}
			for _, piece := range markdown.Pieces(s.Text, 16) {
				if len(piece) > 16 || utf8.ValidString(s.Text) && !utf8.ValidString(piece) {
					t.Errorf("piece %q", piece)
				}
			}
			markdown.Searchable(s.Text)
		}
		if !strings.HasSuffix(source, all.String()) {
			t.Errorf("%q became %q", source, all.String())
		}
		if lost := strings.TrimSuffix(source, all.String()); lost != "" && !strings.HasPrefix(strings.TrimPrefix(lost, "\ufeff"), "---") && lost != "\ufeff" {
			t.Errorf("lost %q", lost)
		}
	})
}
