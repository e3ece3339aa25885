package codesuggestions

import (
	"context"

	"github.com/ai-gateway/ai-gateway/internal/llm"
)

// discards tells whether an answer is too bad to be shown.
func (p *Pipeline) discards(answer llm.Answer) bool {
	return p.minScore != nil && answer.Score != nil && *answer.Score <= *p.minScore
}

// discard takes the text of those answers away that are too bad to be shown.
func (p *Pipeline) discard(answers []llm.Answer) []llm.Answer {
	for i := range answers {
		if p.discards(answers[i]) {
			answers[i].Text = ""
		}
	}
	return answers
}

// suggest makes a suggestion of the model's answers, in its order (8.1, step 11). An empty one ends the list: what comes behind it is
// lost, as the contract has it.
func (p *Pipeline) suggest(ctx context.Context, answers []llm.Answer) *Suggestion {
	suggestion := &Suggestion{Model: p.model.ID, Language: p.language.Label()}
	if len(answers) > 0 {
		suggestion.Experiments = p.experiments
	}
	for _, answer := range answers {
		if answer.Text == "" {
			break
		}
		text := answer.Text
		if p.special != nil {
			text = filters{p.special()}.whole(text)
		}
		if p.process != nil && text != "" {
			text = p.clean(ctx, text)
		}
		if text == "" {
			continue
		}
		suggestion.Choices, suggestion.Scores = append(suggestion.Choices, text), append(suggestion.Scores, scoreOf(answer))
		if suggestion.Tokens == nil && p.consumption != nil {
			suggestion.Tokens = p.consumption(answer)
		}
	}
	return suggestion
}

// first is the answer whose tokens are reported. When the model said nothing at all, there were none (16.1).
func first(answers []llm.Answer) llm.Answer {
	if len(answers) == 0 {
		return llm.Answer{Usage: &llm.Usage{}}
	}
	return answers[0]
}
