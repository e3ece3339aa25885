package llm_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
)

// Acme serves the models of Acme, a vendor that exists in this example only: POST /generate with {"model", "text", "stream"}, answered by
// {"text"} or by a stream of such objects, one "data:" line each.
type Acme struct {
	HTTP *wire.Client // one for all vendors: connections, time-outs, repetitions
	URL  string       // of a setting, so that tests and private gateways can stand in for the vendor
	Key  string       // of a setting, secret
}

// Resolve implements [llm.Provider]. It makes no call: what is missing is known before a request costs anything.
func (a *Acme) Resolve(ref llm.Ref) (llm.Handle, error) {
	if a.Key == "" {
		return llm.Handle{}, &llm.Error{Kind: llm.NotConfigured, Vendor: "acme", Err: errors.New("AIGW_MODEL_KEYS__ACME_API_KEY is not set")}
	}
	return llm.Handle{
		Model:      &acmeModel{a, ref.Name},
		ID:         llm.ID{Engine: "acme", Name: ref.Name}, // in responses, logs and metrics
		InputLimit: 8192,                                   // tokens
	}, nil
}

type acmeModel struct {
	*Acme
	name string
}

// Generate implements [llm.Model].
func (m *acmeModel) Generate(ctx context.Context, req llm.Request) (llm.Stream, error) {
	body, err := wire.JSON(map[string]any{"model": m.name, "text": req.Prompt, "stream": req.Stream})
	if err != nil {
		return nil, err
	}
	call := &wire.Call{
		Vendor: "acme", URL: m.URL + "/generate", Header: wire.Header(), Body: body,
		Secret:  m.Key, // is kept out of errors
		Connect: 5 * time.Second, Read: 60 * time.Second, Retries: 1,
	}
	call.Header["Authorization"] = []string{"Bearer " + m.Key}
	return m.HTTP.Generate(ctx, call, req.Stream, wire.Answer{Whole: acmeAnswer, Pieces: acmeStream})
}

// acmeAnswer reads an answer that is not streamed, and each event of one that is.
func acmeAnswer(data []byte) (llm.Chunk, error) {
	var answer struct {
		Text *string `json:"text"`
	}
	if err := json.Unmarshal(data, &answer); err != nil {
		return llm.Chunk{}, wire.Garbled("acme", err)
	}
	if answer.Text == nil {
		return llm.Chunk{}, wire.Garbled("acme", errors.New("it has no text"))
	}
	return llm.Chunk{Text: *answer.Text}, nil
}

// acmeStream closes the body however the stream ends, and so also when its reader leaves the range loop.
func acmeStream(body *wire.Body) llm.Stream {
	return func(yield func(llm.Chunk, error) bool) {
		defer body.Close()
		for lines := wire.NewDataLines(body); ; {
			data, err := lines.Next()
			if err == io.EOF { //nolint:errorlint // a broken connection may wrap it
				return
			}
			var chunk llm.Chunk
			if err != nil {
				err = wire.StreamError("acme", err)
			} else {
				chunk, err = acmeAnswer(data)
			}
			if !yield(chunk, err) || err != nil {
				return
			}
		}
	}
}

func Example_provider() {
	vendor := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "data: {\"text\": \"Hello\"}\n\ndata: {\"text\": \" world\"}\n\n")
	}))
	defer vendor.Close()

	registry := llm.NewRegistry()
	registry.Register(&Acme{HTTP: wire.NewClient(wire.Options{}), URL: vendor.URL, Key: "secret"}, "acme")

	model, err := registry.Resolve(llm.Ref{Provider: "acme", Name: "anvil-1", API: llm.Text})
	if err != nil {
		fmt.Println(err)
		return
	}
	answer, err := llm.Collect(model.Generate(context.Background(), llm.Request{Prompt: "Greet", Stream: true}))
	fmt.Println(answer.Text, err)
	// Output: Hello world <nil>
}

// What the guide shows is this file's.
func TestTheGuideShowsTheExample(t *testing.T) {
	guide, err := os.ReadFile("../../docs/providers.md")
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile("example_provider_test.go")
	if err != nil {
		t.Fatal(err)
	}
	_, code, found := strings.Cut(string(guide), "```go\n")
	code, _, closed := strings.Cut(code, "```\n")
	if !found || !closed || !bytes.Contains(file, []byte(strings.TrimSpace(code))) {
		t.Error("the code in docs/providers.md is not that of example_provider_test.go")
	}
}
