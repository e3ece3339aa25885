// Package pep440 reads and orders version numbers by the rules of PEP 440, which the contract applies to the versions of GitLab and its
// clients (spec/code-suggestions.md 3).
//
// They differ from semantic versioning where it matters: 6.3 equals 6.3.0, 6.3.0-1 comes after 6.3.0, and 6.3.0-SNAPSHOT isn't a
// version at all.
package pep440

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Version is a version number. The zero Version is 0.
type Version struct {
	epoch   number
	release []number // without zeros at its end
	pre     segment
	post    segment
	dev     segment
	local   []string // in lower case
}

// maxLength bounds the work on what a client calls a version, in bytes.
const maxLength = 256

// Parse reads a version of up to 256 bytes, in any case, with or without white space around it.
func Parse(s string) (Version, error) {
	if len(s) > maxLength {
		return Version{}, fmt.Errorf("a version number of %d bytes", len(s))
	}
	m := grammar.FindStringSubmatch(s)
	if m == nil {
		return Version{}, fmt.Errorf("not a version number: %q", s)
	}
	group := func(name string) string { return m[grammar.SubexpIndex(name)] }

	v := Version{
		epoch: numberOf(group("epoch")),
		pre:   segmentOf(group("pre"), group("preNumber")),
		post:  segmentOf(group("post"), group("postNumber")),
		dev:   segmentOf(group("dev"), group("devNumber")),
	}
	for n := range strings.SplitSeq(group("release"), ".") {
		v.release = append(v.release, numberOf(n))
	}
	for len(v.release) > 0 && v.release[len(v.release)-1] == "" {
		v.release = v.release[:len(v.release)-1]
	}
	if n := group("dashedNumber"); n != "" {
		v.post = segmentOf("post", n)
	}
	if local := group("local"); local != "" {
		v.local = strings.FieldsFunc(strings.ToLower(local), isSeparator)
	}
	return v, nil
}

// MustParse is [Parse] for versions that stand in the code.
func MustParse(s string) Version {
	v, err := Parse(s)
	if err != nil {
		panic(err)
	}
	return v
}

// Compare is negative when v comes before w, positive when it comes after, 0 when they are equal: by epoch, then release numbers,
// then dev < pre (a < b < rc) < final < post. A local part sorts after the same version without it.
func (v Version) Compare(w Version) int {
	return cmp.Or(
		v.epoch.compare(w.epoch),
		slices.CompareFunc(v.release, w.release, number.compare),
		cmp.Compare(v.phase(), w.phase()),
		v.pre.compare(w.pre),
		cmp.Compare(presence(v.post), presence(w.post)),
		v.post.compare(w.post),
		cmp.Compare(presence(w.dev), presence(v.dev)), // a development release comes before what it develops
		v.dev.compare(w.dev),
		slices.CompareFunc(v.local, w.local, compareLocal),
	)
}

// phase orders what a release number can stand for: a mere development release, a pre-release, the release and what came after it.
func (v Version) phase() int {
	switch {
	case v.pre.label != "":
		return 1
	case v.post.label == "" && v.dev.label != "":
		return 0
	default:
		return 2
	}
}

// segment is a labelled number, such as rc1. Without a label there is none.
type segment struct {
	label  string // a, b, rc, post or dev
	number number
}

func segmentOf(label, n string) segment {
	label = strings.ToLower(label)
	if canonical, ok := synonyms[label]; ok {
		label = canonical
	}
	return segment{label, numberOf(n)}
}

var synonyms = map[string]string{
	"alpha": "a", "beta": "b", "c": "rc", "pre": "rc", "preview": "rc", "rev": "post", "r": "post",
}

func (s segment) compare(t segment) int {
	return cmp.Or(cmp.Compare(s.label, t.label), s.number.compare(t.number))
}

func presence(s segment) int {
	if s.label == "" {
		return 0
	}
	return 1
}

// number is a whole number of any size, in decimal digits without leading zeros; 0 is empty.
type number string

func numberOf(digits string) number { return number(strings.TrimLeft(digits, "0")) }

func (n number) compare(m number) int {
	return cmp.Or(cmp.Compare(len(n), len(m)), cmp.Compare(n, m))
}

// compareLocal orders parts of local versions: numbers by value, after all words.
func compareLocal(a, b string) int {
	switch aNumeric, bNumeric := isNumeric(a), isNumeric(b); {
	case aNumeric && bNumeric:
		return numberOf(a).compare(numberOf(b))
	case aNumeric:
		return 1
	case bNumeric:
		return -1
	default:
		return cmp.Compare(a, b)
	}
}

func isNumeric(s string) bool { return strings.Trim(s, "0123456789") == "" }

func isSeparator(r rune) bool { return r == '-' || r == '_' || r == '.' }

// grammar is the one of PEP 440, appendix B. White space is that of spec/code-suggestions.md 1.2.
var grammar = regexp.MustCompile(`(?i)^[\t-\r\x1c-\x20\x85\pZ]*` +
	`v?` +
	`(?:(?P<epoch>[0-9]+)!)?` +
	`(?P<release>[0-9]+(?:\.[0-9]+)*)` +
	`(?:[-_.]?(?P<pre>alpha|a|beta|b|preview|pre|c|rc)[-_.]?(?P<preNumber>[0-9]*))?` +
	`(?:-(?P<dashedNumber>[0-9]+)|[-_.]?(?P<post>post|rev|r)[-_.]?(?P<postNumber>[0-9]*))?` +
	`(?:[-_.]?(?P<dev>dev)[-_.]?(?P<devNumber>[0-9]*))?` +
	`(?:\+(?P<local>[a-z0-9]+(?:[-_.][a-z0-9]+)*))?` +
	`[\t-\r\x1c-\x20\x85\pZ]*$`)
