package testkit

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
)

// Stream is an answer that a test reads piece by piece.
type Stream struct {
	Status int
	Header http.Header

	t     testing.TB
	body  io.ReadCloser
	leave context.CancelFunc
}

// Next is what arrives next, a piece of any size; "" is the end. The test ends when the connection is cut.
func (s *Stream) Next() string {
	s.t.Helper()
	piece, err := s.read()
	if err != nil && err != io.EOF {
		s.t.Fatalf("stream: %v", err)
	}
	return piece
}

// Until reads until the text it has read ends with end, and returns it. The test ends when the stream ends before.
func (s *Stream) Until(end string) string {
	s.t.Helper()
	var got strings.Builder
	for !strings.HasSuffix(got.String(), end) {
		piece, err := s.read()
		got.WriteString(piece)
		if err != nil && !strings.HasSuffix(got.String(), end) {
			s.t.Fatalf("stream: want %q at its end, got %q and then %v", end, got.String(), err)
		}
	}
	return got.String()
}

// Rest reads to the end and tells whether the stream was cut.
func (s *Stream) Rest() (text string, cut bool) {
	b, err := io.ReadAll(s.body)
	return string(b), err != nil
}

// Leave drops the connection.
func (s *Stream) Leave() { s.leave() }

func (s *Stream) read() (string, error) {
	buffer := make([]byte, 32<<10)
	n, err := s.body.Read(buffer)
	return string(buffer[:n]), err
}
