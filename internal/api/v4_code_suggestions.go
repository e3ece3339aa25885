package api

import (
	"net/http"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/llm"
)

// codeSuggestionsV4 serves POST /v4/code/suggestions; it streams server-sent events (spec/http-api.md 22.6).
func (s *Server) codeSuggestionsV4(w http.ResponseWriter, r *http.Request) error {
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
	w.Header().Set("X-Streaming-Format", "sse")
	return writeSuggestionEvents(w, pipeline.Model(), pieces)
}

// streamStart is the data of the first event.
type streamStart struct {
	Metadata streamMetadata `json:"metadata"`
}

type streamMetadata struct {
	Model     streamModel `json:"model"`
	Timestamp int64       `json:"timestamp"` // Unix seconds
}

type streamModel struct {
	Engine string `json:"engine"`
	Name   string `json:"name"`
}

// contentChunk is the data of an event with a piece of the answer.
type contentChunk struct {
	Choices []chunkChoice `json:"choices"`
}

type chunkChoice struct {
	Delta chunkDelta `json:"delta"`
	Index int        `json:"index"`
}

type chunkDelta struct {
	Content string `json:"content"`
}

// writeSuggestionEvents streams an answer between stream_start and stream_end. When the model fails half-way the connection is cut, without
// stream_end.
func writeSuggestionEvents(w http.ResponseWriter, model llm.ID, pieces llm.Stream) error {
	events := newEventWriter(w)
	defer events.close()
	events.send("stream_start", streamStart{streamMetadata{streamModel{model.Engine, model.Name}, time.Now().Unix()}})
	for chunk, err := range pieces {
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		if chunk.Silent() {
			continue
		}
		events.send("content_chunk", contentChunk{[]chunkChoice{{Delta: chunkDelta{chunk.Text}}}})
	}
	events.send("stream_end", nil)
	return nil
}

var editorSuggestionsOperation = operation{
	tag: "suggestions", summary: "Complete or generate code, by components, streamed as server-sent events",
	description: "With \"stream\" true the models that can answer with the events stream_start, content_chunk and stream_end.",
	body:        editorComponentsBody.OpenAPI, answer: editorAnswerSchema.OpenAPI, streams: true,
	refusals: []int{400, 401, 403, 408, 413, 422, 503},
}
