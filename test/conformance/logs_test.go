package conformance

import (
	"testing"

	"github.com/ai-gateway/ai-gateway/internal/testkit"
)

func TestLogEntriesAreFound(t *testing.T) {
	var log testkit.Log
	log.Write([]byte("starting\n" + //nolint:errcheck // never fails
		`{"logger":"api.access","status_code":200,"path":"/a","flags":["x"],"none":null}` + "\n" +
		`{"logger":"api.access","status_code":500,"path":"/b"}` + "\n"))
	type fields = map[string]any
	for _, tc := range []struct {
		name    string
		pattern LogPattern
		found   bool
		nearest string
	}{
		{"by exact fields", LogPattern{Match: fields{"logger": "api.access", "status_code": 200.0}}, true, ""},
		{"any of those that are picked", LogPattern{Match: fields{"logger": "api.access"}, Fields: fields{"path": "/a"}}, true, ""},
		{"by patterns", LogPattern{Match: fields{"path": "~^/b$"}, Fields: fields{"status_code": "~^5"}}, true, ""},
		{"a pattern sees JSON", LogPattern{Match: fields{"path": "/a"}, Fields: fields{"flags": `~^\["x"\]$`}}, true, ""},
		{"null is null or absent", LogPattern{Match: fields{"path": "/a"}, Fields: fields{"none": nil, "other": nil}}, true, ""},
		{"a list", LogPattern{Match: fields{"path": "/a"}, Fields: fields{"flags": []any{"x"}}}, true, ""},
		{"none is picked", LogPattern{Match: fields{"logger": "other"}}, false, "none"},
		{"a number is not a text", LogPattern{Match: fields{"status_code": "200"}}, false, "none"},
		{
			"null is not a value",
			LogPattern{Match: fields{"path": "/a"}, Fields: fields{"flags": nil}},
			false, `flags: want null or absent, got ["x"] in `,
		},
		{
			"a pattern needs a field",
			LogPattern{Match: fields{"path": "/b"}, Fields: fields{"flags": "~.*"}},
			false, `flags: want a match of ".*", got null in `,
		},
		{
			"all fields of one entry",
			LogPattern{Match: fields{"logger": "api.access"}, Fields: fields{"path": "/a", "status_code": 500.0}},
			false, `path: want "/a", got "/b" in `,
		},
		{"a pattern with a slip", LogPattern{Match: fields{"path": "~("}}, false, "none"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			found, nearest := tc.pattern.find(log.Since(0))
			if found != tc.found || len(nearest) < len(tc.nearest) || nearest[:len(tc.nearest)] != tc.nearest {
				t.Errorf("found %v, nearest %s", found, nearest)
			}
		})
	}
}

func TestLogPatternWithASlipIsADifference(t *testing.T) {
	var d Differences
	LogPattern{Match: map[string]any{"message": "~("}, Absent: true}.check(&d)
	if len(d) != 1 {
		t.Error(d)
	}
}
