package postprocess

import (
	"fmt"
	"testing"
	"strings"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/lang"
	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/syntax"
	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/text"
)

func lng(l *string) lang.Language {
	if l == nil { return lang.None }
	for x := lang.None; x <= lang.Kotlin; x++ { if x.Label() == *l { return x } }
	panic(*l)
}

func trimContract(c, prefix string, l lang.Language) string {
	sample := prefix + c
	target, ok := text.FirstNonBlank(sample, len(prefix))
	if !ok { return c }
	tree, err := syntax.Parse(l, sample)
	if err != nil { return c }
	b := tree.MinimumBlock(syntax.Point{Row: target.Row, Column: target.Column})
	end, ok := text.OffsetOf(sample, text.Point{Row: b.End.Row, Column: b.End.Column})
	if !ok { return c }
	if end <= len(prefix) { return "" }
	return sample[len(prefix):end]
}
func trimRight(c, prefix string, l lang.Language) string {
	sample := prefix + c
	target, ok := text.FirstNonBlank(sample, len(prefix))
	if !ok { return c }
	tree, err := syntax.Parse(l, sample)
	if err != nil { return c }
	// byte column
	i := strings.IndexFunc(c, func(r rune) bool { return !text.IsSpace(r) })
	off := len(prefix)+i
	col := off - (strings.LastIndexByte(sample[:off], '\n')+1)
	b := tree.MinimumBlock(syntax.Point{Row: target.Row, Column: col})
	end := b.EndByte
	if end <= len(prefix) { return "" }
	return sample[len(prefix):end]
}
func comments(c string, l lang.Language) string {
	tree, err := syntax.Parse(l, c)
	if err == nil && tree.CommentsOnly() { return "" }
	return c
}
func fix(c, prefix, suffix string, l lang.Language, cmpv bool) string {
	s := text.Strip(suffix)
	if s == "" { return c }
	s, _, _ = strings.Cut(s, "\n")
	x := text.StripRight(c)
	if !strings.HasSuffix(x, s) { return c }
	x = strings.TrimSuffix(x, s)
	if cmpv { x = text.StripRight(x) }
	tree, err := syntax.Parse(l, prefix+x+suffix)
	if err != nil { return c }
	if !cmpv { if tree.HasErrors() { return c }; return x }
	o, _ := syntax.Parse(l, prefix+suffix)
	if len(tree.Errors()) <= len(o.Errors()) { return x }
	return c
}
func has(e []string, s string) bool { for _, x := range e { if x == s { return true } }; return false }
func chain(v vector, trim func(c, p string, l lang.Language) string) string {
	c := v.In.Completion; l := lng(v.In.Lang)
	if !has(v.In.Exclude, "remove_comment_only_completion") { if c = comments(c, l); c == "" { return c } }
	if !has(v.In.Exclude, "trim_by_min_allowed_context") { if c = trim(c, v.In.Prefix, l); c == "" { return c } }
	if !has(v.In.Exclude, "fix_end_block_errors") { if c = fix(c, v.In.Prefix, v.In.Suffix, l, false); c == "" { return c } }
	return Completion(c, File{Prefix: v.In.Prefix}, v.In.Exclude)
}
func TestExp(t *testing.T) {
	for i, v := range vectors(t, "postprocess-operations") {
		l := lng(v.In.Lang)
		switch v.Op {
		case "trim_by_min_allowed_context":
			a, b := trimContract(v.In.Completion, v.In.Prefix, l), trimRight(v.In.Completion, v.In.Prefix, l)
			if a != v.Out || b != v.Out { fmt.Printf("%d %s %v contract %v right %v: out %q contract %q right %q\n", i, v.Op, v.Varies, a == v.Out, b == v.Out, v.Out, a, b) }
		case "remove_comment_only_completion":
			if a := comments(v.In.Completion, l); a != v.Out { fmt.Println(i, v.Op, v.Varies, *v.In.Lang, fmt.Sprintf("%q %q %q", v.In.Completion, v.Out, a)) }
		case "fix_end_block_errors","fix_end_block_errors_with_comparison":
			if a := fix(v.In.Completion, v.In.Prefix, v.In.Suffix, l, v.Op != "fix_end_block_errors"); a != v.Out { fmt.Println(i, v.Op, v.Varies, fmt.Sprintf("%v %q %q %q", *v.In.Lang, v.In.Completion, v.Out, a)) }
		}
	}
	fmt.Println("completions")
	for i, v := range vectors(t, "postprocess-completions") {
		a, b := chain(v, trimContract), chain(v, trimRight)
		if a != v.Out || b != v.Out { fmt.Printf("%d %s %v contract %v right %v: out %q contract %q right %q\n", i, v.Name, v.Varies, a == v.Out, b == v.Out, v.Out, a, b) }
	}
}
