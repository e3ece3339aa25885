package amazonq

// Event is a quick action that a user gave: a [*MergeRequest] or an [*Issue]. Texts that are nil are left out of what is sent
// (spec/models-and-providers.md 15.1, 15.3).
type Event interface{ event() }

// MergeRequest is a quick action on a merge request.
type MergeRequest struct {
	Command          string  `json:"command"` // "dev", "review", "test", "fix", "transform"
	Source           string  `json:"source"`  // "merge_request"
	ProjectPath      string  `json:"project_path"`
	ProjectID        string  `json:"project_id"`
	NoteID           *string `json:"note_id,omitempty"`
	DiscussionID     string  `json:"discussion_id"`
	MergeRequestID   string  `json:"merge_request_id"`
	MergeRequestIID  string  `json:"merge_request_iid"`
	SourceBranch     string  `json:"source_branch"`
	TargetBranch     string  `json:"target_branch"`
	LastCommitID     string  `json:"last_commit_id"`
	StartSHA         *string `json:"start_sha,omitempty"`
	HeadSHA          *string `json:"head_sha,omitempty"`
	FilePath         *string `json:"file_path,omitempty"`
	CommentStartLine *string `json:"comment_start_line,omitempty"`
	CommentEndLine   *string `json:"comment_end_line,omitempty"`
	UserMessage      *string `json:"user_message,omitempty"`
}

// Issue is a quick action on an issue.
type Issue struct {
	Command      string  `json:"command"`
	Source       string  `json:"source"` // "issue"
	ProjectPath  string  `json:"project_path"`
	ProjectID    string  `json:"project_id"`
	NoteID       *string `json:"note_id,omitempty"`
	DiscussionID string  `json:"discussion_id"`
	IssueID      string  `json:"issue_id"`
	IssueIID     string  `json:"issue_iid"`
}

func (*MergeRequest) event() {}
func (*Issue) event()        {}
