package app

import "testing"

func TestAHostIsAskedOverTLSUnlessItIsThisMachine(t *testing.T) {
	for endpoint, want := range map[string]string{
		"us-central1-aiplatform.googleapis.com": "https://us-central1-aiplatform.googleapis.com",
		"vertex.example.com:8443":               "https://vertex.example.com:8443",
		"10.0.0.1:80":                           "https://10.0.0.1:80",
		"localhost.example.com":                 "https://localhost.example.com",
		"http://vertex.example.com/google":      "http://vertex.example.com/google",
		"https://127.0.0.1:5000":                "https://127.0.0.1:5000",
		"127.0.0.1:5000":                        "http://127.0.0.1:5000",
		"127.1.2.3":                             "http://127.1.2.3",
		"localhost":                             "http://localhost",
		"[::1]:5000":                            "http://[::1]:5000",
		"[::1]":                                 "http://[::1]",
	} {
		if got := baseURL(endpoint); got != want {
			t.Errorf("%s: want %s, got %s", endpoint, want, got)
		}
	}
}
