package main

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"
)

// workload is one kind of request; send makes one and fails when the answer isn't the expected one.
type workload struct {
	name string
	send func(context.Context, *http.Client) error
}

// round is what one round measured.
type round struct {
	perSecond float64
	cpu       time.Duration // of the peer, a request; 0 where it wasn't measured
	latencies []time.Duration
}

// client sends each request in one write, so that it costs the same whether its head carries a token or not.
func client(connections int) *http.Client {
	return &http.Client{
		Transport: &http.Transport{MaxIdleConnsPerHost: connections, MaxConnsPerHost: connections, WriteBufferSize: 16 << 10},
		Timeout:   30 * time.Second,
	}
}

// saturate keeps a number of requests in flight and measures what the peer makes of it.
func saturate(ctx context.Context, w workload, peer *peer, inFlight int, length time.Duration) (round, error) {
	ctx, cancel := context.WithTimeout(ctx, length)
	defer cancel()
	c := client(inFlight)
	defer c.CloseIdleConnections()
	var (
		group     sync.WaitGroup
		mu        sync.Mutex
		latencies []time.Duration
		failure   error
	)
	cpu, started := peer.cpu(), time.Now()
	for range inFlight {
		group.Go(func() {
			var mine []time.Duration
			for ctx.Err() == nil {
				sent := time.Now()
				err := w.send(ctx, c)
				if err != nil && ctx.Err() == nil {
					mu.Lock()
					failure = err
					mu.Unlock()
					return
				}
				if err == nil {
					mine = append(mine, time.Since(sent))
				}
			}
			mu.Lock()
			latencies = append(latencies, mine...)
			mu.Unlock()
		})
	}
	group.Wait()
	if failure != nil || len(latencies) == 0 {
		return round{}, fmt.Errorf("%s: %w", w.name, failure)
	}
	took := time.Since(started)
	return round{float64(len(latencies)) / took.Seconds(), (peer.cpu() - cpu) / time.Duration(len(latencies)), latencies}, nil
}

// steady sends at a fixed rate, whether or not earlier requests have been answered.
func steady(ctx context.Context, w workload, perSecond int, length time.Duration) (round, error) {
	c := client(256)
	defer c.CloseIdleConnections()
	var (
		group     sync.WaitGroup
		mu        sync.Mutex
		latencies []time.Duration
		failure   error
	)
	tick := time.NewTicker(time.Second / time.Duration(perSecond))
	defer tick.Stop()
	for range int(length.Seconds() * float64(perSecond)) {
		<-tick.C
		group.Go(func() {
			sent := time.Now()
			err := w.send(ctx, c)
			took := time.Since(sent)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				failure = err
				return
			}
			latencies = append(latencies, took)
		})
	}
	group.Wait()
	if failure != nil {
		return round{}, fmt.Errorf("%s: %w", w.name, failure)
	}
	return round{perSecond: float64(len(latencies)) / length.Seconds(), latencies: latencies}, nil
}

// series are the rounds of one peer.
type series []round

func (s series) median(of func(round) float64) float64 {
	values := make([]float64, len(s))
	for i, r := range s {
		values[i] = of(r)
	}
	slices.Sort(values)
	return values[len(values)/2]
}

func (s series) perSecond() float64 { return s.median(func(r round) float64 { return r.perSecond }) }

// cpu is in microseconds a request; p50 and p99 are in milliseconds.
func (s series) cpu() float64 {
	return s.median(func(r round) float64 { return float64(r.cpu.Microseconds()) })
}

func (s series) p50() float64 {
	return s.median(func(r round) float64 { return quantile(r.latencies, 0.50) })
}

func (s series) p99() float64 {
	return s.median(func(r round) float64 { return quantile(r.latencies, 0.99) })
}

func quantile(latencies []time.Duration, q float64) float64 {
	sorted := slices.Sorted(slices.Values(latencies))
	return float64(sorted[min(int(q*float64(len(sorted))), len(sorted)-1)].Microseconds()) / 1000
}

func printHeader() {
	fmt.Printf("  %-44s %12s %10s %10s %12s\n", "", "requests/s", "p50 ms", "p99 ms", "CPU us/req")
}

func (s series) print(name string) {
	fmt.Printf("  %-44s %12.0f %10.2f %10.2f %12.0f\n", name, s.perSecond(), s.p50(), s.p99(), s.cpu())
}
