package config

import (
	"fmt"
	"maps"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
)

// checkModelRequests refuses hosts that are none, headers that the gateway has other settings for, and certificates that are not there.
func (l *loader) checkModelRequests() {
	const headers, certificates, connections = "AIGW_MODEL_REQUESTS__HEADERS", "AIGW_MODEL_REQUESTS__CLIENT_CERTIFICATES", "AIGW_MODEL_REQUESTS__MAX_CONNECTIONS_PER_HOST"
	s := &l.settings.ModelRequests
	if s.MaxConnectionsPerHost < 1 {
		l.complain(connections, "there must be connections; write 1 or more")
	}
	if s.MaxIdleConnectionsPerHost < 0 {
		l.complain("AIGW_MODEL_REQUESTS__MAX_IDLE_CONNECTIONS_PER_HOST", "this is less than none; write 0 or more")
	}
	l.checkOrigins(headers, slices.Sorted(maps.Keys(s.Headers)))
	for _, origin := range slices.Sorted(maps.Keys(s.Headers)) {
		seen := map[string]bool{}
		for _, name := range slices.Sorted(maps.Keys(s.Headers[origin])) {
			if problem := headerProblem(name, s.Headers[origin][name]); problem != "" {
				l.complain(headers, fmt.Sprintf("header %s for %s: %s", show(name), show(origin), problem))
			} else if canonical := http.CanonicalHeaderKey(name); seen[canonical] {
				l.complain(headers, fmt.Sprintf("header %s for %s is there twice; leave one of them", show(canonical), show(origin)))
			} else {
				seen[canonical] = true
			}
		}
	}
	l.checkOrigins(certificates, slices.Sorted(maps.Keys(s.ClientCertificates)))
	for _, origin := range slices.Sorted(maps.Keys(s.ClientCertificates)) {
		pair := s.ClientCertificates[origin]
		for _, file := range []struct{ member, path string }{{"cert_file", pair.CertFile}, {"key_file", pair.KeyFile}} {
			if file.path == "" {
				l.complain(certificates, fmt.Sprintf("the certificate for %s has no %s; write the path of a PEM file", show(origin), file.member))
			} else if info, err := os.Stat(l.resolve(file.path)); err != nil || info.IsDir() {
				l.complain(certificates, fmt.Sprintf("there is no file %s; write the path of a PEM file", l.resolve(file.path)))
			}
		}
	}
}

// checkOrigins refuses members of a setting that are no hosts, or the same ones.
func (l *loader) checkOrigins(name string, texts []string) {
	seen := map[Origin]string{}
	for _, text := range texts {
		origin, err := ParseOrigin(text)
		switch other, twice := seen[origin]; {
		case err != nil:
			l.complain(name, fmt.Sprintf("member %s: %v", show(text), err))
		case twice:
			l.complain(name, fmt.Sprintf("%s and %s are the same; leave one of them", show(other), show(text)))
		default:
			seen[origin] = text
		}
	}
}

var headerName = regexp.MustCompile("^[-!#$%&'*+.^_`|~0-9A-Za-z]+$")

// ownHeaders are those that a call to a model has anyway, or that belong to the connection. Names that end in "-" are beginnings.
var ownHeaders = []string{
	"Authorization", "X-Api-Key", "Api-Key", "X-Amz-", "Anthropic-Version", "Accept", "Accept-", "Content-", "User-Agent", "X-Session-Affinity",
	"Host", "Connection", "Keep-Alive", "Proxy-", "Te", "Trailer", "Transfer-Encoding", "Upgrade", "Expect",
}

// headerProblem says why a header can't be sent, or is empty. It doesn't show the value.
func headerProblem(name string, value Secret) string {
	canonical := http.CanonicalHeaderKey(name)
	isOwn := func(own string) bool {
		return canonical == own || strings.HasSuffix(own, "-") && strings.HasPrefix(canonical, own)
	}
	switch {
	case !headerName.MatchString(name):
		return "this is no name of a header"
	case slices.ContainsFunc(ownHeaders, isOwn):
		return "the gateway sets this one itself; keys of models have settings of their own"
	case strings.ContainsFunc(value.Reveal(), func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7F }):
		return "its value has a character that no header may have"
	default:
		return ""
	}
}
