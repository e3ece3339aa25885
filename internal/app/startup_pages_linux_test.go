package app

import (
	"os"
	"strconv"
	"strings"
	"testing"
)

func TestPagesThatOnlyTheStartNeededAreGivenBack(t *testing.T) {
	before := filePages(t)
	releaseStartupPages()
	if after := filePages(t); after >= before {
		t.Errorf("%d pages of files are mapped, as before %d", after, before)
	}
}

// filePages is how many pages of files the process has in memory.
func filePages(t *testing.T) int {
	t.Helper()
	statm, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Fatal(err)
	}
	pages, err := strconv.Atoi(strings.Fields(string(statm))[2])
	if err != nil {
		t.Fatal(err)
	}
	return pages
}
