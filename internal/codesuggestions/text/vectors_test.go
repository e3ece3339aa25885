package text

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/testkit"
)

// TestVectors runs the recorded inputs and outputs of spec/code-suggestions.md 7. Their offsets are in code points.
func TestVectors(t *testing.T) {
	for i, v := range testkit.Vectors[vector](t, "code-text") {
		t.Run(fmt.Sprintf("%s/%d", v.Algorithm, i), func(t *testing.T) {
			var got any
			switch v.Algorithm {
			case "first_non_blank_point":
				p, ok := FirstNonBlank(v.In.Text, prefixOf(v.In.Text, v.In.Start))
				if !ok {
					p = Point{-1, -1}
				}
				got = []int{p.Row, p.Column}
			case "offset_of_point":
				got = codePoints(v.In.Text)(OffsetOf(v.In.Text, Point{v.In.Row, v.In.Column}))
			case "line_feed_boundary":
				got = codePoints(v.In.Text)(LineFeedBoundary(v.In.Text, prefixOf(v.In.Text, v.In.Start)))
			case "attached_line_split":
				got = AttachedLines(v.In.Text)
			case "common_line_groups":
				got = CommonLineGroups(v.In.Source, v.In.Target)
			case "drop_incomplete_leading_block":
				got = DropIncompleteLeadingBlock(v.In.Text)
			default:
				t.Fatalf("unknown algorithm %s", v.Algorithm)
			}
			if diff := cmp.Diff(v.Out, asJSON(t, got)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// codePoints turns a byte offset in s into one in code points, and none into -1.
func codePoints(s string) func(int, bool) int {
	return func(offset int, ok bool) int {
		if !ok {
			return -1
		}
		return Length(s[:offset])
	}
}

// asJSON is v as a JSON document that was read back, with an empty list for none.
func asJSON(t *testing.T, v any) any {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if string(b) == "null" {
		return []any{}
	}
	var out any
	if err := json.Unmarshal(b, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

type vector struct {
	Algorithm string `json:"algorithm"`
	In        struct {
		Text   string   `json:"text"`
		Start  int      `json:"start"`
		Row    int      `json:"row"`
		Column int      `json:"column"`
		Source []string `json:"source"`
		Target []string `json:"target"`
	} `json:"in"`
	Out any `json:"out"`
}
