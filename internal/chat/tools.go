package chat

import (
	"slices"

	"github.com/ai-gateway/ai-gateway/internal/pep440"
	"github.com/ai-gateway/ai-gateway/internal/releases"
)

// tool is something that GitLab Rails can do for the model.
type tool struct {
	name          string
	unitPrimitive string          // permission that the user must hold
	since         *pep440.Version // GitLab version that has it; nil: every one
	flag          string          // feature flag that must be on; empty: none

	resource string // what it gives access to, for the prompt
	texts
}

// registry is the list of all tools, in the order in which prompts and logs have them (spec/chat-agent.md 4).
func registry(customModels bool) []*tool {
	v17_5 := pep440.MustParse("17.5.0-pre")
	documentation := documentationByMeaning
	if customModels {
		documentation = documentationByWords
	}
	return []*tool{
		{name: "build_reader", unitPrimitive: "ask_build", since: &v17_5, resource: "builds", texts: buildReader},
		{name: "epic_reader", unitPrimitive: "ask_epic", resource: "epics", texts: epicReader},
		{name: "issue_reader", unitPrimitive: "ask_issue", resource: "issues", texts: issueReader},
		{name: "merge_request_reader", unitPrimitive: "ask_merge_request", since: &v17_5, resource: "merge_requests", texts: mergeRequestReader},
		{name: "gitlab_documentation", unitPrimitive: "documentation_search", resource: "documentation answers", texts: documentation},
		{
			name: "commit_reader", unitPrimitive: "ask_commit", since: &v17_5, flag: "ai_commit_reader_for_chat", resource: "commits",
			texts: commitReader,
		},
	}
}

// available are the tools that a user has. There may be none: then the model must answer by itself.
func available(all []*tool, c Caller) []*tool {
	version, err := pep440.Parse(c.GitLabVersion)
	known := err == nil
	return slices.DeleteFunc(slices.Clone(all), func(t *tool) bool {
		switch {
		case t.flag != "" && !c.FlagOn(t.flag):
			return true
		case c.Debug:
			return false
		case t.since != nil && (!known || version.Compare(*t.since) < 0):
			return true
		default:
			return !c.Can(t.unitPrimitive)
		}
	})
}

// names lists tools by name. It is empty, never nil, when there are none.
func names(tools []*tool) []string {
	list := make([]string, len(tools))
	for i, t := range tools {
		list[i] = t.name
	}
	return list
}

// finishReasonSince is the GitLab version that warns of a cut-off answer when it is not told why an answer ended (spec/clients.md 19).
var finishReasonSince = pep440.MustParse(releases.FinishReason)

func wantsFinishReason(gitLabVersion string) bool {
	version, err := pep440.Parse(gitLabVersion)
	return err == nil && version.Compare(finishReasonSince) >= 0
}
