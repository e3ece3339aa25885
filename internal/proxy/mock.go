package proxy

// mocked is the answer in mock mode, the same for every request (spec/models-and-providers.md 14.5).
func mocked(stream bool) *Answer {
	answer := &Answer{Status: 200, ContentType: "application/json", Body: []byte(`{"response": "mocked"}`)}
	if stream {
		answer.Pieces = func(yield func([]byte, error) bool) { yield(answer.Body, nil) }
	}
	return answer
}
