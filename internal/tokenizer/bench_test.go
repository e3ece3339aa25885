package tokenizer

import (
	_ "embed"
	"fmt"
	"runtime"
	"strings"
	"testing"
)

//go:embed testdata/warehouse.py
var python3KB string

// python100KB repeats the file under other names.
var python100KB = func() string {
	var text strings.Builder
	for i := 0; text.Len() < 100_000; i++ {
		names := strings.NewReplacer("article", fmt.Sprintf("part%c%c", 'a'+i%26, 'k'+i%7), "stock", fmt.Sprintf("depot%d", i))
		text.WriteString(names.Replace(python3KB))
	}
	return text.String()[:100_000]
}()

func BenchmarkCount(b *testing.B) {
	for _, text := range []struct{ name, text string }{{"3KB", python3KB}, {"100KB", python100KB}} {
		b.Run(text.name+"/warm", func(b *testing.B) {
			tokenizer := New()
			b.SetBytes(int64(len(text.text)))
			b.ReportAllocs()
			for b.Loop() {
				tokenizer.Count(text.text)
			}
		})
		b.Run(text.name+"/cold", func(b *testing.B) {
			b.SetBytes(int64(len(text.text)))
			b.ReportAllocs()
			for b.Loop() {
				New().Count(text.text) // the cache is the tokenizer's own
			}
		})
		b.Run(text.name+"/concurrent", func(b *testing.B) {
			tokenizer := New()
			b.SetBytes(int64(len(text.text)))
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					tokenizer.Count(text.text)
				}
			})
		})
	}
}

func BenchmarkKeepLast2000Of100KB(b *testing.B) {
	tokenizer := New()
	b.ReportAllocs()
	for b.Loop() {
		tokenizer.KeepLast(python100KB, 2000)
	}
}

func BenchmarkEncode3KB(b *testing.B) {
	tokenizer := New()
	b.ReportAllocs()
	for b.Loop() {
		tokenizer.Encode(python3KB)
	}
}

func BenchmarkCountOneWordOf1MB(b *testing.B) {
	tokenizer := New()
	text := strings.Repeat("a", 1<<20)
	b.ReportAllocs()
	for b.Loop() {
		tokenizer.Count(text)
	}
}

func BenchmarkLoadVocabulary(b *testing.B) {
	heap := func() float64 {
		var stats runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&stats)
		return float64(stats.HeapAlloc)
	}
	before := heap()
	v := loadVocabulary()
	held := heap() - before
	for b.Loop() {
		loadVocabulary()
	}
	b.ReportMetric(held, "heap-B")
	runtime.KeepAlive(v)
}
