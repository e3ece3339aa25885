package index

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
)

// ReadFolder reads the pages in a checkout of GitLab, or in its folder doc, sorted by path. Links are not followed.
func ReadFolder(name string) ([]File, error) {
	root, err := os.OpenRoot(name)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	tree, start := root.FS(), "."
	if info, err := fs.Stat(tree, docFolder); err == nil && info.IsDir() {
		start = docFolder
	}
	return readTree(tree, start)
}

// ReadTree reads the pages in a tree of files whose root is the folder doc.
func ReadTree(tree fs.FS) ([]File, error) { return readTree(tree, ".") }

// docFolder is where GitLab's repository has its documentation.
const docFolder = "doc"

func readTree(tree fs.FS, start string) (files []File, err error) {
	err = fs.WalkDir(tree, start, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() || !isPage(name) {
			return err
		}
		content, err := tree.Open(name)
		if err != nil {
			return err
		}
		defer content.Close()
		file, err := readFile(strings.TrimPrefix(name, start+"/"), content)
		files = append(files, file)
		return err
	})
	return files, err
}

func isPage(name string) bool { return path.Ext(name) == ".md" }

// largestFile is far more than any page has; a larger file is no page.
const largestFile = 16 << 20

// readFile reads a page. Bytes that are no UTF-8 become replacement characters, and lines end with LF.
func readFile(name string, content io.Reader) (File, error) {
	b, err := io.ReadAll(io.LimitReader(content, largestFile+1))
	if err != nil {
		return File{}, fmt.Errorf("read %s: %w", name, err)
	}
	if len(b) > largestFile {
		return File{}, fmt.Errorf("%s is larger than %d MiB: it is no page of documentation", name, largestFile>>20)
	}
	text := lineEnds.Replace(strings.ToValidUTF8(string(b), "\ufffd"))
	return File{Path: strings.ToValidUTF8(name, "\ufffd"), Text: text}, nil
}

var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")
