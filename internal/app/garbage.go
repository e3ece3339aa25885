package app

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// headroom is how much garbage may gather between two collections at least, in bytes. A gateway at work keeps a few megabytes and makes
// tens of kilobytes of garbage a request, so that Go's rule, collect when the heap has doubled, would have it collect all the time.
const headroom = 48 << 20

// gatherGarbage lets garbage gather up to the headroom, of a small memory up to a quarter of it; for a large heap Go's rule
// holds.
func gatherGarbage(memoryLimit int64) {
	room := min(headroom, memoryLimit/4)
	percent := 100
	adjust := func() {
		if wanted := gcPercent(heapInUse(), room); wanted < percent*4/5 || wanted > percent*5/4 {
			percent = wanted
			debug.SetGCPercent(percent)
		}
	}
	adjust()
	afterEachCollection(adjust)
}

// giveBackStartupMemory takes out of the process what only its start has needed, half of its memory.
func giveBackStartupMemory() {
	debug.FreeOSMemory()
	releaseStartupPages()
}

// gcPercent is the value of GOGC at which a heap of this size has that much room to grow; 100, its default, or more.
func gcPercent(heap, room int64) int {
	return max(100, int(100*room/max(heap, 1<<20)))
}

// heapInUse is what the last collection had to keep or to look at: what counts for GOGC.
func heapInUse() int64 {
	samples := []metrics.Sample{{Name: "/gc/heap/live:bytes"}, {Name: "/gc/scan/stack:bytes"}, {Name: "/gc/scan/globals:bytes"}}
	metrics.Read(samples)
	var sum int64
	for _, s := range samples {
		sum += int64(s.Value.Uint64())
	}
	return sum
}

// afterEachCollection calls f after each garbage collection, one call at a time: an object that nobody holds is found by the next one.
func afterEachCollection(f func()) {
	type object struct{ _ [64]byte } // too large to share its place with others, which would keep it
	var watch func()
	watch = func() {
		runtime.AddCleanup(new(object), func(struct{}) {
			f()
			watch()
		}, struct{}{})
	}
	watch()
}
