package api

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/auth"
	"github.com/ai-gateway/ai-gateway/internal/docsearch"
	"github.com/ai-gateway/ai-gateway/internal/events"
	"github.com/ai-gateway/ai-gateway/internal/observe"
	"github.com/ai-gateway/ai-gateway/internal/schema"
)

// docsSearch is the body of POST /v1/search/gitlab-docs (spec/docs-search.md 1).
type docsSearch struct {
	Type     string             `json:"type" schema:"max=100" doc:"Not used."`
	Metadata docsSearchMetadata `json:"metadata"`
	Payload  docsSearchPayload  `json:"payload"`
}

type docsSearchMetadata struct {
	Source  string `json:"source" schema:"max=100" doc:"Not used."`
	Version string `json:"version" schema:"max=100" doc:"Version of the GitLab that asks, e.g. 17.6.0-ee; the documentation of that version is searched."`
}

type docsSearchPayload struct {
	Query    string `json:"query" schema:"max=400000" doc:"The question."`
	PageSize int64  `json:"page_size" schema:"default=4,ge=1,le=20" doc:"Most results."`
}

// docsFound is the answer.
type docsFound struct {
	Response struct {
		Results []docFound `json:"results"`
	} `json:"response"`
	Metadata struct {
		Provider  string `json:"provider"`
		Timestamp int64  `json:"timestamp"` // Unix seconds
	} `json:"metadata"`
}

type docFound struct {
	ID       string         `json:"id"`
	Content  string         `json:"content"`
	Metadata map[string]any `json:"metadata"`
}

var docsSearchBody = schema.MustCompile[docsSearch]()

// searchGitLabDocsV1 serves POST /v1/search/gitlab-docs (spec/docs-search.md, spec/http-api.md 14).
func (s *Server) searchGitLabDocsV1(w http.ResponseWriter, r *http.Request) error {
	raw, err := s.readBody(w, r)
	if err != nil {
		return err
	}
	body, err := docsSearchBody.Decode(raw, r.Header.Get("Content-Type"))
	if err != nil {
		return err
	}
	observe.RecordFrom(r.Context()).Set(observe.FeatureCategory, string(auth.CategoryDuoChat))
	if !auth.UserFrom(r.Context()).Can(auth.DocumentationSearch) {
		return forbidden("Unauthorized to search documentations")
	}
	s.trackUse(r, events.DocsSearchV1, auth.DocumentationSearch)
	results, err := s.DocsSearch.Search(r.Context(), docsearch.Question{
		Text: body.Payload.Query, PageSize: int(body.Payload.PageSize), Version: body.Metadata.Version,
	})
	if err != nil {
		return err
	}
	s.logDocsSearch(r, body, results)
	return writeJSON(w, http.StatusOK, newDocsFound(s.DocsSearch.Provider(), results))
}

func newDocsFound(provider string, results []docsearch.Result) *docsFound {
	found := &docsFound{}
	found.Response.Results = make([]docFound, len(results))
	for i, result := range results {
		found.Response.Results[i] = docFound(result)
	}
	found.Metadata.Provider = provider
	found.Metadata.Timestamp = time.Now().Unix()
	return found
}

// logDocsSearch writes the question to the log where the operator wants that (spec/docs-search.md 1).
func (s *Server) logDocsSearch(r *http.Request, body *docsSearch, results []docsearch.Result) {
	if !observe.LogsContent(r.Context(), s.Log) {
		return
	}
	metadata := make([]map[string]any, len(results))
	for i, result := range results {
		metadata[i] = result.Metadata
	}
	observe.RequestLog(r.Context(), s.Log, "search", slog.LevelInfo, "Search completed",
		slog.Any("search_params", map[string]any{
			"query": body.Payload.Query, "page_size": body.Payload.PageSize, "gl_version": body.Metadata.Version,
		}),
		slog.Any("results_metadata", metadata))
}

var docsSearchOperation = operation{
	tag: "search", summary: "Search GitLab's documentation",
	description: "The documentation is that of the GitLab version that asks, or the index that the gateway was given.",
	body:        docsSearchBody.OpenAPI, answer: docsFoundSchema, refusals: []int{400, 401, 403, 408, 413, 422, 503},
}

// docsFoundSchema describes [docsFound], whose metadata are whatever the documentation has.
func docsFoundSchema(schema.Components) schema.Object {
	text := schema.NewObject("type", "string")
	object := func(properties ...any) schema.Object {
		return schema.NewObject("type", "object", "properties", schema.NewObject(properties...))
	}
	result := object("id", text, "content", text, "metadata", schema.NewObject("type", "object"))
	return object(
		"response", object("results", schema.NewObject("type", "array", "items", result)),
		"metadata", object("provider", text, "timestamp", schema.NewObject("type", "integer")),
	)
}
