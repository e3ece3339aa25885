package prompt

import (
	"math"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Definitions are YAML 1.1 (spec/prompts.md 1.2), the parser follows 1.2 in what a bare word means. So bare words are read here.
var (
	nullWord    = regexp.MustCompile(`^(?:~|null|Null|NULL|)$`)
	trueWord    = regexp.MustCompile(`^(?:yes|Yes|YES|true|True|TRUE|on|On|ON)$`)
	falseWord   = regexp.MustCompile(`^(?:no|No|NO|false|False|FALSE|off|Off|OFF)$`)
	integerWord = regexp.MustCompile(`^[-+]?(?:0b[01_]+|0[0-7_]+|0x[0-9a-fA-F_]+|0|[1-9][0-9_]*)$`)
	floatWord   = regexp.MustCompile(`^[-+]?(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)(?:[eE][-+][0-9]+)?$`)
	base60Word  = regexp.MustCompile(`^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$`)
	limitWord   = regexp.MustCompile(`^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$`)
)

// scalarOf is what a scalar stands for: nil, a bool, a float64 (integers too) or a string; for anything else it is no such value.
func scalarOf(node *yaml.Node) any {
	if node == nil || node.Kind != yaml.ScalarNode {
		return notScalar{}
	}
	const quoted = yaml.SingleQuotedStyle | yaml.DoubleQuotedStyle | yaml.LiteralStyle | yaml.FoldedStyle
	switch {
	case node.Style&yaml.TaggedStyle != 0 && node.Tag != "!!str":
		return notScalar{}
	case node.Style&(quoted|yaml.TaggedStyle) != 0:
		return node.Value
	}
	return plainScalar(node.Value)
}

type notScalar struct{}

func plainScalar(word string) any {
	switch {
	case nullWord.MatchString(word):
		return nil
	case trueWord.MatchString(word):
		return true
	case falseWord.MatchString(word):
		return false
	case integerWord.MatchString(word):
		if n, ok := integer(word); ok {
			return n
		}
	case floatWord.MatchString(word):
		if f, err := strconv.ParseFloat(strings.ReplaceAll(word, "_", ""), 64); err == nil {
			return f
		}
	case base60Word.MatchString(word):
		return base60(word)
	case limitWord.MatchString(word):
		return math.Inf(1) // no definition may use it, whichever it is
	}
	return word
}

// integer reads a number whose base stands in front: 0b is 2, 0 alone is 8, 0x is 16.
func integer(word string) (float64, bool) {
	word = strings.ReplaceAll(word, "_", "")
	if n, err := strconv.ParseInt(word, 0, 64); err == nil {
		return float64(n), true
	}
	f, err := strconv.ParseFloat(word, 64)
	return f, err == nil
}

// base60 reads 1:30 as 90.
func base60(word string) float64 {
	sign := 1.0
	if rest, negative := strings.CutPrefix(word, "-"); negative {
		sign, word = -1, rest
	}
	word = strings.ReplaceAll(strings.TrimPrefix(word, "+"), "_", "")
	total := 0.0
	for digits := range strings.SplitSeq(word, ":") {
		n, _ := strconv.ParseFloat(digits, 64) // the pattern allows digits and one point only
		total = total*60 + n
	}
	return sign * total
}

// numberOf is a number, or what the contract takes for one: a text that spells it, or a boolean as 1 or 0.
func numberOf(scalar any) (float64, bool) {
	switch v := scalar.(type) {
	case float64:
		return v, true
	case bool:
		if v {
			return 1, true
		}
		return 0, true
	case string:
		f, err := strconv.ParseFloat(strings.TrimSpace(v), 64)
		return f, err == nil
	}
	return 0, false
}

func isNull(node *yaml.Node) bool { return node == nil || scalarOf(node) == nil }

// followed is what an alias stands for, or the node itself.
func followed(node *yaml.Node) *yaml.Node {
	for node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	return node
}
