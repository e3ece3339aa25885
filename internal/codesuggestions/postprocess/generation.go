package postprocess

// Generation cleans generated code that follows prefix, the whole text above the cursor (spec/code-suggestions.md 11.5). Provider is
// the one that the request names, or empty: what "anthropic" generates is only checked for being blank.
func Generation(generated, prefix, provider string) string {
	if provider != "anthropic" {
		generated = StripCodeFence(generated)
		generated = PrependLineFeed(generated, prefix)
		generated = CleanModelReflection(generated, prefix)
	}
	return StripWhitespaces(generated)
}

// ChatGeneration is [Generation] for a model that talks beside writing code: all but the fenced code is left out, where there is any.
func ChatGeneration(generated, prefix string) string {
	generated = PrependLineFeed(KeepFencedCode(generated), prefix)
	return StripWhitespaces(CleanModelReflection(generated, prefix))
}
