package chat

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/llm"
)

// streamOf is a model that says these pieces.
func streamOf(pieces ...string) llm.Stream {
	chunks := make([]llm.Chunk, len(pieces))
	for i, piece := range pieces {
		chunks[i].Text = piece
	}
	return llm.Of(chunks...)
}

// failingAfter is a model that says these pieces and then fails.
func failingAfter(err error, pieces ...string) llm.Stream {
	return func(yield func(llm.Chunk, error) bool) {
		for _, piece := range pieces {
			if !yield(llm.Chunk{Text: piece}, nil) {
				return
			}
		}
		yield(llm.Chunk{}, err)
	}
}

// usual are the tools of the users in spec/chat-agent.md 12.
var usual = []string{"build_reader", "epic_reader", "issue_reader", "merge_request_reader", "gitlab_documentation"}

// replies is what a user with the given tools, or with the usual ones, gets to hear.
func replies(names []string, stream llm.Stream) []Event {
	if names == nil {
		names = usual
	}
	tools := slices.DeleteFunc(registry(false), func(t *tool) bool { return !slices.Contains(names, t.name) })
	return slices.Collect(newReply(context.Background(), stream, tools, false).Events)
}

// TestExamples are the worked examples E1 to E33 of spec/chat-agent.md 12.
func TestExamples(t *testing.T) {
	delta := func(texts ...string) (events []Event) {
		for _, text := range texts {
			events = append(events, FinalAnswerDelta{Text: text})
		}
		return events
	}
	denied := func(tool string) []Event { return []Event{ToolNotAvailable{tool}} }
	overloadedText := `{'type': 'error', 'error': {'details': None, 'type': 'overloaded_error', 'message': 'Overloaded'}}`
	for _, tc := range []struct {
		name   string
		tools  []string
		chunks []string
		err    string
		want   []Event
	}{
		{"E1 final answer, fine-grained chunks", nil, []string{"", " Greeting", " only.", "\nAction: Direct", "Answer\nFinal", " Answer:", " Hi", " there", "!"}, "", delta("Hi", " there", "!")},
		{"E2 whitespace at a chunk end is held back", nil, []string{" ok\nFinal Answer: One ", "\n\n", "  two", " \n"}, "", delta("One", " \n\n  two")},
		{"E3 whole answer in one chunk", nil, []string{" ok\nFinal Answer:  All at once.  \n"}, "", delta("All at once.")},
		{"E4 marker split in the middle", nil, []string{" x\nFinal An", "swer", ": 42"}, "", delta("42")},
		{"E5 marker and answer start in the same chunk", nil, []string{"ok\nFinal Answer: He", "llo"}, "", delta("He", "llo")},
		{"E6 empty final answer", nil, []string{" done\nFinal Answer:", " ", "\n"}, "", nil},
		{"E7 no marker at all", nil, []string{"I can", "'t say", "."}, "", []Event{Unknown{"I can't say."}}},
		{"E8 completely empty output", nil, []string{"", ""}, "", []Event{Unknown{}}},
		{"E9 whitespace-only output", nil, []string{"", "  \n"}, "", []Event{Unknown{}}},
		{
			"E10 tool call", nil,
			[]string{" Need the issue.\nAction: issue", "_reader\nAction", " Input: Summarise", " #12\n"},
			"",
			[]Event{Action{"issue_reader", "Summarise #12", "Need the issue.", "ask_issue"}},
		},
		{"E11 tool call with empty input", nil, []string{"t\nAction: issue_reader\nAction Input:"}, "", []Event{Action{"issue_reader", "", "t", "ask_issue"}}},
		{
			"E12 escaped underscores", nil,
			[]string{"use issue\\_reader\nAction: issue\\_reader\nAction Input: a\\_b"},
			"",
			[]Event{Action{"issue_reader", "a\\_b", "use issue_reader", "ask_issue"}},
		},
		{"E13 camel-case alias", nil, []string{"t\nAction: MergeRequestReader\nAction Input: !7"}, "", []Event{Action{"merge_request_reader", "!7", "t", "ask_merge_request"}}},
		{"E14 camel-case name without alias", nil, []string{"t\nAction: IssueReader\nAction Input: #7"}, "", denied("IssueReader")},
		{"E15 tool that this user does not have", []string{"issue_reader"}, []string{"t\nAction: epic_reader\nAction Input: &1"}, "", denied("epic_reader")},
		{"E16 tool name with decoration", nil, []string{"t\nAction: `issue_reader`\nAction Input: #1"}, "", denied("`issue_reader`")},
		{"E17 DirectAnswer without an answer", nil, []string{"t\nAction: DirectAnswer\nAction Input: hello"}, "", denied("DirectAnswer")},
		{"E18 action without input", nil, []string{"t\nAction: issue_reader\n", "Question: #1"}, "", []Event{Unknown{"t\nAction: issue_reader\nQuestion: #1"}}},
		{"E19 input without action", nil, []string{"t\nAction Input: #1"}, "", []Event{Unknown{"t\nAction Input: #1"}}},
		{"E20 empty tool name", nil, []string{"t\nAction: Action Input: #1"}, "", denied("")},
		{
			"E21 tool call, then a final answer", nil,
			[]string{"t\nAction: issue_reader\nAction Input: #1\n", "Observation: none\nThought: done\nFinal Answer: Fine", "."},
			"", delta("Fine", "."),
		},
		{
			"E22 two tool calls in one output", nil,
			[]string{"t\nAction: issue_reader\nAction Input: #1\nThought: more\nAction: epic_reader\nAction Input: &2"},
			"",
			[]Event{Action{"issue_reader", "#1\nThought: more\nAction: epic_reader\nAction Input: &2", "t", "ask_issue"}},
		},
		{
			"E23 repeated Thought keyword", nil,
			[]string{"Thought: hmm\nAction: build_reader\nAction Input: job 5"},
			"",
			[]Event{Action{"build_reader", "job 5", "Thought: hmm", "ask_build"}},
		},
		{"E24 marker text inside the thought", nil, []string{"The Final Answer: is near.\nFinal Answer: yes"}, "", delta("is near.\nFinal Answer: yes")},
		{
			"E25 characters of all kinds", nil,
			[]string{"k\nFinal Answer: caf\u00e9 \"q\" \\ / <b>&amp;\t\u007f\u2028", "\U0001f600."},
			"",
			delta("caf\u00e9 \"q\" \\ / <b>&amp;\t\u007f", "\u2028\U0001f600."),
		},
		{"E26 fenced code block", nil, []string{"k\nFinal Answer: ```go\n", "x := 1\n", "```\n"}, "", delta("```go", "\nx := 1", "\n```")},
		{"E27 end marker in one chunk", nil, []string{"k\nFinal Answer: a </message> b", " c"}, "", delta("a")},
		{"E28 end marker split over chunks", nil, []string{"k\nFinal Answer: abc</mess", "age> tail", " more"}, "", delta("abc</mess", "")},
		{"E29 end marker in the tool input", nil, []string{"t\nAction: issue_reader\nAction Input: #1 </message> rest"}, "", []Event{Action{"issue_reader", "#1", "t", "ask_issue"}}},
		{
			"E30 lower-case keywords", nil,
			[]string{"t\naction: issue_reader\naction input: #1\nfinal answer: no"},
			"",
			[]Event{Unknown{"t\naction: issue_reader\naction input: #1\nfinal answer: no"}},
		},
		{"E31 error before any text, overloaded", nil, []string{""}, overloadedText, []Event{Failure{overloadedText, true}}},
		{"E32 error in the middle of the answer", nil, []string{"k\nFinal Answer: par", "tial"}, "Connection error.", append(delta("par", "tial"), Failure{"Connection error.", false})},
		{
			"E33 error after a complete tool call", nil,
			[]string{"t\nAction: issue_reader\nAction Input: #1"},
			"Request timed out.",
			[]Event{Failure{"Request timed out.", false}},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			stream := streamOf(tc.chunks...)
			if tc.err != "" {
				stream = failingAfter(errors.New(tc.err), tc.chunks...)
			}
			if diff := cmp.Diff(tc.want, replies(tc.tools, stream)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTheLastPieceSaysWhyTheAnswerEndedToThoseWhoWantToKnow(t *testing.T) {
	stop := llm.Chunk{Finish: "max_tokens"}
	for _, tc := range []struct {
		name   string
		stream llm.Stream
		want   []Event
	}{
		{
			"in the vendor's words", llm.Of(llm.Chunk{Text: "Final Answer: a"}, llm.Chunk{Text: "b"}, stop, llm.Chunk{}),
			[]Event{FinalAnswerDelta{Text: "a"}, FinalAnswerDelta{Text: "b"}, FinalAnswerDelta{FinishReason: "max_tokens"}},
		},
		{"also when the vendor gave no reason", streamOf("Final Answer: a"), []Event{FinalAnswerDelta{Text: "a"}, FinalAnswerDelta{FinishReason: "stop"}}},
		{"not when there was no answer", llm.Of(llm.Chunk{Text: "Final Answer: "}, stop), nil},
		{"not when the model failed", failingAfter(errors.New("gone"), "Final Answer: a"), []Event{FinalAnswerDelta{Text: "a"}, Failure{Message: "gone"}}},
		{"not of anything else", llm.Of(llm.Chunk{Text: "a"}, stop), []Event{Unknown{"a"}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := slices.Collect(newReply(t.Context(), tc.stream, nil, true).Events)
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAFailureIsToldInTheWordsThatGitLabKnows(t *testing.T) {
	for _, tc := range []struct {
		name string
		err  error
		want Failure
	}{
		{
			"the vendor's words, without ours", &llm.Error{Kind: llm.Refused, Vendor: "anthropic", Status: 400, Err: errors.New("Error code: 400 - prompt is too long: 2 > 1")},
			Failure{Message: "Error code: 400 - prompt is too long: 2 > 1"},
		},
		{
			"only an overloaded model is worth another try", &llm.Error{Kind: llm.Overloaded, Vendor: "anthropic", Status: 529, Err: errors.New("Error code: 529 - overloaded_error")},
			Failure{Message: "Error code: 529 - overloaded_error", Retryable: true},
		},
		{
			"a prompt too long for another server", &llm.Error{Kind: llm.Refused, Vendor: "openai", Status: 400, Err: errors.New("This model's maximum context length is 8192 tokens")},
			Failure{Message: "prompt is too long: This model's maximum context length is 8192 tokens"},
		},
		{"an error without words", &llm.Error{Kind: llm.TimedOut, Vendor: "openai"}, Failure{Message: "openai: timed out"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if diff := cmp.Diff([]Event{tc.want}, replies(nil, failingAfter(tc.err))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestNobodyIsToldOfAFailureAfterTheyLeft(t *testing.T) {
	ctx, leave := context.WithCancel(t.Context())
	stream := func(yield func(llm.Chunk, error) bool) {
		if yield(llm.Chunk{Text: "Final Answer: a"}, nil) {
			leave()
			yield(llm.Chunk{}, ctx.Err())
		}
	}
	got := slices.Collect(newReply(ctx, stream, nil, false).Events)
	if diff := cmp.Diff([]Event{FinalAnswerDelta{Text: "a"}}, got); diff != "" {
		t.Error(diff)
	}
}

func TestLeavingTheEventsEndsTheModelCall(t *testing.T) {
	ended := false
	stream := func(yield func(llm.Chunk, error) bool) {
		for yield(llm.Chunk{Text: "Final Answer: a"}, nil) {
		}
		ended = true
	}
	for range newReply(t.Context(), stream, nil, false).Events {
		break
	}
	if !ended {
		t.Error("the model speaks on")
	}
}

func TestAModelThatNeverComesToThePointIsStopped(t *testing.T) {
	for _, tc := range []struct{ name, start, more string }{
		{"a thought without end", "", "hm, " + strings.Repeat("x", 1<<16)},
		{"blanks without end", "Final Answer: a", strings.Repeat(" ", 1<<16)},
	} {
		t.Run(tc.name, func(t *testing.T) {
			stream := func(yield func(llm.Chunk, error) bool) {
				more := yield(llm.Chunk{Text: tc.start}, nil)
				for more {
					more = yield(llm.Chunk{Text: tc.more}, nil)
				}
			}
			got := replies(nil, stream)
			if last := got[len(got)-1]; last != (Failure{Message: errEndless.Error()}) {
				t.Errorf("want a failure, got %v", last)
			}
		})
	}
}

func TestThoughtsAreNoAnswer(t *testing.T) {
	thoughts := llm.Chunk{Hidden: "<think>Final Answer: no"}
	for _, tc := range []struct {
		name   string
		stream llm.Stream
		want   []Event
	}{
		{"before an answer", llm.Of(thoughts, llm.Chunk{Hidden: "</think>", Text: "Final Answer: yes"}), []Event{FinalAnswerDelta{Text: "yes"}}},
		{"before what has no keyword", llm.Of(thoughts, llm.Chunk{Text: "yes"}), []Event{Unknown{Text: "yes"}}},
		{"alone", llm.Of(thoughts, llm.Chunk{Text: "\n"}), []Event{Failure{Message: errThinking.Error()}}},
	} {
		if diff := cmp.Diff(tc.want, replies(nil, tc.stream)); diff != "" {
			t.Errorf("%s:\n%s", tc.name, diff)
		}
	}
}
