package wire

import (
	"net/http"
	"net/url"
	"testing"
)

func TestTheClosestOriginCounts(t *testing.T) {
	domain := func(host string) Origin { return Origin{Scheme: "https", Host: host, Port: "443"} }
	of := func(origin Origin, value string) ForHost[http.Header] {
		return ForHost[http.Header]{Origin: origin, Gets: http.Header{"X-From": {value}}}
	}
	chosen := newHosts([]ForHost[http.Header]{
		of(domain("*.example.com"), "domain"),
		of(domain("*.llm.example.com"), "long domain"),
		of(domain("a.llm.example.com"), "host"),
		of(Origin{Scheme: "https", Host: "*.example.com", Port: "8443"}, "port"),
		of(Origin{Scheme: "http", Host: "10.0.0.1", Port: "80"}, "plain"),
		of(Origin{Scheme: "https", Host: "::1", Port: "443"}, "address"),
	})
	for raw, want := range map[string]string{
		"https://a.llm.example.com/v1":            "host",
		"https://A.LLM.Example.COM/v1":            "host",
		"https://a.llm.example.com:443/":          "host",
		"https://b.llm.example.com":               "long domain",
		"https://c.b.llm.example.com":             "long domain",
		"https://llm.example.com":                 "domain",
		"https://x.example.com:8443":              "port",
		"https://example.com":                     "", // a domain is not below itself
		"https://.example.com":                    "",
		"https://badexample.com":                  "",
		"https://a.llm.example.com.evil.net":      "",
		"https://a.llm.example.com@evil.net":      "",
		"https://evil.net/a.llm.example.com":      "",
		"http://a.llm.example.com":                "", // not without TLS
		"https://a.llm.example.com:444":           "",
		"http://10.0.0.1":                         "plain",
		"http://10.0.0.1:80/v1":                   "plain",
		"https://10.0.0.1":                        "",
		"https://[::1]/":                          "address",
		"https://xn--a.example.com.":              "",
		"https://user:password@x.example.com:443": "domain",
	} {
		u, err := url.Parse(raw)
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := chosen.of(u); got.Get("X-From") != want {
			t.Errorf("%s: want %q, got %v", raw, want, got)
		}
	}
}
