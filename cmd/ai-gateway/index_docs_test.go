package main

import (
	"archive/zip"
	"bytes"
	"database/sql"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// docsArchive is a .zip as GitLab makes it.
func docsArchive(t *testing.T, pages map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	archive := zip.NewWriter(&b)
	for name, text := range pages {
		w, err := archive.Create(name)
		if err == nil {
			_, err = w.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// indexDocs runs the command and returns what it prints.
func indexDocs(t *testing.T, args ...string) (stdout string, err error) {
	t.Helper()
	var out, errs bytes.Buffer
	command := rootCommand()
	command.SetArgs(append([]string{"index-docs"}, args...))
	command.SetOut(&out)
	command.SetErr(&errs)
	err = command.ExecuteContext(t.Context())
	if errs.Len() > 0 {
		t.Errorf("standard error: %s", &errs)
	}
	return out.String(), err
}

// rowsOf are the rows of doc_index.
func rowsOf(t *testing.T, path string) (rows []string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var version int
	if err := db.QueryRowContext(t.Context(), "PRAGMA user_version").Scan(&version); err != nil || version != 1 {
		t.Errorf("user_version %d, %v", version, err)
	}
	found, err := db.QueryContext(t.Context(), "SELECT processed, content, metadata FROM doc_index")
	if err != nil {
		t.Fatal(err)
	}
	defer found.Close()
	for found.Next() {
		var processed, content, metadata string
		if err := found.Scan(&processed, &content, &metadata); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, processed+"|"+content+"|"+metadata)
	}
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	return rows
}

var docsRows = []string{
	" b\n|# B\n|" + `{"filename": "/a/b.md"}`,
	" c\n|# C\n|" + `{"filename": "/c.md"}`,
}

func TestIndexDocsFromAFolder(t *testing.T) {
	for _, checkout := range []bool{true, false} {
		folder, output := t.TempDir(), filepath.Join(t.TempDir(), "docs.db")
		docs := folder
		if checkout {
			docs = filepath.Join(folder, "doc")
		}
		for name, text := range map[string]string{"c.md": "# C\n", "a/b.md": "# B\r\n", "a/x.png": "", "a/y.md/z.txt": ""} {
			path := filepath.Join(docs, name)
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		stdout, err := indexDocs(t, "-o", output, "--source", folder)
		if err != nil || stdout != "Indexed 2 pages\nDatabase created at "+output+"\n" {
			t.Errorf("%q, %v", stdout, err)
		}
		if diff := cmp.Diff(docsRows, rowsOf(t, output)); diff != "" {
			t.Errorf("checkout %v: rows (-want +got):\n%s", checkout, diff)
		}
	}
}

func TestIndexDocsGoesOnWithADownload(t *testing.T) {
	archive := docsArchive(t, map[string]string{
		"gitlab-master-doc/doc/c.md": "# C\n", "gitlab-master-doc/doc/a/b.md": "# B\n", "gitlab-master-doc/README.md": "# No\n",
	})
	output := filepath.Join(t.TempDir(), "docs.db")
	for name, content := range map[string][]byte{
		".download.part": archive[:len(archive)/2], ".download.part.json": []byte(`{"ETag":"\"1\"","LastModified":"","Size":` + size(archive) + `}`),
	} {
		if err := os.WriteFile(output+name, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var ranges []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ranges = append(ranges, r.Header.Get("Range"))
		w.Header().Set("ETag", `"1"`)
		http.ServeContent(w, r, "docs.zip", time.Time{}, bytes.NewReader(archive))
	}))
	defer server.Close()
	stdout, err := indexDocs(t, "-o", output, "--archive_url", server.URL)
	if err != nil || !strings.HasPrefix(stdout, server.URL+"\n") {
		t.Errorf("%q, %v", stdout, err)
	}
	if diff := cmp.Diff([]string{"bytes=" + size(archive[:len(archive)/2]) + "-"}, ranges); diff != "" {
		t.Errorf("ranges (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(docsRows, rowsOf(t, output)); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	if entries, err := os.ReadDir(filepath.Dir(output)); err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

func TestIndexDocsThatFailsLeavesTheOldIndex(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	folder := t.TempDir()
	files := map[string][]byte{
		"flat.zip": docsArchive(t, map[string]string{"c.md": "# C\n"}), "text.zip": []byte("text"),
		"half.zip": docsArchive(t, map[string]string{"d/doc/c.md": strings.Repeat("# C\n", 1000)})[:60], "docs.db": []byte("the old one"),
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	output := filepath.Join(folder, "docs.db")
	for _, tc := range []struct {
		name string
		args []string
		want string // part of the error
	}{
		{"no such version", []string{"--archive_url", server.URL}, "Failed to download documents. Status code: 404"},
		{"no folder in the archive", []string{"--source", filepath.Join(folder, "flat.zip")}, "No directory found after extraction"},
		{"not an archive", []string{"--source", filepath.Join(folder, "text.zip")}, "neither a .zip nor a .tar.gz"},
		{"half an archive", []string{"--source", filepath.Join(folder, "half.zip")}, "half.zip: "},
		{"no source", []string{"--source", filepath.Join(folder, "none")}, "no such file"},
		{"no folder for the output", []string{"--source", folder, "-o", filepath.Join(folder, "no", "docs.db")}, "create it first"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := indexDocs(t, append([]string{"-o", output}, tc.args...)...)
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v", err)
			}
			if b, err := os.ReadFile(output); err != nil || string(b) != "the old one" {
				t.Errorf("the old index: %q, %v", b, err)
			}
		})
	}
}

func size(b []byte) string { return strconv.Itoa(len(b)) }
