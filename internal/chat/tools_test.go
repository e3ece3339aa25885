package chat

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestToolsOfAUser(t *testing.T) {
	every := []string{"build_reader", "epic_reader", "issue_reader", "merge_request_reader", "gitlab_documentation"}
	withCommits := append(slices.Clone(every), "commit_reader")
	ageless := []string{"epic_reader", "issue_reader", "gitlab_documentation"}
	only := func(ups ...string) func(string) bool {
		return func(up string) bool { return slices.Contains(ups, up) }
	}
	for _, tc := range []struct {
		name   string
		caller Caller
		want   []string
	}{
		{"all permissions", Caller{Can: everybody, GitLabVersion: "17.7.0"}, every},
		{"no permission", Caller{Can: nobody, GitLabVersion: "17.7.0"}, []string{}},
		{"one permission", Caller{Can: only("ask_issue", "duo_chat"), GitLabVersion: "17.7.0"}, []string{"issue_reader"}},
		{"the commit reader needs its flag", Caller{Can: everybody, GitLabVersion: "17.7.0", FlagOn: only("ai_commit_reader_for_chat")}, withCommits},
		{"and its permission", Caller{Can: only("ask_epic"), GitLabVersion: "17.7.0", FlagOn: everybody}, []string{"epic_reader"}},
		{"no version", Caller{Can: everybody, FlagOn: everybody}, ageless},
		{"no authentication", Caller{Can: nobody, Debug: true, GitLabVersion: "10.0"}, every},
		{"no authentication, with the flag", Caller{Can: nobody, Debug: true, FlagOn: everybody}, withCommits},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if tc.caller.FlagOn == nil {
				tc.caller.FlagOn = nobody
			}
			if diff := cmp.Diff(tc.want, names(available(registry(false), tc.caller))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestVersionsOfGitLab is the table of spec/chat-agent.md 4.
func TestVersionsOfGitLab(t *testing.T) {
	for version, enough := range map[string]bool{
		"17.5.0-pre": true, "17.5.0": true, "17.5": true, "v17.5.0": true, "17.5.0-rc42": true, "17.5.0-PRE": true, "17.5.0+ee": true,
		"17.6.0-pre": true, "18.0": true, "17.5.0-1": true, "\t17.5.0\n": true, "1!0": true, "17.5.0rc0.post1.dev2": true,
		"": false, "17.4.9": false, "17": false, "17.5.0-ee": false, "17.5.0-alpha": false, "17.5.0-beta.1": false, "17.5.0-dev": false,
		"17.5.0.dev1": false, "17.5.x": false, "17.5.0-nightly": false, "17.5.0-pre-abc": false, "17.5.0rc0.dev1": false,
	} {
		tools := available(registry(false), Caller{Can: everybody, FlagOn: nobody, GitLabVersion: version})
		if got := slices.Contains(names(tools), "build_reader"); got != enough {
			t.Errorf("%q: want %v, got %v", version, enough, got)
		}
	}
}

func TestOnlyLaterVersionsAreToldWhyAnAnswerEnded(t *testing.T) {
	for version, wants := range map[string]bool{"18.10.0": true, "18.10.0-pre": true, "19.2.0": true, "18.9.9": false, "": false, "18.10-ee": false} {
		if got := wantsFinishReason(version); got != wants {
			t.Errorf("%q: want %v, got %v", version, wants, got)
		}
	}
}

func TestEveryToolIsExplained(t *testing.T) {
	for _, customModels := range []bool{false, true} {
		tools := registry(customModels)
		for _, tool := range tools {
			lines := strings.Split(tool.example, "\n")
			if tail := lines[len(lines)-2:]; tail[0] != "Action: "+tool.name || !strings.HasPrefix(tail[1], "Action Input: ") {
				t.Errorf("%s: its example does not end in the two lines to write: %q", tool.name, tool.example)
			}
			if tool.description == "" || tool.resource == "" {
				t.Errorf("%s is not described", tool.name)
			}
			for _, other := range tools { // a user may not have it
				if other != tool && strings.Contains(tool.description+tool.example, other.name) {
					t.Errorf("%s mentions %s", tool.name, other.name)
				}
			}
		}
	}
}

func TestDocumentationIsSearchedByWordsWithCustomModels(t *testing.T) {
	input := func(customModels bool) string {
		_, input, _ := strings.Cut(registry(customModels)[4].example, "Action Input: ")
		return input
	}
	if meaning, words := input(false), input(true); len(strings.Fields(words)) > 3 || strings.ContainsAny(words, "?.,!") || meaning == words {
		t.Errorf("want few words instead of %q, got %q", meaning, words)
	}
}
