package testkit

import "net/http"

// message answers POST …/messages as Anthropic does.
func (e *exchange) message(streamed bool) {
	e.w.Header().Set("request-id", "req_mock")
	message := object{
		"id": "msg_mock", "type": "message", "role": "assistant", "model": "claude-mock", "content": []any{},
		"stop_reason": nil, "stop_sequence": nil, "usage": object{"input_tokens": 10, "output_tokens": 1},
	}
	if !streamed {
		message["content"] = []any{object{"type": "text", "text": e.script.whole()}}
		message["stop_reason"] = e.script.finish("end_turn")
		message["usage"] = object{"input_tokens": 10, "output_tokens": 5}
		e.writeJSON(http.StatusOK, message)
		return
	}
	frame := func(kind string, fields object) string {
		fields["type"] = kind
		return eventFrame(kind, fields)
	}
	f := frames{
		opening: []string{
			frame("message_start", object{"message": message}),
			frame("content_block_start", object{"index": 0, "content_block": object{"type": "text", "text": ""}}),
			frame("ping", object{}),
		},
		closing: []string{
			frame("content_block_stop", object{"index": 0}),
			frame("message_delta", object{
				"delta": object{"stop_reason": e.script.finish("end_turn"), "stop_sequence": nil}, "usage": object{"output_tokens": 5},
			}),
			frame("message_stop", object{}),
		},
	}
	for _, piece := range e.script.pieces() {
		f.pieces = append(f.pieces, frame("content_block_delta", object{"index": 0, "delta": object{"type": "text_delta", "text": piece}}))
	}
	e.stream(f)
}

// complete answers POST …/complete, Anthropic's text completion.
func (e *exchange) complete(streamed bool) {
	answer := func(text string, stop any) object {
		return object{
			"type": "completion", "id": "compl_mock", "completion": text, "stop_reason": stop,
			"model": "claude-mock", "stop": nil, "log_id": "l",
		}
	}
	if !streamed {
		e.writeJSON(http.StatusOK, answer(e.script.whole(), e.script.finish("stop_sequence")))
		return
	}
	f := frames{closing: []string{eventFrame("completion", answer("", e.script.finish("stop_sequence")))}}
	for _, piece := range e.script.pieces() {
		f.pieces = append(f.pieces, eventFrame("completion", answer(piece, nil)))
	}
	e.stream(f)
}
