package testkit

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// post asks a fake and returns what came and whether it was cut.
func post(t *testing.T, url, body string) (status int, text string, cut bool) {
	t.Helper()
	res, err := http.Post(url, "application/json", strings.NewReader(body))
	if err != nil {
		return 0, "", true
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	return res.StatusCode, string(b), err != nil
}

func TestEveryVendorAnswersInItsOwnFormat(t *testing.T) {
	const (
		chat = `{"choices":[{"finish_reason":"stop","index":0,"message":{"content":"12345678","role":"assistant"}}],` +
			`"created":1700000000,"id":"chatcmpl-mock","model":"mock","object":"chat.completion",` +
			`"usage":{"completion_tokens":5,"prompt_tokens":10,"total_tokens":15}}` + "\n"
		text = `data: {"choices":[{"finish_reason":%s,"index":0,"logprobs":null,"text":"%s"}],` +
			`"created":1700000000,"id":"cmpl-mock","model":"mock","object":"text_completion"}` + "\n\n"
		complete = `{"completion":"12345678","id":"compl_mock","log_id":"l","model":"claude-mock","stop":null,` +
			`"stop_reason":"stop_sequence","type":"completion"}` + "\n"
		prediction = `{"metadata":{"tokenMetadata":{"inputTokenCount":{"totalBillableCharacters":30,"totalTokens":10},` +
			`"outputTokenCount":{"totalBillableCharacters":15,"totalTokens":5}}},"predictions":[{"content":"12345678",` +
			`"safetyAttributes":{"blocked":false,"categories":[],"scores":[]},"score":-1}]}` + "\n"
	)
	textFrames := fmt.Sprintf(text+text+text, "null", "1234567", "null", "8", `"stop"`, "") + "data: [DONE]\n\n"
	for _, tc := range []struct{ name, path, body, want string }{
		{"OpenAI chat, whole", "/v1/chat/completions", `{}`, chat},
		{"OpenAI text completion, streamed", "/v1/completions", `{"stream": true}`, textFrames},
		{"Mistral FIM is an OpenAI chat answer", "/v1/fim/completions", `{}`, chat},
		{"Anthropic text completion, whole", "/v1/complete", `{}`, complete},
		{"Vertex predict", "/v1/projects/p/locations/l/publishers/google/models/code-gecko@002:predict", `{}`, prediction},
		{"the collector says nothing", "/com.snowplowanalytics.snowplow/tp2", `{}`, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := NewFakes(t)
			f.Script(Script{Text: "12345678"})
			_, got, cut := post(t, f.URL+tc.path, tc.body)
			if diff := cmp.Diff(tc.want, got); diff != "" || cut {
				t.Errorf("cut %v, difference (-want +got):\n%s", cut, diff)
			}
		})
	}
}

func TestAnthropicStreamHasItsEventsInOrder(t *testing.T) {
	f := NewFakes(t)
	f.Script(Script{Chunks: []string{"a", "b"}, Finish: "max_tokens"})
	for _, path := range []string{"/v1/messages", "/publishers/anthropic/models/claude:streamRawPredict"} {
		_, got, _ := post(t, f.URL+path, `{"stream": true}`)
		var events []string
		for line := range strings.Lines(got) {
			if name, ok := strings.CutPrefix(line, "event: "); ok {
				events = append(events, strings.TrimSpace(name))
			}
		}
		want := []string{
			"message_start", "content_block_start", "ping", "content_block_delta", "content_block_delta",
			"content_block_stop", "message_delta", "message_stop",
		}
		if diff := cmp.Diff(want, events); diff != "" || !strings.Contains(got, `"stop_reason":"max_tokens"`) {
			t.Errorf("%s (-want +got):\n%s\n%s", path, diff, got)
		}
	}
}

func TestScriptsMakeAnswersWrong(t *testing.T) {
	for _, tc := range []struct {
		name   string
		script Script
		status int
		text   string
		cut    bool
	}{
		{"a status and a body", Script{Status: 529, Body: `{"type":"error"}`}, 529, `{"type":"error"}`, false},
		{"a body that is not text", Script{BodyBase64: "/wA="}, 200, "\xff\x00", false},
		{"malformed frames as they are", Script{Events: []string{"data: {\n\n", "dat"}}, 200, "data: {\n\ndat", false},
		{"cut after a piece", Script{Events: []string{"a", "b", "c"}, CutAt: 1}, 200, "a", true},
		{"not cut when there are fewer pieces", Script{Events: []string{"a", "b"}, CutAt: 2}, 200, "ab", false},
		{"cut before the head", Script{CutHead: true}, 0, "", true},
		{"a body that ends too early", Script{Body: "half", Headers: map[string]string{"Content-Length": "8"}}, 200, "half", true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := NewFakes(t)
			f.Script(tc.script)
			status, text, cut := post(t, f.URL+"/v1/chat/completions", `{"stream": true}`)
			if status != tc.status || text != tc.text || cut != tc.cut {
				t.Errorf("got %d %q, cut %v", status, text, cut)
			}
		})
	}
}

