package api

import "net/http"

// codeCompletionsV3 serves POST /v3/code/completions; it streams bare text (spec/http-api.md 22).
func (s *Server) codeCompletionsV3(w http.ResponseWriter, r *http.Request) error {
	pipeline, stream, err := s.editorPipeline(w, r)
	if err != nil {
		return err
	}
	if !stream || !pipeline.Streams() {
		return s.answerEditor(w, r, pipeline)
	}
	pieces, err := pipeline.Stream(r.Context())
	if err != nil {
		return err
	}
	return writeText(w, pieces)
}

var editorCompletionsOperation = operation{
	tag: "completions", summary: "Complete or generate code, by components",
	description: "With \"stream\" true the models that can answer with bare text, piece by piece.",
	body:        editorComponentsBody.OpenAPI, answer: editorAnswerSchema.OpenAPI, streams: true,
	refusals: []int{400, 401, 403, 408, 413, 422, 503},
}
