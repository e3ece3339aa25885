package conformance

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/testkit"
)

// compareCalls compares what the fakes were asked.
func (s *Session) compareCalls(d *Differences, c *Case, p Patience) {
	if c.Calls == nil {
		return
	}
	want := *c.Calls
	calls := s.awaitCalls(want, c.CallsOf, p.with(d))
	if len(calls) != len(want) {
		d.add("model calls: want %d, got %d: %s", len(want), len(calls), titles(calls))
	}
	for i := range min(len(want), len(calls)) {
		want[i].compare(d, fmt.Sprintf("call %d", i+1), calls[i], s.fakes)
	}
}

// awaitCalls waits until there are as many calls as expected and the gateway has left those that it ought to leave.
func (s *Session) awaitCalls(want []Call, of string, patience time.Duration) []testkit.Call {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	calls, _ := s.fakes.Await(ctx, func(calls []testkit.Call) bool {
		calls = callsOf(calls, of)
		for i, w := range want {
			if i >= len(calls) || (w.Aborted != nil && *w.Aborted && !calls[i].Aborted) {
				return false
			}
		}
		return true
	})
	return callsOf(calls, of)
}

func callsOf(calls []testkit.Call, of string) (some []testkit.Call) {
	for _, call := range calls {
		if strings.Contains(call.Path, of) {
			some = append(some, call)
		}
	}
	return some
}

func titles(calls []testkit.Call) string {
	var all []string
	for _, call := range calls {
		all = append(all, call.Method+" "+call.Path)
	}
	return strings.Join(all, ", ")
}

func (c *Call) compare(d *Differences, what string, got testkit.Call, fakes *testkit.Fakes) {
	if c.Method != "" && c.Method != got.Method {
		d.add("%s method: want %s, got %s", what, c.Method, got.Method)
	}
	if c.Path != "" && !d.same(c.Path, got.Path) {
		d.add("%s path: want %s, got %s", what, c.Path, got.Path)
	}
	for _, name := range slices.Sorted(maps.Keys(c.Headers)) {
		if want, have := c.Headers[name], header(got, name); !d.same(want, have) {
			d.add("%s header %s: want %q, got %q", what, name, want, have)
		}
	}
	if c.JWT != nil {
		authorization := header(got, c.JWT.At)
		c.JWT.compare(d, authorization[strings.LastIndexByte(authorization, ' ')+1:], fakes)
	}
	if c.Aborted != nil && *c.Aborted != got.Aborted {
		d.add("%s aborted: want %v, got %v", what, *c.Aborted, got.Aborted)
	}
	c.compareBody(d, what+" body", got, fakes)
}

func header(call testkit.Call, name string) string {
	return strings.Join(call.Header.Values(name), ", ")
}

func (c *Call) compareBody(d *Differences, what string, got testkit.Call, fakes *testkit.Fakes) {
	for _, re := range c.TextMatches {
		if !d.matchOrNot(re, rawText(got.Body)) {
			d.add("%s: want a match of %q, got %q", what, re, got.Body)
		}
	}
	pattern := jsonPattern{want: c.JSON, has: c.Has, ignore: c.Ignore, match: c.Match}
	if pattern.asksNothing() {
		return
	}
	have := decodeTexts(d, what, asJSON(got.Body), c.Decode)
	if strings.HasSuffix(got.Path, "/messages") {
		pattern.want, have = plainTexts(pattern.want), plainTexts(have)
	}
	pattern.compare(d, what, have, fakes.Fill)
}

// rawText is a body as it was sent, or the text in a body that is one JSON text.
func rawText(body []byte) string {
	var s string
	if json.Unmarshal(body, &s) == nil {
		return s
	}
	return string(body)
}

// asJSON is a body, or, when it is no JSON, a JSON text that holds it.
func asJSON(body []byte) []byte {
	if json.Valid(body) {
		return body
	}
	return encode(string(body))
}

// decodeTexts replaces base64 texts by the JSON in them. The alphabet is that of URLs, or the plain one for a path that begins
// with "std:", as AWS writes it; both padded.
func decodeTexts(d *Differences, what string, body []byte, paths []string) []byte {
	var document any
	if len(paths) == 0 || json.Unmarshal(body, &document) != nil {
		return body
	}
	for _, path := range paths {
		encoding := base64.URLEncoding
		path, plain := strings.CutPrefix(path, "std:")
		if plain {
			encoding = base64.StdEncoding
		}
		parent, name := document, path
		if i := strings.LastIndexByte(path, '.'); i >= 0 {
			parent, _ = lookup(document, path[:i])
			name = path[i+1:]
		}
		fields, _ := parent.(map[string]any)
		encoded, ok := fields[name].(string)
		if !ok {
			d.add("%s: no text at %s", what, path)
			continue
		}
		inner, err := decodeJSON(encoding, encoded)
		if err != nil {
			d.add("%s: %s is not padded base64 of JSON in the right alphabet: %v", what, path, err)
			continue
		}
		fields[name] = inner
	}
	return encode(document)
}

func decodeJSON(encoding *base64.Encoding, text string) (v any, err error) {
	b, err := encoding.DecodeString(text)
	if err != nil {
		return nil, err
	}
	return v, json.Unmarshal(b, &v)
}

// plainTexts writes the "system" and "content" of an Anthropic call that are a list of one bare text block as that text:
// both forms mean the same to the API.
func plainTexts(document []byte) []byte {
	var v any
	if document == nil || json.Unmarshal(document, &v) != nil {
		return document
	}
	unblock(v)
	return encode(v)
}

func unblock(v any) {
	switch x := v.(type) {
	case map[string]any:
		for name, e := range x {
			unblock(e)
			if text, ok := bareText(e); ok && (name == "system" || name == "content") {
				x[name] = text
			}
		}
	case []any:
		for _, e := range x {
			unblock(e)
		}
	}
}

// bareText is what a list of one text block says that has no further fields.
func bareText(v any) (text any, ok bool) {
	list, _ := v.([]any)
	if len(list) != 1 {
		return nil, false
	}
	block, _ := list[0].(map[string]any)
	if len(block) != 2 || block["type"] != "text" || block["text"] == nil {
		return nil, false
	}
	return block["text"], true
}
