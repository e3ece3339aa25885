package app

import (
	"os"
	"reflect"
	"strconv"
	"strings"
	"syscall"
	"unsafe"
)

// releaseStartupPages takes the program's code and constants out of the process that only its start has needed, some 20 MiB: initialising a
// few hundred packages touches nearly all of them. These pages are the binary's own and are never written to; one that is needed again
// comes back from the kernel's cache within a microsecond.
func releaseStartupPages() {
	mappings, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		return // then the process is only larger
	}
	const constant = "constants of the program"
	code, constants := uint64(reflect.ValueOf(releaseStartupPages).Pointer()), uint64(uintptr(unsafe.Pointer(unsafe.StringData(constant))))
	for line := range strings.Lines(string(mappings)) {
		place, rest, _ := strings.Cut(line, " ")
		from, to, _ := strings.Cut(place, "-")
		start, err1 := strconv.ParseUint(from, 16, 64)
		end, err2 := strconv.ParseUint(to, 16, 64)
		readOnly := strings.HasPrefix(rest, "r-xp ") || strings.HasPrefix(rest, "r--p ")
		holds := func(address uint64) bool { return start <= address && address < end }
		if err1 == nil && err2 == nil && readOnly && (holds(code) || holds(constants)) {
			_, _, _ = syscall.Syscall(syscall.SYS_MADVISE, uintptr(start), uintptr(end-start), syscall.MADV_DONTNEED)
		}
	}
}
