package index

import (
	"archive/tar"
	"archive/zip"
	"bufio"
	"bytes"
	"cmp"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// ErrNoFolder says that an archive has only files at its top, so it is no archive of GitLab.
var ErrNoFolder = errors.New("No directory found after extraction") //nolint:staticcheck,revive // the contract's text

// ReadArchive reads the pages in a .zip or .tar.gz of GitLab, as GitLab makes them: of the whole repository or of its folder doc. They are
// sorted by path. Nothing is unpacked to disk. An archive without pages is no error.
func ReadArchive(name string) ([]File, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	start := bufio.NewReader(file)
	magic, _ := start.Peek(2) // an empty file is neither
	var files []File
	switch {
	case bytes.Equal(magic, []byte("PK")):
		files, err = readZip(name)
	case bytes.Equal(magic, []byte{0x1f, 0x8b}):
		files, err = readTar(start)
	default:
		err = errors.New("this is neither a .zip nor a .tar.gz")
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	slices.SortFunc(files, func(a, b File) int { return cmp.Compare(a.Path, b.Path) })
	return files, nil
}

func readZip(name string) (files []File, err error) {
	archive, err := zip.OpenReader(name)
	if err != nil {
		return nil, err
	}
	defer archive.Close()
	folders := false
	for _, entry := range archive.File {
		folders = folders || strings.Contains(entry.Name, "/")
		page, ok := belowDoc(entry.Name)
		if !ok || !entry.Mode().IsRegular() {
			continue
		}
		content, err := entry.Open()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", entry.Name, err)
		}
		file, err := readFile(page, content)
		if err = errors.Join(err, content.Close()); err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	if !folders {
		return nil, ErrNoFolder
	}
	return files, nil
}

func readTar(r io.Reader) (files []File, err error) {
	unzipped, err := gzip.NewReader(r)
	if err != nil {
		return nil, err
	}
	archive := tar.NewReader(unzipped)
	folders := false
	for {
		entry, err := archive.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		folders = folders || strings.Contains(entry.Name, "/")
		page, ok := belowDoc(entry.Name)
		if !ok || entry.Typeflag != tar.TypeReg {
			continue
		}
		file, err := readFile(page, archive)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	if !folders {
		return nil, ErrNoFolder
	}
	return files, nil
}

// belowDoc is the path of a page below the folder doc, which is in the archive's one folder, or at its top.
func belowDoc(entry string) (page string, ok bool) {
	top, rest, _ := strings.Cut(strings.TrimPrefix(entry, "./"), "/")
	if top == docFolder && isPage(rest) {
		return rest, true
	}
	page, ok = strings.CutPrefix(rest, docFolder+"/")
	return page, ok && isPage(page)
}
