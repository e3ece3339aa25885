package prompt

import (
	"slices"
	"strings"

	"github.com/ai-gateway/ai-gateway/internal/pep440"
)

// defaultConstraint is that of requests which do not say which version they want.
const defaultConstraint = "^1.0.0"

var wantedByDefault, _ = parseConstraint(defaultConstraint)

// unversioned is the version of a definition whose file has none.
const unversioned = "1.0.0"

// versions are the versions of one key, the latest first.
type versions struct {
	list     []version
	explicit bool // a file's name says which version it is
}

type version struct {
	number     number
	definition *Definition
}

// add puts a version in its place. One from a file that says its version takes the place of one that does not.
func (v *versions) add(name string, definition *Definition) {
	n, err := parseNumber(definition.Version)
	if err != nil {
		return // the name was recognised as a version
	}
	v.explicit = v.explicit || name != ""
	at, taken := slices.BinarySearchFunc(v.list, n, func(a version, b number) int { return b.compare(a.number) })
	switch {
	case !taken:
		v.list = slices.Insert(v.list, at, version{n, definition})
	case name != "":
		v.list[at] = version{n, definition}
	}
}

// resolve finds the highest version that a constraint allows (spec/prompts.md 4.3). A definition without versions satisfies every
// constraint: GitLab asks for versions that it knows of its own gateway (spec/clients.md 19).
//
// The error is an [*InvalidConstraint] or a [*NoVersion].
func (v *versions) resolve(id, text string) (*Definition, error) {
	wanted := wantedByDefault
	if text == "" {
		text = defaultConstraint
	} else {
		var err error
		if wanted, err = parseConstraint(text); err != nil {
			return nil, &InvalidConstraint{Constraint: text}
		}
	}
	if !v.explicit {
		return v.list[0].definition, nil
	}
	for _, candidate := range v.list {
		if (wanted.simple || candidate.number.isStable()) && wanted.allows(candidate.number) {
			return candidate.definition, nil
		}
	}
	return nil, &NoVersion{ID: id, Constraint: text}
}

// number is a version number, with what ranges need to know of it.
type number struct {
	pep440.Version
	text     string
	parts    [3]int // its first release numbers
	given    int    // how many of these it names
	unstable bool
}

// parseNumber reads a version number of common spelling (spec/prompts.md 4.3).
func parseNumber(text string) (number, error) {
	parsed, err := pep440.Parse(text)
	if err != nil {
		return number{}, err
	}
	n := number{Version: parsed, text: text}
	rest := strings.TrimLeft(strings.TrimSpace(text), "vV")
	for part := range strings.SplitSeq(rest, ".") {
		digits := len(part) - len(strings.TrimLeft(part, "0123456789"))
		if digits == 0 || n.given == len(n.parts) {
			break
		}
		for _, digit := range part[:digits] {
			n.parts[n.given] = min(10*n.parts[n.given]+int(digit-'0'), maxPart)
		}
		n.given++
		if digits < len(part) {
			break
		}
	}
	n.unstable = strings.Contains(strings.ToLower(text), "dev") || parsed.Compare(n.release().Version) < 0
	return n, nil
}

// maxPart is larger than any part of a version number in use.
const maxPart = 1 << 30

func (n number) isStable() bool { return !n.unstable }

func (n number) compare(m number) int { return n.Compare(m.Version) }

// release is the number without anything behind its first three parts.
func (n number) release() number { return releaseOf(n.parts[0], n.parts[1], n.parts[2]) }

// isVersionName reports whether a file's name without suffix is a version: a number with at least two dots.
func isVersionName(name string) bool {
	if strings.Count(name, ".") < 2 {
		return false
	}
	_, err := pep440.Parse(name)
	return err == nil
}
