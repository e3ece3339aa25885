package testkit

import "net/http"

// chatCompletion answers POST …/chat/completions as OpenAI-compatible servers do, and Mistral's …/fim/completions, which
// has the same answer.
func (e *exchange) chatCompletion(streamed bool) {
	answer := func(kind string, choice object) object {
		choice["index"] = 0
		return object{"id": "chatcmpl-mock", "object": kind, "created": 1700000000, "model": "mock", "choices": []any{choice}}
	}
	if !streamed {
		whole := answer("chat.completion", object{
			"message": object{"role": "assistant", "content": e.script.whole()}, "finish_reason": e.script.finish("stop"),
		})
		whole["usage"] = openAIUsage()
		e.writeJSON(http.StatusOK, whole)
		return
	}
	frame := func(delta object, finish any) string {
		return dataFrame(answer("chat.completion.chunk", object{"delta": delta, "finish_reason": finish}))
	}
	f := frames{
		opening: []string{frame(object{"role": "assistant", "content": ""}, nil)},
		closing: []string{frame(object{}, e.script.finish("stop")), "data: [DONE]\n\n"},
	}
	for _, piece := range e.script.pieces() {
		f.pieces = append(f.pieces, frame(object{"content": piece}, nil))
	}
	e.stream(f)
}

// textCompletion answers POST …/completions as OpenAI-compatible servers do.
func (e *exchange) textCompletion(streamed bool) {
	answer := func(text string, finish any) object {
		choice := object{"index": 0, "text": text, "logprobs": nil, "finish_reason": finish}
		return object{"id": "cmpl-mock", "object": "text_completion", "created": 1700000000, "model": "mock", "choices": []any{choice}}
	}
	if !streamed {
		whole := answer(e.script.whole(), e.script.finish("length"))
		whole["usage"] = openAIUsage()
		e.writeJSON(http.StatusOK, whole)
		return
	}
	f := frames{closing: []string{dataFrame(answer("", e.script.finish("stop"))), "data: [DONE]\n\n"}}
	for _, piece := range e.script.pieces() {
		f.pieces = append(f.pieces, dataFrame(answer(piece, nil)))
	}
	e.stream(f)
}

func openAIUsage() object {
	return object{"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}
}
