package index_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/docsearch/index"
)

var archiveBytes = bytes.Repeat([]byte("0123456789abcdef"), 64<<10) // 1 MiB

// library serves a file, as often as told only a part of it, and records which ranges were asked for.
type library struct {
	*httptest.Server
	etag   string
	body   []byte
	breaks []int // how many bytes each answer has before the connection breaks; afterwards they are whole
	ranges []string
}

func newLibrary(t *testing.T, etag string, breaks ...int) *library {
	l := &library{etag: etag, body: archiveBytes, breaks: breaks}
	l.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		l.ranges = append(l.ranges, r.Header.Get("Range"))
		if l.etag != "" {
			w.Header().Set("ETag", l.etag)
		}
		if len(l.breaks) > 0 {
			w = &breaking{w, l.breaks[0]}
			l.breaks = l.breaks[1:]
		}
		http.ServeContent(w, r, "docs.zip", time.Time{}, bytes.NewReader(l.body))
	}))
	t.Cleanup(l.Close)
	return l
}

// breaking is a response whose connection breaks.
type breaking struct {
	http.ResponseWriter
	left int
}

func (b *breaking) Write(p []byte) (int, error) {
	if len(p) < b.left {
		b.left -= len(p)
		return b.ResponseWriter.Write(p)
	}
	_, _ = b.ResponseWriter.Write(p[:b.left])
	_ = http.NewResponseController(b.ResponseWriter).Flush()
	panic(http.ErrAbortHandler)
}

func (b *breaking) Unwrap() http.ResponseWriter { return b.ResponseWriter }

func (l *library) download(path string) *index.Download {
	return &index.Download{URL: l.URL, Path: path, HTTP: l.Client(), Pause: func(context.Context, int) {}}
}

// checkFolder wants these files and nothing else in the folder of a download.
func checkFolder(t *testing.T, path string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

func checkDownloaded(t *testing.T, path string, want []byte) {
	t.Helper()
	got, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("got %d bytes, %v", len(got), err)
	}
	checkFolder(t, path, filepath.Base(path))
}

func TestADownloadGoesOnWhereItWas(t *testing.T) {
	for _, tc := range []struct {
		name, etag string
		breaks     []int
		ranges     int // requests that ask for a part
	}{
		{"in one piece", `"1"`, nil, 0},
		{"in four pieces", `"1"`, []int{300_000, 10, 500_000}, 3},
		{"a weak validator will do", `W/"1"`, []int{300_000}, 1},
		{"without a validator it starts again", "", []int{300_000}, 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			l := newLibrary(t, tc.etag, tc.breaks...)
			path := filepath.Join(t.TempDir(), "docs.zip")
			d := l.download(path)
			var done, all int64
			d.Tell = func(d, a int64) { done, all = d, a }
			var reasons []error
			d.Again = func(err error) { reasons = append(reasons, err) }
			if err := d.Run(t.Context()); err != nil {
				t.Fatal(err)
			}
			if len(reasons) < len(tc.breaks) {
				t.Errorf("told why it tries again: %v", reasons)
			}
			checkDownloaded(t, path, archiveBytes)
			if want := int64(len(archiveBytes)); done != want || all != want {
				t.Errorf("told of %d of %d bytes", done, all)
			}
			if n := strings.Count(strings.Join(l.ranges, " "), "bytes="); n != tc.ranges {
				t.Errorf("asked for %q", l.ranges)
			}
		})
	}
}

func TestALaterDownloadGoesOnWhereAnEarlierOneWas(t *testing.T) {
	for _, tc := range []struct {
		name    string
		between func(l *library)
		ranges  []string // of the later one
	}{
		{"the same file", func(*library) {}, []string{"bytes=300000-"}},
		{"another file of the same size", func(l *library) { l.etag = `"2"`; l.body = bytes.ToUpper(l.body) }, []string{"bytes=300000-", ""}},
		{"a shorter file", func(l *library) { l.etag = `"2"`; l.body = l.body[:1000] }, []string{"bytes=300000-", ""}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			l := newLibrary(t, `"1"`, 300_000)
			path := filepath.Join(t.TempDir(), "docs.zip")
			ctx, cancel := context.WithCancel(t.Context())
			d := l.download(path)
			d.Pause = func(context.Context, int) { cancel() }
			if err := d.Run(ctx); !errors.Is(err, context.Canceled) {
				t.Fatalf("got %v", err)
			}
			checkFolder(t, path, "docs.zip.part", "docs.zip.part.json")
			tc.between(l)
			l.ranges = nil
			if err := l.download(path).Run(t.Context()); err != nil {
				t.Fatal(err)
			}
			checkDownloaded(t, path, l.body)
			if diff := cmp.Diff(tc.ranges, l.ranges); diff != "" {
				t.Errorf("ranges (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAPartThatIsWholeAlready(t *testing.T) {
	l := newLibrary(t, `"1"`)
	path := filepath.Join(t.TempDir(), "docs.zip")
	for name, content := range map[string]string{
		".part": string(archiveBytes), ".part.json": `{"ETag":"\"1\"","LastModified":"","Size":1048576}`,
	} {
		if err := os.WriteFile(path+name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.download(path).Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	checkDownloaded(t, path, archiveBytes)
	if diff := cmp.Diff([]string{"bytes=1048575-"}, l.ranges); diff != "" {
		t.Errorf("ranges (-want +got):\n%s", diff)
	}
}

func TestDownloadsThatFail(t *testing.T) {
	t.Run("no such version", func(t *testing.T) {
		server := httptest.NewServer(http.NotFoundHandler())
		defer server.Close()
		err := (&index.Download{URL: server.URL, Path: filepath.Join(t.TempDir(), "x"), HTTP: server.Client()}).Run(t.Context())
		if err == nil || err.Error() != "Failed to download documents. Status code: 404" {
			t.Errorf("got %v", err)
		}
	})
	t.Run("connections that break at once", func(t *testing.T) {
		l := newLibrary(t, `"1"`, 0, 0, 0, 0, 0, 0, 0)
		err := l.download(filepath.Join(t.TempDir(), "x")).Run(t.Context())
		if err == nil || len(l.ranges) != 5 {
			t.Errorf("%d attempts, %v", len(l.ranges), err)
		}
	})
	t.Run("a server that falls silent", func(t *testing.T) {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "10")
			_, _ = w.Write([]byte("12345"))
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		}))
		defer server.Close()
		d := &index.Download{
			URL: server.URL, Path: filepath.Join(t.TempDir(), "x"), HTTP: server.Client(),
			Stalled: 20 * time.Millisecond, Pause: func(context.Context, int) {},
		}
		if err := d.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "nothing came for 20ms") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("a folder that is not there", func(t *testing.T) {
		d := &index.Download{URL: "http://127.0.0.1:1", Path: filepath.Join(t.TempDir(), "no", "x"), HTTP: http.DefaultClient}
		if err := d.Run(t.Context()); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("got %v", err)
		}
	})
}
