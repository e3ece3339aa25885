package codesuggestions

import (
	"context"
	"slices"
	"strings"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/lang"
	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/postprocess"
)

// chain makes a chain of operations the post-processing of completions.
func (p *Pipeline) chain(
	run func(completion string, around postprocess.File, excluded []string) postprocess.Cleaned, excluded []string,
) func(context.Context, string) string {
	return func(ctx context.Context, completion string) string {
		around := postprocess.File{Prefix: p.file.Above, Suffix: p.file.Below, Language: p.language}
		cleaned := run(completion, around, excluded)
		p.warnUnparsed(ctx, cleaned.Unparsed...)
		if cleaned.EmptiedBy == postprocess.CommentRemoval {
			p.service.log.InfoContext(ctx, "removing comments-only completion")
		}
		return cleaned.Text
	}
}

// cleanChat cleans what a model completes that the contract leaves as it is, if the operator wants that.
func (p *Pipeline) cleanChat() {
	if !p.service.all {
		return
	}
	excluded := p.service.excluded
	if p.hasFences() {
		excluded = append(slices.Clip(excluded), postprocess.FenceRemoval)
	}
	p.process = p.chain(postprocess.ChatCompletion, excluded)
	if !slices.Contains(excluded, postprocess.FenceRemoval) {
		p.pieces = func() filters { return filters{new(postprocess.FencedCode)} }
	}
}

// cleanGenerated cleans what a self-hosted model generates more thoroughly than the contract does, if the operator wants that. Models that
// reason were trained to talk, too, and the contract knows none: the fences around their code are taken out of streams in any case.
func (p *Pipeline) cleanGenerated() {
	switch {
	case !p.service.all && p.hasFences():
		return
	case !p.service.all:
		p.pieces = func() filters { return filters{&afterReasoning{filter: new(postprocess.FencedCode)}} }
		return
	case p.hasFences():
		p.pieces = func() filters { return filters{&postprocess.Beginning{Prefix: p.file.Above}} }
		return
	}
	p.process = func(_ context.Context, generated string) string {
		return postprocess.ChatGeneration(generated, p.file.Above)
	}
	p.pieces = func() filters {
		return filters{new(postprocess.FencedCode), &postprocess.Beginning{Prefix: p.file.Above}}
	}
}

// hasFences says that Markdown's fences are as good as code in the file.
func (p *Pipeline) hasFences() bool {
	switch lang.Extension(p.file.Name) {
	case "md", "markdown", "mdx", "mkd", "qmd", "rmd", "Rmd":
		return true
	}
	return strings.Contains(p.file.Above, "```") || strings.Contains(p.file.Below, "```")
}
