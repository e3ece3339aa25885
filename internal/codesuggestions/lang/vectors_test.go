package lang

import (
	"testing"

	"github.com/ai-gateway/ai-gateway/internal/testkit"
)

// TestVectors runs the recorded inputs and outputs of spec/code-suggestions.md 2.2 and 2.3.
func TestVectors(t *testing.T) {
	for _, v := range testkit.Vectors[vector](t, "code-languages") {
		name, id := v.In.FileName, v.In.LanguageIdentifier
		if got := Of(name, id).Label(); got != v.Lang {
			t.Errorf("Of(%q, %q) = %q, want %q", name, id, got, v.Lang)
		}
		if got := OfFile(name).Label(); got != v.ByExtension {
			t.Errorf("OfFile(%q) = %q, want %q", name, got, v.ByExtension)
		}
		if got := Extension(name); got != v.Extension {
			t.Errorf("Extension(%q) = %q, want %q", name, got, v.Extension)
		}
	}
}

type vector struct {
	In struct {
		FileName           string `json:"file_name"`
		LanguageIdentifier string `json:"language_identifier"`
	} `json:"in"`
	Lang        string `json:"lang"`
	ByExtension string `json:"by_extension"`
	Extension   string `json:"extension"`
}
