package index_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/docsearch/index"
)

type entry struct{ name, text string }

func zipped(t *testing.T, entries ...entry) []byte {
	t.Helper()
	var b bytes.Buffer
	archive := zip.NewWriter(&b)
	for _, e := range entries {
		w, err := archive.Create(e.name)
		if err == nil {
			_, err = w.Write([]byte(e.text))
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

func tarred(t *testing.T, entries ...entry) []byte {
	t.Helper()
	var b bytes.Buffer
	compressed := gzip.NewWriter(&b)
	archive := tar.NewWriter(compressed)
	for _, e := range entries {
		err := archive.WriteHeader(&tar.Header{Name: e.name, Size: int64(len(e.text)), Mode: 0o644, Typeflag: tar.TypeReg})
		if err == nil {
			_, err = archive.Write([]byte(e.text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.WriteHeader(&tar.Header{Name: "gitlab/doc/link.md", Linkname: "/etc/passwd", Typeflag: tar.TypeSymlink}); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(archive.Close(), compressed.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func archiveFile(t *testing.T, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "archive")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestReadArchive(t *testing.T) {
	entries := []entry{
		{"gitlab-master-doc/doc/user/b.md", "# B\r\nx\ry\n"},
		{"gitlab-master-doc/doc/a.md", "# A\xff\n"},
		{"gitlab-master-doc/doc/.hidden/c.md", "# C\n"},
		{"gitlab-master-doc/doc/a.txt", "no"},
		{"gitlab-master-doc/README.md", "no"},
		{"gitlab-master-doc/app/doc/d.md", "no"},
		{"README.md", "no"},
	}
	want := []index.File{{Path: ".hidden/c.md", Text: "# C\n"}, {Path: "a.md", Text: "# A\ufffd\n"}, {Path: "user/b.md", Text: "# B\nx\ny\n"}}
	for name, content := range map[string][]byte{"zip": zipped(t, entries...), "tar.gz": tarred(t, entries...)} {
		got, err := index.ReadArchive(archiveFile(t, content))
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
		}
	}
	got, err := index.ReadArchive(archiveFile(t, zipped(t, entry{"doc/a.md", "# A\n"})))
	if len(got) != 1 || got[0].Path != "a.md" || err != nil {
		t.Errorf("doc at the top: %v, %v", got, err)
	}
}

func TestArchivesThatCannotBeRead(t *testing.T) {
	whole := zipped(t, entry{"d/doc/a.md", strings.Repeat("# A\n", 100)})
	broken := bytes.Clone(whole)
	broken[60] ^= 0xff
	tooLarge := strings.Repeat("x", 16<<20+1)
	for name, content := range map[string][]byte{
		"empty": nil, "text": []byte("x"), "cut off": whole[:len(whole)/2], "damaged": broken, "half a tar": tarred(t, entry{"d/doc/a.md", "# A\n"})[:40],
		"a page that is too large": zipped(t, entry{"d/doc/a.md", tooLarge}), "only files": zipped(t, entry{"a.md", "# A\n"}),
	} {
		t.Run(name, func(t *testing.T) {
			if files, err := index.ReadArchive(archiveFile(t, content)); err == nil {
				t.Errorf("got %d files", len(files))
			}
		})
	}
	if files, err := index.ReadArchive(archiveFile(t, zipped(t, entry{"d/doc/", ""}))); len(files) != 0 || err != nil {
		t.Errorf("an archive without pages: %v, %v", files, err)
	}
}

func TestReadFolderFollowsNoLinks(t *testing.T) {
	folder, outside := t.TempDir(), t.TempDir()
	for path, text := range map[string]string{
		filepath.Join(folder, "b.md"): "# B\n", filepath.Join(folder, "a", "x.md"): "# X\n", filepath.Join(outside, "secret.md"): "# Secret\n",
	} {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for link, target := range map[string]string{"link.md": filepath.Join(outside, "secret.md"), "folder": outside} {
		if err := os.Symlink(target, filepath.Join(folder, link)); err != nil {
			t.Fatal(err)
		}
	}
	got, err := index.ReadFolder(folder)
	want := []index.File{{Path: "a/x.md", Text: "# X\n"}, {Path: "b.md", Text: "# B\n"}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

func TestABuildThatIsInterruptedLeavesTheOldIndex(t *testing.T) {
	folder := t.TempDir()
	output := filepath.Join(folder, "docs.db")
	if err := os.WriteFile(output, []byte("the old one"), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	files := []index.File{{Path: "a.md", Text: "# A\n"}, {Path: "b.md", Text: "# B\n"}, {Path: "c.md", Text: "# C\n"}}
	err := index.Build(ctx, files, index.Options{Output: output, Progress: func(done, all int) {
		if all != 3 {
			t.Errorf("%d pages", all)
		}
		if done == 2 {
			cancel()
		}
	}})
	if err == nil {
		t.Error("no error")
	}
	if b, err := os.ReadFile(output); string(b) != "the old one" || err != nil {
		t.Errorf("%q, %v", b, err)
	}
	checkFolder(t, output, "docs.db")
}
