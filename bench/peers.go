package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"time"
)

// The answer of the fake model: a text completion, as vLLM sends it.
const completionText = "total += item.price * item.quantity\n    return total"

// serveModel is a fake OpenAI-compatible server that costs next to nothing. With "stream" it sends a piece every 100 ms until the
// caller leaves or 60 s have passed.
func serveModel(address string) error {
	answer, err := json.Marshal(map[string]any{
		"id": "cmpl-1", "object": "text_completion", "created": 1734700000, "model": "codegemma",
		"choices": []any{map[string]any{"index": 0, "text": completionText, "logprobs": nil, "finish_reason": "stop"}},
		"usage":   map[string]any{"prompt_tokens": 812, "completion_tokens": 14, "total_tokens": 826},
	})
	if err != nil {
		return err
	}
	return http.ListenAndServe(address, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var asked struct {
			Stream bool `json:"stream"`
		}
		body, _ := io.ReadAll(r.Body)
		if _ = json.Unmarshal(body, &asked); asked.Stream {
			streamSlowly(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(answer)
	}))
}

func streamSlowly(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for range 600 {
		fmt.Fprint(w, `data: {"id":"cmpl-1","object":"text_completion","choices":[{"index":0,"text":"x = 1\n","finish_reason":null}]}`+"\n\n")
		w.(http.Flusher).Flush()
		select {
		case <-tick.C:
		case <-r.Context().Done():
			return
		}
	}
}

// serveProxy is the peer that the gateway is compared with: the standard library's reverse proxy and nothing else.
func serveProxy(address, to string) error {
	target, err := url.Parse(to)
	if err != nil {
		return err
	}
	proxy := &httputil.ReverseProxy{
		Rewrite:   func(r *httputil.ProxyRequest) { r.SetURL(target) },
		Transport: &http.Transport{MaxIdleConns: 1000, MaxIdleConnsPerHost: 1000},
	}
	return http.ListenAndServe(address, proxy)
}
