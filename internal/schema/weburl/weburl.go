// Package weburl writes URLs the way browsers do (the WHATWG URL standard), which is how the contract reads and echoes the address of
// a model server: scheme and host in lower case, no default port, "/" for an empty path, what a URL may not hold percent-encoded
// (spec/http-api.md 15.1).
//
// net/url is of no use here: it refuses what the standard repairs (blanks, backslashes, tabs), accepts what it refuses (any port), and
// normalises nothing.
//
// Not done: the mapping tables of international domain names. Such names are lower-cased and encoded with punycode, which is what
// nearly all of them need.
package weburl

import (
	"errors"
	"strings"
)

// What may be wrong with a URL. Clients get these texts (spec/http-api.md 8.3, url_parsing).
var (
	ErrEmpty    = errors.New("input is empty")
	ErrRelative = errors.New("relative URL without a base")
	ErrNoHost   = errors.New("empty host")
	ErrPort     = errors.New("invalid port number")
	ErrIPv4     = errors.New("invalid IPv4 address")
	ErrIPv6     = errors.New("invalid IPv6 address")
	ErrDomain   = errors.New("invalid domain character")
	ErrIDN      = errors.New("invalid international domain name")
)

// defaultPorts has the schemes that the standard calls special, with the port that goes without saying.
var defaultPorts = map[string]string{"http": "80", "https": "443", "ws": "80", "wss": "443", "ftp": "21", "file": ""}

// Normalize returns raw in its normal form. It must be an absolute URL with a host, of any scheme. The error is one of this package's.
func Normalize(raw string) (string, error) {
	if raw == "" {
		return "", ErrEmpty
	}
	scheme, rest, ok := cutScheme(clean(raw))
	if !ok {
		return "", ErrRelative
	}
	defaultPort, special := defaultPorts[scheme]

	rest, fragment, hasFragment := strings.Cut(rest, "#")
	rest, query, hasQuery := strings.Cut(rest, "?")
	if special {
		rest = strings.ReplaceAll(rest, `\`, "/")
	}
	authority, path, err := cutAuthority(scheme, rest, special)
	if err != nil {
		return "", err
	}
	user, host, port, err := readAuthority(scheme, authority, special)
	if err != nil {
		return "", err
	}

	var b strings.Builder
	b.WriteString(scheme + "://" + user + host)
	if port != "" && port != defaultPort {
		b.WriteString(":" + port)
	}
	b.WriteString(normalPath(path, special))
	if hasQuery {
		unsafe := inQuery
		if special {
			unsafe = inSpecialQuery
		}
		b.WriteString("?" + escape(query, unsafe))
	}
	if hasFragment {
		b.WriteString("#" + escape(fragment, inFragment))
	}
	return b.String(), nil
}

// clean drops blanks and control characters around s, and tabs and line breaks anywhere.
func clean(s string) string {
	s = strings.TrimFunc(s, func(r rune) bool { return r <= ' ' })
	return tabsAndBreaks.Replace(s)
}

var tabsAndBreaks = strings.NewReplacer("\t", "", "\n", "", "\r", "")

func cutScheme(s string) (scheme, rest string, ok bool) {
	scheme, rest, ok = strings.Cut(s, ":")
	if !ok || scheme == "" {
		return "", "", false
	}
	for i := range len(scheme) {
		c := scheme[i] | 0x20
		if letter := 'a' <= c && c <= 'z'; !letter && (i == 0 || !strings.ContainsRune("0123456789+-.", rune(scheme[i]))) {
			return "", "", false
		}
	}
	return strings.ToLower(scheme), rest, true
}

// cutAuthority splits what follows the scheme's colon where the path begins. Before a special scheme's host any number of slashes
// is as good as two.
func cutAuthority(scheme, rest string, special bool) (authority, path string, err error) {
	if special && scheme != "file" {
		rest = strings.TrimLeft(rest, "/")
	} else {
		var found bool
		if rest, found = strings.CutPrefix(rest, "//"); !found {
			return "", "", ErrNoHost
		}
	}
	if slash := strings.IndexByte(rest, '/'); slash >= 0 {
		return rest[:slash], rest[slash:], nil
	}
	return rest, "", nil
}

// readAuthority takes "user:password@host:port" apart and returns each part in its normal form: user with its "@", port without colon.
// A file has a host only, and its own computer's goes without saying.
func readAuthority(scheme, authority string, special bool) (user, host, port string, err error) {
	if scheme == "file" {
		if authority == "" {
			return "", "", "", ErrNoHost
		}
		if host, err = normalHost(authority, special); host == "localhost" {
			return "", "", "", ErrNoHost
		}
		return "", host, "", err
	}
	if at := strings.LastIndexByte(authority, '@'); at >= 0 {
		user = normalUser(authority[:at])
		authority = authority[at+1:]
	}
	host, port = cutPort(authority)
	if host == "" {
		return "", "", "", ErrNoHost
	}
	if host, err = normalHost(host, special); err != nil {
		return "", "", "", err
	}
	port, err = normalPort(port)
	return user, host, port, err
}

func normalUser(s string) string {
	name, password, _ := strings.Cut(s, ":")
	switch {
	case name == "" && password == "":
		return ""
	case password == "":
		return escape(name, inUser) + "@"
	default:
		return escape(name, inUser) + ":" + escape(password, inUser) + "@"
	}
}

// cutPort splits at the first colon that is not part of an IPv6 address.
func cutPort(s string) (host, port string) {
	from := 0
	if strings.HasPrefix(s, "[") {
		if end := strings.IndexByte(s, ']'); end >= 0 {
			from = end
		}
	}
	if colon := strings.IndexByte(s[from:], ':'); colon >= 0 {
		return s[:from+colon], s[from+colon+1:]
	}
	return s, ""
}

func normalPort(s string) (string, error) {
	port := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return "", ErrPort
		}
		if port = port*10 + int(s[i]-'0'); port > 65535 {
			return "", ErrPort
		}
	}
	if s == "" {
		return "", nil
	}
	if s = strings.TrimLeft(s, "0"); s == "" {
		return "0", nil
	}
	return s, nil
}

// normalPath resolves "." and ".." and escapes the rest.
func normalPath(path string, special bool) string {
	if path == "" {
		if special {
			return "/"
		}
		return ""
	}
	segments := strings.Split(path[1:], "/")
	kept := segments[:0]
	for i, segment := range segments {
		last := i == len(segments)-1
		switch strings.ReplaceAll(strings.ToLower(segment), "%2e", ".") {
		case ".":
		case "..":
			kept = kept[:max(0, len(kept)-1)]
		default:
			kept = append(kept, escape(segment, inPath))
			continue
		}
		if last {
			kept = append(kept, "")
		}
	}
	return "/" + strings.Join(kept, "/")
}
