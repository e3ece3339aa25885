package prompt

import (
	"errors"
	"strconv"
	"strings"

	"github.com/ai-gateway/ai-gateway/internal/pep440"
)

// constraint says which versions a request takes (spec/prompts.md 4.3).
type constraint struct {
	allows func(number) bool

	// simple constraints may choose unstable versions: an exact version, a bound on one side, an exclusion, or any version.
	simple bool
}

var errConstraint = errors.New("not a version constraint")

// maxConstraint bounds what a client calls a constraint, in bytes.
const maxConstraint = 500

// parseConstraint reads ranges with "||" or "|" between them, of which one must hold. In a range, commas or blanks stand between
// conditions that must all hold.
func parseConstraint(text string) (constraint, error) {
	if len(text) > maxConstraint {
		return constraint{}, errConstraint
	}
	var ranges []constraint
	for part := range strings.SplitSeq(strings.ReplaceAll(text, "||", "|"), "|") {
		r, err := parseRange(part)
		if err != nil {
			return constraint{}, err
		}
		ranges = append(ranges, r)
	}
	if len(ranges) == 1 {
		return ranges[0], nil
	}
	return constraint{allows: func(n number) bool {
		for _, r := range ranges {
			if r.allows(n) {
				return true
			}
		}
		return false
	}}, nil
}

func parseRange(text string) (constraint, error) {
	text = strings.TrimSpace(text)
	text = strings.TrimSpace(strings.TrimSuffix(text, ","))
	var conditions []constraint
	for text != "" {
		operator := operatorOf(text)
		text = strings.TrimLeft(text[len(operator):], " ")
		end := strings.IndexAny(text, ", ")
		if end < 0 {
			end = len(text)
		}
		condition, err := parseCondition(operator, text[:end])
		if err != nil {
			return constraint{}, err
		}
		conditions = append(conditions, condition)
		rest := strings.TrimLeft(text[end:], " ")
		if strings.HasPrefix(rest, ",") {
			rest = strings.TrimLeft(rest[1:], " ")
			if rest == "" || rest[0] == ',' {
				return constraint{}, errConstraint
			}
		}
		text = rest
	}
	switch len(conditions) {
	case 0:
		return constraint{}, errConstraint
	case 1:
		return conditions[0], nil
	}
	return constraint{allows: func(n number) bool {
		for _, c := range conditions {
			if !c.allows(n) {
				return false
			}
		}
		return true
	}}, nil
}

func operatorOf(text string) string {
	for _, operator := range []string{"~=", "==", "!=", "<=", ">=", "^", "~", "<", ">", "="} {
		if strings.HasPrefix(text, operator) {
			return operator
		}
	}
	return ""
}

func parseCondition(operator, text string) (constraint, error) {
	isExact := operator == "" || operator == "=" || operator == "=="
	if isExact && (text == "*" || text == "x") {
		return constraint{allows: func(number) bool { return true }, simple: true}, nil
	}
	if series, isWildcard := strings.CutSuffix(text, ".*"); isWildcard && (isExact || operator == "!=") {
		return wildcard(series, operator == "!=")
	}
	n, err := parseNumber(text)
	if err != nil || strings.TrimSpace(text) != text {
		return constraint{}, errConstraint
	}
	switch operator {
	case "^":
		return between(n, n.breaking()), nil
	case "~":
		return between(n, n.upTo(min(n.given, 2))), nil
	case "~=":
		if n.given < 2 {
			return constraint{}, errConstraint
		}
		return between(n, n.upTo(n.given-1)), nil
	case "!=":
		return constraint{allows: func(v number) bool { return v.compare(n) != 0 }, simple: true}, nil
	case "<":
		// Not those before the bound itself: 2.0.0-dev is no answer to <2.0.0.
		return constraint{allows: func(v number) bool {
			return v.compare(n) < 0 && (n.unstable || v.isStable() || v.release().compare(n.release()) != 0)
		}, simple: true}, nil
	case "<=":
		return constraint{allows: func(v number) bool { return v.compare(n) <= 0 }, simple: true}, nil
	case ">":
		return constraint{allows: func(v number) bool { return v.compare(n) > 0 }, simple: true}, nil
	case ">=":
		return constraint{allows: func(v number) bool { return v.compare(n) >= 0 }, simple: true}, nil
	default:
		return constraint{allows: func(v number) bool { return v.compare(n) == 0 }, simple: true}, nil
	}
}

func between(from, to number) constraint {
	return constraint{allows: func(v number) bool { return v.compare(from) >= 0 && v.compare(to) < 0 }}
}

// wildcard is 1.* or 1.0.*: all versions that begin like this.
func wildcard(series string, excluded bool) (constraint, error) {
	n, err := parseNumber(series)
	if err != nil || strings.Trim(strings.TrimPrefix(series, "v"), "0123456789.") != "" {
		return constraint{}, errConstraint
	}
	c := between(n, n.upTo(n.given))
	if !excluded {
		return c, nil
	}
	return constraint{allows: func(v number) bool { return !c.allows(v) }}, nil
}

// breaking is the next version that may break what works with n: the first part that is not 0, or else the last one given, goes up.
func (n number) breaking() number {
	for i, part := range n.parts {
		if part != 0 || i == n.given-1 {
			return n.upTo(i + 1)
		}
	}
	return n.upTo(len(n.parts))
}

// upTo is the first version behind those that share the first so many parts.
func (n number) upTo(parts int) number {
	next := n.parts
	parts = min(max(parts, 1), len(next))
	next[parts-1]++
	for i := parts; i < len(next); i++ {
		next[i] = 0
	}
	return releaseOf(next[0], next[1], next[2])
}

func releaseOf(major, minor, patch int) number {
	text := strconv.Itoa(major) + "." + strconv.Itoa(minor) + "." + strconv.Itoa(patch)
	return number{Version: pep440.MustParse(text), text: text, parts: [3]int{major, minor, patch}, given: 3}
}
