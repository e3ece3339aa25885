package config

import "testing"

func TestOrigins(t *testing.T) {
	for text, want := range map[string]Origin{
		"llm.example.com":             {"https", "llm.example.com", "443"},
		"LLM.Example.com":             {"https", "llm.example.com", "443"},
		"llm.example.com:8443":        {"https", "llm.example.com", "8443"},
		"https://llm.example.com":     {"https", "llm.example.com", "443"},
		"http://llm.example.com":      {"http", "llm.example.com", "80"},
		"http://vllm:8000":            {"http", "vllm", "8000"},
		"*.example.com":               {"https", "*.example.com", "443"},
		"http://*.llm.example.com:80": {"http", "*.llm.example.com", "80"},
		"127.0.0.1:5000":              {"https", "127.0.0.1", "5000"},
		"http://[::1]:5000":           {"http", "::1", "5000"},
	} {
		if got, err := ParseOrigin(text); err != nil || got != want {
			t.Errorf("%s: want %v, got %v, %v", text, want, got, err)
		}
	}
	for _, text := range []string{
		"", "*", "https://", "*.com", "*.", "*.*", "a.*.example.com", "*example.com", "*.1.2.3.4", "llm.example.com/v1", "llm.example.com?x", "llm.example.com#x",
		"user:pw@llm.example.com", "ftp://llm.example.com", "llm.example.com:", "llm.example.com:0", "llm.example.com:65536", "llm.example.com:http", "a b", "https://*",
	} {
		if got, err := ParseOrigin(text); err == nil {
			t.Errorf("%q is read as %v", text, got)
		}
	}
}
