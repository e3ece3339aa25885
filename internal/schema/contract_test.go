package schema_test

import (
	"encoding/json"
	"errors"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/schema"
)

// TestAnswersOfTheContract decodes the bodies of recorded requests and compares what is said about them with the recorded answers. In
// the file "ignore" names keys of entries that the recording did not fix, and "${REPEAT 3 x}" stands for "xxx".
func TestAnswersOfTheContract(t *testing.T) {
	file, err := os.ReadFile("testdata/contract.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Name        string           `json:"name"`
		Path        string           `json:"path"`
		ContentType string           `json:"content_type"`
		Body        string           `json:"body"`
		Accepted    bool             `json:"accepted"`
		Detail      []map[string]any `json:"detail"`
		Ignore      []string         `json:"ignore"`
	}
	if err := json.Unmarshal([]byte(repeatAll(string(file))), &cases); err != nil {
		t.Fatal(err)
	}
	for _, tc := range cases {
		t.Run(tc.Name, func(t *testing.T) {
			_, err := decodeFor(tc.Path, []byte(tc.Body), tc.ContentType)
			if tc.Accepted {
				if err != nil {
					t.Errorf("refused: %v", err)
				}
				return
			}
			got := details(t, err)
			for _, entries := range [][]map[string]any{got, tc.Detail} {
				for _, entry := range entries {
					for _, key := range tc.Ignore {
						delete(entry, key)
					}
				}
			}
			if diff := cmp.Diff(tc.Detail, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

var repetition = regexp.MustCompile(`\$\{REPEAT (\d+) ([^}]*)\}`)

func repeatAll(s string) string {
	return repetition.ReplaceAllStringFunc(s, func(mark string) string {
		parts := repetition.FindStringSubmatch(mark)
		n, _ := strconv.Atoi(parts[1])
		return strings.Repeat(parts[2], n)
	})
}

// details are the entries of a validation error as a client reads them.
func details(t *testing.T, err error) []map[string]any {
	t.Helper()
	var invalid *schema.ValidationError
	if !errors.As(err, &invalid) {
		t.Fatalf("the error is %v, not a validation error", err)
	}
	var answer struct {
		Detail []map[string]any `json:"detail"`
	}
	if err := json.Unmarshal(invalid.AppendJSON(nil), &answer); err != nil {
		t.Fatal(err)
	}
	return answer.Detail
}
