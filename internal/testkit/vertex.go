package testkit

import "net/http"

// prediction answers Vertex AI's REST predict for text models.
func (e *exchange) prediction() {
	score := -1.0
	if e.script.Score != nil {
		score = *e.script.Score
	}
	tokens := func(total, characters int) object {
		return object{"totalTokens": total, "totalBillableCharacters": characters}
	}
	e.writeJSON(http.StatusOK, object{
		"predictions": []any{object{
			"content": e.script.whole(), "score": score,
			"safetyAttributes": object{"categories": []string{}, "blocked": false, "scores": []float64{}},
		}},
		"metadata": object{"tokenMetadata": object{"inputTokenCount": tokens(10, 30), "outputTokenCount": tokens(5, 15)}},
	})
}
