package wire

import (
	"io"

	"github.com/ai-gateway/ai-gateway/internal/llm"
)

// Pieces is the answer that a body streams. next reads an event and returns what it has of the answer, which may be nothing; its error is
// [io.EOF] when the model, or the stream, is done. Then comes last, which says why the model stopped and what it cost. classed gives any
// other error of next its place among the vendor's errors. The body is closed however the stream ends.
func Pieces(body *Body, next func() (llm.Chunk, error), last func() llm.Chunk, classed func(error) error) llm.Stream {
	return func(yield func(llm.Chunk, error) bool) {
		defer body.Close()
		for {
			chunk, err := next()
			if err == io.EOF { //nolint:errorlint // a broken connection may wrap it
				body.Finish()
				yield(last(), nil)
				return
			}
			if err != nil {
				yield(llm.Chunk{}, classed(err))
				return
			}
			if chunk != (llm.Chunk{}) && !yield(chunk, nil) {
				return
			}
		}
	}
}
