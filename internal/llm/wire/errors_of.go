package wire

import "github.com/ai-gateway/ai-gateway/internal/llm"

// ErrorsOf is a stream whose errors are what f makes of them: for vendors that answer as another one does, and fail in their own way.
func ErrorsOf(stream llm.Stream, f func(error) error) llm.Stream {
	return func(yield func(llm.Chunk, error) bool) {
		for chunk, err := range stream {
			if err != nil {
				err = f(err)
			}
			if !yield(chunk, err) {
				return
			}
		}
	}
}