func TestWellFormedStreamIsCutAfterItsPieces(t *testing.T) {
	f := NewFakes(t)
	f.Script(Script{Chunks: []string{"a", "b"}, CutAt: 2})
	_, text, cut := post(t, f.URL+"/v1/completions", `{"stream": true}`)
	if n := strings.Count(text, "data: "); n != 2 || !cut {
		t.Errorf("got %d frames, cut %v: %s", n, cut, text)
	}
}

func TestScriptsAnswerInOrderAndTheLastRepeats(t *testing.T) {
	f := NewFakes(t)
	f.Script(Script{Path: "/tp2", Status: 500}, Script{Body: "1"}, Script{Body: "2"})
	var got []string
	for _, path := range []string{"/a", "/b", "/tp2", "/c"} {
		_, text, _ := post(t, f.URL+path, "")
		got = append(got, text)
	}
	if diff := cmp.Diff([]string{"1", "2", "", "2"}, got); diff != "" {
		t.Error(diff)
	}
	f.Reset()
	if _, text, _ := post(t, f.URL+"/v1/complete", "{}"); !strings.Contains(text, "mock answer") {
		t.Errorf("without scripts: %s", text)
	}
}

func TestCallsAreRecorded(t *testing.T) {
	f := NewFakes(t)
	post(t, f.URL+"/v1/messages?beta=1", `{"model": "m"}`)
	call := f.WaitCalls(t, 1)[0]
	var body struct{ Model string }
	call.JSON(t, &body)
	got := []string{call.Method, call.Path, call.Header.Get("Content-Type"), body.Model}
	if diff := cmp.Diff([]string{"POST", "/v1/messages?beta=1", "application/json", "m"}, got); diff != "" || call.Aborted {
		t.Error(diff, call.Aborted)
	}
	if f.Reset(); len(f.Calls()) != 0 {
		t.Error("a reset keeps calls")
	}
}

func TestCallerWhoLeavesIsSeen(t *testing.T) {
	never := make(chan struct{})
	for name, script := range map[string]Script{
		"before the head": {Hold: never}, "between pieces": {Chunks: []string{"a"}, Step: never}, "during a delay": {DelayMS: 3600_000},
	} {
		t.Run(name, func(t *testing.T) {
			f := NewFakes(t)
			f.Script(Script{Status: 500}, script)
			post(t, f.URL+"/v1/completions", "")
			ctx, leave := context.WithCancel(t.Context())
			req, _ := http.NewRequestWithContext(ctx, "POST", f.URL+"/v1/completions", strings.NewReader(`{"stream": true}`))
			go http.DefaultClient.Do(req) //nolint:errcheck,bodyclose // it is cancelled
			f.WaitCalls(t, 2)
			leave()
			if !f.WaitAborted(t, 1).Aborted || f.Calls()[0].Aborted {
				t.Errorf("calls: %+v", f.Calls())
			}
		})
	}
}

func TestStepHandsOutPiecesOneByOne(t *testing.T) {
	f := NewFakes(t)
	step := make(chan struct{})
	f.Script(Script{Events: []string{"one\n", "two\n"}, Step: step})
	go func() { step <- struct{}{} }()
	res, err := http.Get(f.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	lines := bufio.NewScanner(res.Body)
	if lines.Scan(); lines.Text() != "one" {
		t.Fatalf("first piece: %q", lines.Text())
	}
	close(step)
	if lines.Scan(); lines.Text() != "two" {
		t.Errorf("second piece: %q", lines.Text())
	}
}

func TestPiecesNeverSplitACharacter(t *testing.T) {
	text := "aéééééééé日本語日本語"
	pieces := Script{Text: text}.pieces()
	if strings.Join(pieces, "") != text || len(pieces) < 4 {
		t.Errorf("pieces %q", pieces)
	}
	for _, piece := range pieces {
		if !json.Valid([]byte(compact(piece))) || strings.ContainsRune(piece, '\uFFFD') {
			t.Errorf("piece %q", piece)
		}
	}
}

func TestFillNamesTheFakes(t *testing.T) {
	f := NewFakes(t)
	got := f.Fill("${FAKES}/v1 ${FAKES_HOST} ${GITLAB} ${PORTAL} ${OTHER}")
	want := f.URL + "/v1 " + strings.TrimPrefix(f.URL, "http://") + " " + f.GitLab.URL + " " + f.Portal.URL + " ${OTHER}"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	var account map[string]string
	err := json.Unmarshal([]byte(f.Fill("${GOOGLE_KEY}")), &account)
	if err != nil || !strings.HasPrefix(account["private_key"], "-----BEGIN PRIVATE KEY-----") {
		t.Errorf("service account: %v %v", err, account)
	}
	_, token, _ := post(t, account["token_uri"], "")
	if !strings.Contains(token, `"ya29.fake"`) || len(f.Calls()) != 0 {
		t.Errorf("token %s, calls %v", token, f.Calls())
	}
}
