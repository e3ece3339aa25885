package app

import (
	"math"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"testing"
)

func TestASmallHeapMayFillTheHeadroomWithGarbage(t *testing.T) {
	for _, tc := range []struct {
		name             string
		heap, room, want int64
	}{
		{"an empty heap counts as a megabyte", 0, 48 << 20, 4800},
		{"a small heap gathers as much as there is room", 12 << 20, 48 << 20, 400},
		{"a heap of the headroom's size doubles", 48 << 20, 48 << 20, 100},
		{"a large heap doubles, as Go has it", 500 << 20, 48 << 20, 100},
		{"a small memory has little room", 16 << 20, 32 << 20, 200},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := gcPercent(tc.heap, tc.room); got != int(tc.want) {
				t.Errorf("got %d, want %d", got, tc.want)
			}
		})
	}
}

func TestTheHeadroomFollowsTheHeap(t *testing.T) {
	t.Cleanup(func() { debug.SetGCPercent(100) })
	gatherGarbage(math.MaxInt64)
	if small := gogc(); small <= 100 {
		t.Errorf("a small heap may grow by %d%%", small)
	}
	held := make([]byte, 200<<20)
	for range 100 { // a collection finds the object that reports it, and the report comes a moment later
		if runtime.GC(); gogc() == 100 {
			break
		}
	}
	if large := gogc(); large != 100 {
		t.Errorf("a large heap may grow by %d%%", large)
	}
	runtime.KeepAlive(held)
}

func gogc() int {
	sample := []metrics.Sample{{Name: "/gc/gogc:percent"}}
	metrics.Read(sample)
	return int(sample[0].Value.Uint64())
}
