package vertexsearch_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/docsearch"
	"github.com/ai-gateway/ai-gateway/internal/docsearch/vertexsearch"
)

// google is a fake of Vertex AI Search. It answers by data store and records what it was asked.
type google struct {
	*httptest.Server
	answers map[string]answer // by data store; others are not found
	calls   []call
}

type answer struct {
	status int
	body   string
}

type call struct {
	Method, Path, Authorization string
	Body                        any
}

func newGoogle(t *testing.T, answers map[string]answer) *google {
	g := &google{answers: answers}
	g.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		c := call{Method: r.Method, Path: r.URL.RequestURI(), Authorization: r.Header.Get("Authorization")}
		if err := json.Unmarshal(raw, &c.Body); err != nil {
			t.Errorf("body %q: %v", raw, err)
		}
		g.calls = append(g.calls, c)
		_, rest, _ := strings.Cut(r.URL.Path, "/dataStores/")
		store, _, _ := strings.Cut(rest, "/")
		a, known := g.answers[store]
		if !known {
			a = answer{404, `{"error":{"code":404,"message":"DataStore not found.","status":"NOT_FOUND"}}`}
		}
		w.WriteHeader(a.status)
		_, _ = io.WriteString(w, a.body)
	}))
	t.Cleanup(g.Close)
	return g
}

func (g *google) client() *vertexsearch.Client {
	return vertexsearch.New(vertexsearch.Options{
		HTTP: g.Client(), BaseURL: g.URL + "/", Project: "docs project",
		Token: func(context.Context) (string, error) { return "ya29.fake", nil },
	})
}

const found = `{"results":[{"id":"x","document":{"id":"x","structData":{"content":"To create…","metadata":{"title":"Issues"}}}}],"totalSize":1}`

