// Command bench compares the gateway with a bare reverse proxy on the same machine in the same run.
//
// It starts a fake model server, a httputil.ReverseProxy in front of it and the gateway in front of it, each a process of its own, and sends
// both the same load in turn, round by round, so that a machine whose speed drifts slows both alike. The gateway has two things to do: to
// complete code, and to pass a request on to Anthropic, as the proxy does, but for who may. Figures are medians over the rounds; what counts
// are the ratios. Run it with "make bench".
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"time"
)

var (
	binary      = flag.String("binary", "bin/ai-gateway", "the gateway to measure")
	rounds      = flag.Int("rounds", 7, "measured rounds of each peer, after one that warms up")
	length      = flag.Duration("round", 2*time.Second, "length of a round")
	concurrency = flag.Int("concurrency", 16, "requests in flight, for throughput")
	rate        = flag.Int("rate", 200, "requests a second, for added latency")
	streams     = flag.Int("streams", 1000, "streams open at once, for memory")
	profiles    = flag.String("profiles", "", "write profiles of the gateway under load to this directory, and measure nothing")
	role        = flag.String("role", "", "for internal use: run as the peer \"model\" or \"proxy\"")
	listen      = flag.String("listen", "", "for internal use: address of the peer")
	upstream    = flag.String("upstream", "", "for internal use: where the proxy sends to")
)

func main() {
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var err error
	switch {
	case *role == "model":
		err = serveModel(*listen)
	case *role == "proxy":
		err = serveProxy(*listen, *upstream)
	case *profiles != "":
		err = profile(ctx, *profiles)
	default:
		err = compare(ctx)
	}
	if err != nil {
		stop()
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1) //nolint:gocritic // the deferred call was made
	}
}

// settling is how long after its start a gateway is taken to be idle.
const settling = 2 * time.Second

func compare(ctx context.Context) error {
	lab, err := openLab(ctx)
	if err != nil {
		return err
	}
	defer lab.close()

	time.Sleep(settling)
	fmt.Printf("start: ready in %s, idle %.1f MiB\n\n", lab.gateway.readyIn.Round(time.Millisecond), mib(lab.gateway.rss()))

	completion := workload{"completion, 3 KB of Python, token checked", lab.completion}
	passedOn := workload{"passed on to Anthropic, 3 KB, token checked", lab.passedOn}
	bareProxy := workload{"bare reverse proxy, same answer", lab.bareProxy}
	direct := workload{"model server alone", lab.direct}

	if err := throughput(ctx, lab, bareProxy, completion, passedOn); err != nil {
		return err
	}
	if err := latency(ctx, completion, passedOn, bareProxy, direct); err != nil {
		return err
	}
	return memory(ctx, lab)
}

// throughput sends as much as the peers take: in each round first to the proxy, then what the gateway can do.
func throughput(ctx context.Context, lab *lab, proxy workload, gateway ...workload) error {
	var theirs series
	ours := make([]series, len(gateway))
	for i := range *rounds + 1 {
		their, err := saturate(ctx, proxy, lab.proxy, *concurrency, *length)
		if err != nil {
			return err
		}
		if i > 0 {
			theirs = append(theirs, their)
		}
		for j, w := range gateway {
			our, err := saturate(ctx, w, lab.gateway, *concurrency, *length)
			if err != nil {
				return err
			}
			if i > 0 {
				ours[j] = append(ours[j], our)
			}
		}
	}
	fmt.Printf("throughput, %d in flight, medians of %d rounds of %s\n", *concurrency, *rounds, *length)
	printHeader()
	theirs.print(proxy.name)
	for j, w := range gateway {
		ours[j].print(w.name)
		fmt.Printf("    gateway/proxy: throughput %.2f, CPU a request %.2f, p50 %.2f, p99 %.2f\n",
			ours[j].perSecond()/theirs.perSecond(), ours[j].cpu()/theirs.cpu(), ours[j].p50()/theirs.p50(), ours[j].p99()/theirs.p99())
	}
	fmt.Println()
	return nil
}

// latency sends at a steady rate that leaves the machine room.
func latency(ctx context.Context, workloads ...workload) error {
	measured := make([]series, len(workloads))
	for i := range *rounds + 1 {
		for j, w := range workloads {
			round, err := steady(ctx, w, *rate, *length)
			if err != nil {
				return err
			}
			if i > 0 {
				measured[j] = append(measured[j], round)
			}
		}
	}
	fmt.Printf("latency at %d requests/s, medians of %d rounds of %s\n", *rate, *rounds, *length)
	printHeader()
	for j, w := range workloads {
		measured[j].print(w.name)
	}
	alone := measured[len(measured)-1]
	for j, w := range workloads[:len(workloads)-1] {
		fmt.Printf("  added, %s: p50 %.2f ms, p99 %.2f ms\n", w.name, measured[j].p50()-alone.p50(), measured[j].p99()-alone.p99())
	}
	fmt.Println()
	return nil
}

// memory holds many streams open.
func memory(ctx context.Context, lab *lab) error {
	peak, err := holdStreams(ctx, lab, *streams)
	if err != nil {
		return err
	}
	fmt.Printf("memory with %d streams open: %.1f MiB\n", *streams, mib(peak))
	return nil
}
