package chat

// texts are what the model is told of a tool.
type texts struct {
	description string // what it does, and when it may be used
	example     string // a question, and the lines that the model should write then
}

var issueReader = texts{
	description: `Fetches the text, the labels and the discussion of one issue.
Use it only if the user names the issue by its id, gives its URL, or has it open at the moment.
It cannot look for issues: never guess an id, and never use it to find an issue by words or by a description. If the issue is not identified, tell the user that you cannot search for issues without an id or a URL.
The input is the question of the user, word for word.`,
	example: `Question: Summarize the discussion in #123
Thought: The user names one issue by its id, so its content can be fetched.
Action: issue_reader
Action Input: Summarize the discussion in #123`,
}

var epicReader = texts{
	description: `Fetches the text, the labels and the discussion of one epic or of another work item.
Use it only if the user names the epic or work item by its id, gives its URL, or has it open at the moment.
It cannot look for epics: never guess an id, and never use it to find an epic by words or by a description. If the epic is not identified, tell the user that you cannot search for epics without an id or a URL.
The input is the question of the user, word for word.`,
	example: `Question: When is &123 due?
Thought: The user names one epic by its id, so its content can be fetched.
Action: epic_reader
Action Input: When is &123 due?`,
}

var buildReader = texts{
	description: `Fetches the state and the log of one CI/CD job, also called a build.
Use it only if the user names the job by its id, gives its URL, or has it open at the moment.
It cannot look for jobs: never guess an id, and never use it to find a job by words or by a description. If the job is not identified, tell the user that you cannot search for jobs without an id or a URL.
The input is the question of the user, word for word.`,
	example: `Question: Why did job #123 fail?
Thought: The user names one job by its id, so its log can be fetched.
Action: build_reader
Action Input: Why did job #123 fail?`,
}

var mergeRequestReader = texts{
	description: `Fetches the text, the changes and the discussion of one merge request.
Use it only if the user names the merge request by its id, gives its URL, or has it open at the moment.
It cannot look for merge requests: never guess an id, and never use it to find a merge request by words or by a description. If the merge request is not identified, tell the user that you cannot search for merge requests without an id or a URL.
The input is the question of the user, word for word.`,
	example: `Question: What does !123 change?
Thought: The user names one merge request by its id, so its changes can be fetched.
Action: merge_request_reader
Action Input: What does !123 change?`,
}

var commitReader = texts{
	description: `Fetches the message and the changes of one commit.
Use it only if the user names the commit by its id, gives its URL, or has it open at the moment.
It cannot look for commits: never guess an id, and never use it to find a commit by words or by a description. If the commit is not identified, tell the user that you cannot search for commits without an id or a URL.
The input is the question of the user, word for word.`,
	example: `Question: Explain commit #123
Thought: The user names one commit by its id, so its changes can be fetched.
Action: commit_reader
Action Input: Explain commit #123`,
}

const documentationDescription = `Answers questions from the documentation of GitLab.
Use it for every question on how GitLab works or how to use one of its features: projects, groups, issues, merge requests, epics, work items, milestones, labels, CI/CD pipelines, runners, repositories, packages, security, administration and so on.`

// documentationByMeaning is for a search that understands questions.
var documentationByMeaning = texts{
	description: documentationDescription + `
The input is the whole question of the user.`,
	example: `Question: Hi, could you please tell me how to protect a branch?
Thought: This is about a feature of GitLab, so the documentation has the answer.
Action: gitlab_documentation
Action Input: How do I protect a branch?`,
}

// documentationByWords is for a search that finds the pages in which all words of the input occur.
var documentationByWords = texts{
	description: documentationDescription + `
The input is what the user wants to know, in as few words as possible.`,
	example: `Question: Hi, could you please tell me how to protect a branch?
Thought: This is about a feature of GitLab, so the documentation has the answer. The search finds only pages that contain every word of the input, so I drop the greeting, the polite words and all punctuation and keep the bare intent.
Action: gitlab_documentation
Action Input: protect branch`,
}