// TestTheCall is S1 of spec/docs-search.md 8.
func TestTheCall(t *testing.T) {
	g := newGoogle(t, map[string]answer{"gitlab-docs-17-6": {200, found}})
	got, err := g.client().SearchStore(t.Context(), "gitlab-docs-17-6", docsearch.Question{Text: "create <issue> & more", PageSize: 4})
	if err != nil {
		t.Fatal(err)
	}
	want := []docsearch.Result{{ID: "x", Content: "To create…", Metadata: map[string]any{"title": "Issues"}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	calls := []call{{
		Method: "POST", Authorization: "Bearer ya29.fake",
		Path: "/v1/projects/docs%20project/locations/global/dataStores/gitlab-docs-17-6/servingConfigs/default_config:search",
		Body: map[string]any{
			"query": "create <issue> & more", "pageSize": 4.0,
			"queryExpansionSpec": map[string]any{"condition": "AUTO"}, "spellCorrectionSpec": map[string]any{"mode": "AUTO"},
		},
	}}
	if diff := cmp.Diff(calls, g.calls); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAnswers(t *testing.T) {
	const unavailable = "Vertex API Search Error."
	for _, tc := range []struct {
		name   string
		answer answer
		count  int
		detail string // of the error
		log    string
	}{
		{"nothing found", answer{200, `{}`}, 0, "", ""},
		{"an empty list", answer{200, `{"results":[]}`}, 0, "", ""},
		{"more than were asked for", answer{200, `{"results":[` + strings.Repeat(`{"document":{"structData":{"content":"","metadata":{}}}},`, 2) +
			`{"document":{"id":"y","structData":{"content":"","metadata":{}}}}]}`}, 2, "", ""},
		{
			"the service is down",
			answer{503, `{"error":{"code":503,"message":"Try later.","status":"UNAVAILABLE"}}`},
			0,
			unavailable, "Vertex Search API error: Unavailable 503 Try later.",
		},
		{
			"no permission",
			answer{403, `{"error":{"code":403,"message":"No.","status":"PERMISSION_DENIED"}}`},
			0,
			unavailable, "Vertex Search API error: PermissionDenied 403 No.",
		},
		{"a proxy's page", answer{502, `<html>`}, 0, unavailable, "Vertex Search API error: 502 "},
		{"no JSON", answer{200, `<html>`}, 0, unavailable, ""},
		{"no document", answer{200, `{"results":[{"id":"x"}]}`}, 0, unavailable, ""},
		{"no content", answer{200, `{"results":[{"document":{"id":"x","structData":{"metadata":{}}}}]}`}, 0, unavailable, ""},
		{"content that is no text", answer{200, `{"results":[{"document":{"structData":{"content":1,"metadata":{}}}}]}`}, 0, unavailable, ""},
		{"metadata that is no object", answer{200, `{"results":[{"document":{"structData":{"content":"","metadata":[]}}}]}`}, 0, unavailable, ""},
		{"no metadata", answer{200, `{"results":[{"document":{"structData":{"content":""}}}]}`}, 0, unavailable, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			g := newGoogle(t, map[string]answer{"s": tc.answer})
			results, err := g.client().SearchStore(t.Context(), "s", docsearch.Question{Text: "x", PageSize: 2})
			if len(results) != tc.count {
				t.Errorf("got %d results", len(results))
			}
			checkUnavailable(t, err, tc.detail, tc.log)
		})
	}
}

// checkUnavailable wants an error with this detail, and this for the log unless that is empty; or none without detail.
func checkUnavailable(t *testing.T, err error, detail, log string) {
	t.Helper()
	if detail == "" {
		if err != nil {
			t.Error(err)
		}
		return
	}
	var unavailable *docsearch.UnavailableError
	if !errors.As(err, &unavailable) || unavailable.Detail != detail {
		t.Fatalf("got %v", err)
	}
	var of *vertexsearch.Error
	if log != "" && (!errors.As(err, &of) || of.Error() != log || of.ExceptionClass() != "VertexAPISearchError") {
		t.Errorf("for the log: %v", unavailable.Err)
	}
}

func TestWhatIsMissingIsNamed(t *testing.T) {
	g := newGoogle(t, nil)
	client := g.client()
	client.Project = ""
	_, err := client.SearchStore(t.Context(), "s", docsearch.Question{})
	checkUnavailable(t, err, "Documentation search is not configured: set AIGW_VERTEX_SEARCH__PROJECT", "")

	client = g.client()
	client.Token = func(context.Context) (string, error) { return "", errors.New("no credentials") }
	_, err = client.SearchStore(t.Context(), "s", docsearch.Question{})
	checkUnavailable(t, err, "The documentation cannot be searched: there is no access to Google Cloud", "")
	if len(g.calls) != 0 {
		t.Errorf("calls: %v", g.calls)
	}

	client = g.client()
	g.Close()
	_, err = client.SearchStore(t.Context(), "s", docsearch.Question{})
	checkUnavailable(t, err, "Vertex API Search Error.", "")
}

func TestACallEndsWhenTheClientLeaves(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	left := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		cancel()
		<-r.Context().Done()
		close(left)
	}))
	defer server.Close()
	client := vertexsearch.New(vertexsearch.Options{
		HTTP: server.Client(), BaseURL: server.URL, Project: "p", Token: func(context.Context) (string, error) { return "t", nil },
	})
	if _, err := client.SearchStore(ctx, "s", docsearch.Question{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	<-left
}

// TestVersions is S2 of spec/docs-search.md 8, against the fake.
func TestVersions(t *testing.T) {
	ok := answer{200, found}
	down := answer{503, `{"error":{"status":"UNAVAILABLE","message":"x"}}`}
	denied := answer{403, `{"error":{"status":"PERMISSION_DENIED","message":"x"}}`}
	for _, tc := range []struct {
		name, version, fallback string
		stores                  map[string]answer
		calls                   int
		results                 int
		notFound                bool
		reports                 []string
	}{
		{"the version's store", "17.6.0", "17.0", map[string]answer{"gitlab-docs-17-6": ok}, 1, 1, false, nil},
		{"an empty list is no reason to look elsewhere", "17.6.0", "17.0", map[string]answer{"gitlab-docs-17-6": {200, `{}`}, "gitlab-docs-17-0": ok}, 1, 0, false, nil},
		{
			"the fallback's store", "17.9.0", "17.0",
			map[string]answer{"gitlab-docs-17-0": ok},
			2, 1, false,
			[]string{"DataStoreNotFound: Data store not found (gitlab-docs-17-9)"},
		},
		{
			"a malformed version", "main", "17.0",
			map[string]answer{"gitlab-docs-17-0": ok},
			1, 1, false,
			[]string{"DataStoreNotFound: Invalid version: main (main)"},
		},
		{
			"neither", "17.9.0", "17.0", nil, 2, 0, true,
			[]string{"DataStoreNotFound: Data store not found (gitlab-docs-17-9)", "DataStoreNotFound: Data store not found (gitlab-docs-17-0)"},
		},
		{
			"an error is no reason to look elsewhere", "17.6.0", "17.0",
			map[string]answer{"gitlab-docs-17-6": down, "gitlab-docs-17-0": ok},
			1, 0, false,
			[]string{"VertexAPISearchError: Vertex Search API error: Unavailable 503 x ()"},
		},
		{
			"an error of the fallback", "17.9.0", "17.0",
			map[string]answer{"gitlab-docs-17-0": denied},
			2, 0, false,
			[]string{"DataStoreNotFound: Data store not found (gitlab-docs-17-9)", "VertexAPISearchError: Vertex Search API error: PermissionDenied 403 x ()"},
		},
		{"no fallback", "main", "", nil, 0, 0, true, []string{"DataStoreNotFound: Invalid version: main (main)", "DataStoreNotFound: Invalid version:  ()"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			g := newGoogle(t, tc.stores)
			var reports []string
			hosted := &docsearch.Hosted{Stores: g.client(), Fallback: tc.fallback, Report: func(_ context.Context, err error, input string) {
				class := err.(interface{ ExceptionClass() string }).ExceptionClass() //nolint:errorlint // it is the error itself
				reports = append(reports, class+": "+err.Error()+" ("+input+")")
			}}
			results, err := hosted.Search(t.Context(), docsearch.Question{Text: "x", PageSize: 4, Version: tc.version})
			if len(results) != tc.results || len(g.calls) != tc.calls || errors.Is(err, docsearch.ErrDataStoreNotFound) != tc.notFound {
				t.Errorf("%d results, %d calls, %v", len(results), len(g.calls), err)
			}
			if diff := cmp.Diff(tc.reports, reports); diff != "" {
				t.Errorf("reports (-want +got):\n%s", diff)
			}
		})
	}
}
