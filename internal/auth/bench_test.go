package auth

import (
	"context"
	"testing"
)

func BenchmarkAuthenticate(b *testing.B) {
	g := workedExamples(b)
	h := headersH(sign(keyK1(), header(obj{"kid": "K1"}), tokenA()))
	for _, bm := range []struct {
		name   string
		before func()
	}{
		{"first sight of a token", func() { g.verified = tokenCache{} }},
		{"seen before", func() {}},
	} {
		b.Run(bm.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				bm.before()
				if _, err := g.Authenticate(context.Background(), h); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
