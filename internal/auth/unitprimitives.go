package auth

// UnitPrimitive is the name of the smallest permission. A token's scopes are a list of them.
type UnitPrimitive string

// The unit primitives that this gateway knows (spec/auth.md 12).
const (
	AskBuild                   UnitPrimitive = "ask_build"
	AskCommit                  UnitPrimitive = "ask_commit"
	AskEpic                    UnitPrimitive = "ask_epic"
	AskIssue                   UnitPrimitive = "ask_issue"
	AskMergeRequest            UnitPrimitive = "ask_merge_request"
	CategorizeDuoChatQuestion  UnitPrimitive = "categorize_duo_chat_question"
	DocumentationSearch        UnitPrimitive = "documentation_search"
	DuoChat                    UnitPrimitive = "duo_chat"
	ExplainCode                UnitPrimitive = "explain_code"
	ExplainVulnerability       UnitPrimitive = "explain_vulnerability"
	FillInMergeRequestTemplate UnitPrimitive = "fill_in_merge_request_template"
	FixCode                    UnitPrimitive = "fix_code"
	GenerateCommitMessage      UnitPrimitive = "generate_commit_message"
	GenerateCubeQuery          UnitPrimitive = "generate_cube_query"
	GenerateIssueDescription   UnitPrimitive = "generate_issue_description"
	GlabAskGitCommand          UnitPrimitive = "glab_ask_git_command"
	RefactorCode               UnitPrimitive = "refactor_code"
	ResolveVulnerability       UnitPrimitive = "resolve_vulnerability"
	ReviewMergeRequest         UnitPrimitive = "review_merge_request"
	SemanticSearchIssue        UnitPrimitive = "semantic_search_issue"
	SummarizeComments          UnitPrimitive = "summarize_comments"
	SummarizeIssueDiscussions  UnitPrimitive = "summarize_issue_discussions"
	SummarizeMergeRequest      UnitPrimitive = "summarize_merge_request"
	SummarizeReview            UnitPrimitive = "summarize_review"
	SummarizeSubmittedReview   UnitPrimitive = "summarize_submitted_review"
	TroubleshootJob            UnitPrimitive = "troubleshoot_job"
	WriteTests                 UnitPrimitive = "write_tests"
	CodeSuggestions            UnitPrimitive = "code_suggestions"
	CompleteCode               UnitPrimitive = "complete_code"
	GenerateCode               UnitPrimitive = "generate_code"
	DuoWorkflowGenerateToken   UnitPrimitive = "duo_workflow_generate_token"
	DuoWorkflowExecuteWorkflow UnitPrimitive = "duo_workflow_execute_workflow"
	IncludeFileContext         UnitPrimitive = "include_file_context"
	IncludeSnippetContext      UnitPrimitive = "include_snippet_context"
	IncludeMergeRequestContext UnitPrimitive = "include_merge_request_context"
	IncludeIssueContext        UnitPrimitive = "include_issue_context"
	IncludeDependencyContext   UnitPrimitive = "include_dependency_context"
	IncludeLocalGitContext     UnitPrimitive = "include_local_git_context"
	SummarizeNewMergeRequest   UnitPrimitive = "summarize_new_merge_request"
	MeasureCommentTemperature  UnitPrimitive = "measure_comment_temperature"
	AmazonQIntegration         UnitPrimitive = "amazon_q_integration"
)

// FeatureCategory is the part of GitLab that a request is accounted to.
type FeatureCategory string

// The feature categories (spec/auth.md 12).
const (
	CategoryAIAbstractionLayer            FeatureCategory = "ai_abstraction_layer"
	CategoryCodeReviewWorkflow            FeatureCategory = "code_review_workflow"
	CategoryCodeSuggestions               FeatureCategory = "code_suggestions"
	CategoryContinuousIntegration         FeatureCategory = "continuous_integration"
	CategoryDuoChat                       FeatureCategory = "duo_chat"
	CategoryGlobalSearch                  FeatureCategory = "global_search"
	CategoryProductAnalyticsVisualization FeatureCategory = "product_analytics_visualization"
	CategorySourceCodeManagement          FeatureCategory = "source_code_management"
	CategoryTeamPlanning                  FeatureCategory = "team_planning"
	CategoryVulnerabilityManagement       FeatureCategory = "vulnerability_management"
)

// proxyCategories has every unit primitive that this gateway knows, with the category that its requests through the vendor proxies are
// accounted to; with none, it cannot be used there.
var proxyCategories = map[UnitPrimitive]FeatureCategory{
	AskBuild:                   CategoryDuoChat,
	AskCommit:                  CategoryDuoChat,
	AskEpic:                    CategoryDuoChat,
	AskIssue:                   CategoryDuoChat,
	AskMergeRequest:            CategoryDuoChat,
	CategorizeDuoChatQuestion:  CategoryDuoChat,
	DocumentationSearch:        CategoryDuoChat,
	DuoChat:                    CategoryDuoChat,
	ExplainCode:                CategorySourceCodeManagement,
	ExplainVulnerability:       CategoryVulnerabilityManagement,
	FillInMergeRequestTemplate: CategoryCodeReviewWorkflow,
	FixCode:                    CategoryDuoChat,
	GenerateCommitMessage:      CategoryCodeReviewWorkflow,
	GenerateCubeQuery:          CategoryProductAnalyticsVisualization,
	GenerateIssueDescription:   CategoryTeamPlanning,
	GlabAskGitCommand:          CategoryCodeReviewWorkflow,
	RefactorCode:               CategoryDuoChat,
	ResolveVulnerability:       CategoryVulnerabilityManagement,
	ReviewMergeRequest:         CategoryCodeReviewWorkflow,
	SemanticSearchIssue:        CategoryGlobalSearch,
	SummarizeComments:          CategoryTeamPlanning,
	SummarizeIssueDiscussions:  CategoryCodeReviewWorkflow,
	SummarizeMergeRequest:      CategoryCodeReviewWorkflow,
	SummarizeReview:            CategoryCodeReviewWorkflow,
	SummarizeSubmittedReview:   CategoryCodeReviewWorkflow,
	TroubleshootJob:            CategoryContinuousIntegration,
	WriteTests:                 CategoryDuoChat,
	CodeSuggestions:            "",
	CompleteCode:               "",
	GenerateCode:               "",
	DuoWorkflowGenerateToken:   "",
	DuoWorkflowExecuteWorkflow: "",
	IncludeFileContext:         "",
	IncludeSnippetContext:      "",
	IncludeMergeRequestContext: "",
	IncludeIssueContext:        "",
	IncludeDependencyContext:   "",
	IncludeLocalGitContext:     "",
	SummarizeNewMergeRequest:   "",
	MeasureCommentTemperature:  "",
	AmazonQIntegration:         "",
}

// Known is the unit primitive of that name, if the gateway knows it. Names are exact: case counts.
func Known(name string) (up UnitPrimitive, known bool) {
	_, known = proxyCategories[UnitPrimitive(name)]
	return UnitPrimitive(name), known
}

// ProxyCategory is the feature category of up on the vendor proxies, if up can be used there.
func ProxyCategory(up UnitPrimitive) (category FeatureCategory, usable bool) {
	category = proxyCategories[up]
	return category, category != ""
}
