package postprocess

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/lang"
)

// needParsing are the operations of the vectors that can't be done without source parsing. Their entries are reported as skipped.
var needParsing = []string{
	"remove_comment_only_completion",
	"trim_by_min_allowed_context",
	"fix_end_block_errors",
	"fix_end_block_errors_with_comparison",
}

type vector struct {
	Name string `json:"name"`
	Op   string `json:"op"`
	In   struct {
		Lang       *string  `json:"lang"`
		Provider   string   `json:"provider"`
		Prefix     string   `json:"prefix"`
		Suffix     string   `json:"suffix"`
		Completion string   `json:"completion"`
		Exclude    []string `json:"exclude"`
	} `json:"in"`
	Out string `json:"out"`
	Varies bool `json:"varies"`
}

// TestOperationVectors runs the recorded inputs and outputs of the single operations (spec/code-suggestions.md 13.3 to 13.10).
func TestOperationVectors(t *testing.T) {
	for i, v := range vectors(t, "postprocess-operations") {
		t.Run(fmt.Sprintf("%s/%d", v.Op, i), func(t *testing.T) {
			var got string
			switch v.Op {
			case "strip_whitespaces":
				got = StripWhitespaces(v.In.Completion)
			case "clean_model_reflection":
				got = CleanModelReflection(v.In.Completion, v.In.Prefix)
			case "strip_asterisks":
				got = StripAsterisks(v.In.Completion)
			case "strip_code_fence":
				got = StripCodeFence(v.In.Completion)
			case "prepend_line_feed":
				got = PrependLineFeed(v.In.Completion, v.In.Prefix)
			default:
				if slices.Contains(needParsing, v.Op) {
					t.Skip("needs source parsing")
				}
				t.Fatalf("unknown operation %s", v.Op)
			}
			if diff := cmp.Diff(v.Out, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestCompletionVectors runs the recorded completions (spec/code-suggestions.md 13.2) in which no operation that needs source parsing
// takes part: all of them are excluded, or there is no language to parse.
func TestCompletionVectors(t *testing.T) {
	for i, v := range vectors(t, "postprocess-completions") {
		t.Run(fmt.Sprintf("%d/%s", i, v.Name), func(t *testing.T) {
			for _, op := range needParsing[:3] {
				if v.In.Lang != nil && !slices.Contains(v.In.Exclude, op) {
					t.Skipf("needs source parsing: %s", op)
				}
			}
			file := File{Prefix: v.In.Prefix, Suffix: v.In.Suffix, Language: lang.None}
			if diff := cmp.Diff(v.Out, Completion(v.In.Completion, file, v.In.Exclude)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestGenerationVectors runs the recorded generations (spec/code-suggestions.md 11.5).
func TestGenerationVectors(t *testing.T) {
	for i, v := range vectors(t, "postprocess-generations") {
		t.Run(strconv.Itoa(i), func(t *testing.T) {
			if diff := cmp.Diff(v.Out, Generation(v.In.Completion, v.In.Prefix, v.In.Provider)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// vectors reads the vectors of a kind from the folder AIGW_TEST_VECTORS, or from testdata.
func vectors(t *testing.T, kind string) []vector {
	t.Helper()
	folder := os.Getenv("AIGW_TEST_VECTORS")
	if folder == "" {
		folder = filepath.Join("testdata", "vectors")
	}
	files, err := filepath.Glob(filepath.Join(folder, kind+"*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no %s vectors in %s (%v)", kind, folder, err)
	}
	var all []vector
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var some []vector
		if err := json.Unmarshal(b, &some); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		all = append(all, some...)
	}
	return all
}
