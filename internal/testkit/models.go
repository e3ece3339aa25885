package testkit

import (
	"net/http"
	"strings"
)

// answerModel answers as the model server, or event collector, that the path belongs to.
func answerModel(e *exchange) {
	path := e.r.URL.Path
	switch {
	case strings.HasSuffix(path, "/tp2"): // Snowplow's collector
		e.w.WriteHeader(http.StatusOK)
	case strings.HasSuffix(path, "/runs/batch"): // LangSmith
		e.writeJSON(http.StatusAccepted, object{})
	case strings.HasSuffix(path, "/chat/completions"), strings.HasSuffix(path, "/fim/completions"):
		e.chatCompletion(e.wantsStream())
	case strings.HasSuffix(path, "/completions"):
		e.textCompletion(e.wantsStream())
	case strings.HasSuffix(path, "/messages"):
		e.message(e.wantsStream())
	case strings.HasSuffix(path, "/complete"):
		e.complete(e.wantsStream())
	case strings.Contains(path, ":predict"), strings.Contains(path, ":serverStreamingPredict"):
		e.prediction()
	case strings.Contains(path, "awPredict"): // Vertex's rawPredict and streamRawPredict carry the format of the model's own vendor
		streamed := strings.Contains(path, "stream") || e.wantsStream()
		if strings.Contains(path, "anthropic") {
			e.message(streamed)
		} else {
			e.chatCompletion(streamed)
		}
	default:
		e.writeJSON(http.StatusNotFound, object{"error": "fake: no such route " + path})
	}
}

// answerGoogleToken hands out access tokens for the service account of ${GOOGLE_KEY}. Those requests are not recorded: the
// Google library decides when it makes them.
func answerGoogleToken(w http.ResponseWriter, r *http.Request) bool {
	if r.URL.Path != "/__google/token" {
		return false
	}
	e := &exchange{w: w, r: r}
	e.writeJSON(http.StatusOK, object{"access_token": "ya29.fake", "expires_in": 3600, "token_type": "Bearer"})
	return true
}
