package testkit

import (
	"bufio"
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
	body  *bufio.Reader
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

// Until reads up to the first end, and no further, and returns what it has read. The test ends when the stream ends before.
func (s *Stream) Until(end string) string {
	s.t.Helper()
	var got strings.Builder
	for !strings.HasSuffix(got.String(), end) {
		c, err := s.body.ReadByte()
		if err != nil {
			s.t.Fatalf("stream: want %q, got %q and then %v", end, got.String(), err)
		}
		got.WriteByte(c)
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
