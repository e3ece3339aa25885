package openai

import "github.com/ai-gateway/ai-gateway/internal/llm/wire"

// What adapters of vendors need whose requests are their own, but who answer and fail as OpenAI does (Mistral, Fireworks).

// TextAnswer reads answers in the form of POST /completions, whole and streamed. Errors of a stream are [Classed].
func TextAnswer(call *wire.Call) wire.Answer { return answerOf(call, dialect{text: true}) }

// ChatAnswer reads answers in the form of POST /chat/completions. The model must say something: null in place of the text is an error.
func ChatAnswer(call *wire.Call) wire.Answer { return answerOf(call, dialect{direct: true}) }

func answerOf(call *wire.Call, d dialect) wire.Answer {
	a := answers{call: call, model: &model{vendor: call.Vendor, dialect: d}}
	return wire.Answer{Whole: a.whole, Pieces: a.pieces}
}

// Classed gives the error of a call its status of spec/models-and-providers.md 9.10.
func Classed(err error) error { return (&model{}).classed(err) }

// Compatible tells providers whose servers have OpenAI's own interface, list of models included.
func Compatible(provider string) bool {
	d, known := dialects[provider]
	return known && !d.azure
}

// Family is what is known of a family of models, whoever serves it: the words that end an answer (spec/models-and-providers.md 9.2), and
// how many tokens a prompt may have (4.2). A family that is not in the list of 2.2 is not found.
func Family(name string) (stop []string, limit int, found bool) {
	stop, found = directModels[name]
	return stop, inputLimit(name), found
}
