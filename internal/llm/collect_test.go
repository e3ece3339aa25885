package llm_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/llm"
)

func TestCollectAll(t *testing.T) {
	usage := &llm.Usage{InputTokens: 1, OutputTokens: 2}
	safety := &llm.Safety{Blocked: true}
	for _, tc := range []struct {
		name   string
		chunks []llm.Chunk
		all    []llm.Answer
		one    llm.Answer
	}{
		{"a model that says nothing at all gives no answer", nil, nil, llm.Answer{}},
		{"a model that says nothing gives an empty one", []llm.Chunk{{}}, []llm.Answer{{}}, llm.Answer{}},
		{
			"pieces are joined, and the last word about them counts",
			[]llm.Chunk{{Text: "a"}, {Text: "b", Score: new(1.0)}, {Finish: "stop", Usage: usage, Safety: safety}},
			[]llm.Answer{{Text: "ab", Finish: "stop", Usage: usage, Score: new(1.0), Safety: safety}},
			llm.Answer{Text: "ab", Finish: "stop", Usage: usage, Score: new(1.0), Safety: safety},
		},
		{
			"several answers keep their order, however their pieces come",
			[]llm.Chunk{{Text: "a"}, {Text: "x", Candidate: 2}, {Text: "b"}, {Text: "y", Candidate: 2, Score: new(2.0)}},
			[]llm.Answer{{Text: "ab"}, {}, {Text: "xy", Score: new(2.0)}},
			llm.Answer{Text: "ab"},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			all, err := llm.CollectAll(llm.Of(tc.chunks...), nil)
			if diff := cmp.Diff(tc.all, all); diff != "" || err != nil {
				t.Errorf("%v\n%s", err, diff)
			}
			one, err := llm.Collect(llm.Of(tc.chunks...), nil)
			if diff := cmp.Diff(tc.one, one); diff != "" || err != nil {
				t.Errorf("%v\n%s", err, diff)
			}
		})
	}
}

func TestAFailedStreamHasNoAnswer(t *testing.T) {
	failure := errors.New("cut")
	broken := func(yield func(llm.Chunk, error) bool) {
		_ = yield(llm.Chunk{Text: "half"}, nil) && yield(llm.Chunk{}, failure)
	}
	for _, stream := range []struct {
		stream llm.Stream
		err    error
	}{{broken, nil}, {nil, failure}} {
		if got, err := llm.Collect(stream.stream, stream.err); !errors.Is(err, failure) || got.Text != "" {
			t.Errorf("got %v, %v", got, err)
		}
	}
}

func TestHiddenTextIsNoPartOfAnAnswer(t *testing.T) {
	answer, err := llm.Collect(llm.Of(llm.Chunk{Hidden: "h"}, llm.Chunk{Hidden: "m", Text: "x"}, llm.Chunk{Text: "y"}), nil)
	if err != nil || answer.Text != "xy" || answer.Hidden != "hm" {
		t.Errorf("got %+v, %v", answer, err)
	}
}

func TestSilentPieces(t *testing.T) {
	for _, tc := range []struct {
		chunk llm.Chunk
		want  bool
	}{
		{llm.Chunk{Hidden: "hm"}, true},
		{llm.Chunk{}, false}, // a piece that a vendor has sent empty
		{llm.Chunk{Hidden: "hm", Text: "x"}, false},
		{llm.Chunk{Hidden: "hm", Finish: "length"}, false},
		{llm.Chunk{Hidden: "hm", Usage: &llm.Usage{}}, false},
	} {
		if got := tc.chunk.Silent(); got != tc.want {
			t.Errorf("%+v: got %v", tc.chunk, got)
		}
	}
}
