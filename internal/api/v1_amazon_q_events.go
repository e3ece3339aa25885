package api

import (
	"net/http"

	"github.com/ai-gateway/ai-gateway/internal/amazonq"
	"github.com/ai-gateway/ai-gateway/internal/events"
	"github.com/ai-gateway/ai-gateway/internal/schema"
)

// amazonQEvent is the body of POST /v1/amazon_q/events (spec/http-api.md 18.2).
type amazonQEvent struct {
	RoleARN string         `json:"role_arn" schema:"max=2048" doc:"Role at AWS in which the gateway acts."`
	Code    string         `json:"code" schema:"max=255,secret" doc:"Grant code, for a user whom Amazon Q does not know, or no longer."`
	Payload amazonQPayload `json:"payload"`
}

// amazonQPayload is what happened.
type amazonQPayload struct {
	schema.Tagged `tag:"source"`
	MergeRequest  *amazonQMergeRequest `case:"merge_request"`
	Issue         *amazonQIssue        `case:"issue"`
}

// amazonQMergeRequest has the fields of [amazonq.MergeRequest].
type amazonQMergeRequest struct {
	Command          string  `json:"command" schema:"max=255"`
	Source           string  `json:"source" schema:"literal=merge_request"`
	ProjectPath      string  `json:"project_path" schema:"max=1024"`
	ProjectID        string  `json:"project_id" schema:"max=1024"`
	NoteID           *string `json:"note_id" schema:"required,max=1024"`
	DiscussionID     string  `json:"discussion_id" schema:"max=1024"`
	MergeRequestID   string  `json:"merge_request_id" schema:"max=1024"`
	MergeRequestIID  string  `json:"merge_request_iid" schema:"max=1024"`
	SourceBranch     string  `json:"source_branch" schema:"max=1024"`
	TargetBranch     string  `json:"target_branch" schema:"max=1024"`
	LastCommitID     string  `json:"last_commit_id" schema:"max=1024"`
	StartSHA         *string `json:"start_sha" schema:"max=1024"`
	HeadSHA          *string `json:"head_sha" schema:"max=1024"`
	FilePath         *string `json:"file_path" schema:"max=1024"`
	CommentStartLine *string `json:"comment_start_line" schema:"max=1024"`
	CommentEndLine   *string `json:"comment_end_line" schema:"max=1024"`
	UserMessage      *string `json:"user_message" schema:"max=1024"`
}

// amazonQIssue has the fields of [amazonq.Issue].
type amazonQIssue struct {
	Command      string  `json:"command" schema:"max=255"`
	Source       string  `json:"source" schema:"literal=issue"`
	ProjectPath  string  `json:"project_path" schema:"max=1024"`
	ProjectID    string  `json:"project_id" schema:"max=1024"`
	NoteID       *string `json:"note_id" schema:"required,max=1024"`
	DiscussionID string  `json:"discussion_id" schema:"max=1024"`
	IssueID      string  `json:"issue_id" schema:"max=1024"`
	IssueIID     string  `json:"issue_iid" schema:"max=1024"`
}

// event is the payload as Amazon Q is told.
func (p *amazonQPayload) event() amazonq.Event {
	if p.Issue != nil {
		return (*amazonq.Issue)(p.Issue)
	}
	return (*amazonq.MergeRequest)(p.MergeRequest)
}

var amazonQEventBody = schema.MustCompile[amazonQEvent]()

// amazonQEventsV1 serves POST /v1/amazon_q/events: a user gave a quick action such as /q dev (spec/http-api.md 18.2).
func (s *Server) amazonQEventsV1(w http.ResponseWriter, r *http.Request) error {
	raw, err := s.readBody(w, r)
	if err != nil {
		return err
	}
	body, err := amazonQEventBody.Decode(raw, r.Header.Get("Content-Type"))
	if err != nil {
		return err
	}
	caller, err := s.amazonQCaller(r, events.AmazonQEvents)
	if err != nil {
		return err
	}
	return s.answerAmazonQ(w, r, s.AmazonQ.Send(r.Context(), caller, body.RoleARN, body.Code, body.Payload.event()))
}

var amazonQEventOperation = operation{
	tag: "amazon_q", summary: "Tell Amazon Q of a quick action",
	description: "The payload is sent on without keys that are not listed and without those that are null.",
	body:        amazonQEventBody.OpenAPI, silent: true, refusals: []int{400, 401, 403, 404, 408, 413, 422, 503},
}
