package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// profileLength is how long the gateway is watched under each workload.
const profileLength = 10 * time.Second

// profile writes what the gateway spends its processor time and its memory on, one pair of files a workload:
// "completion.cpu.pprof" and "completion.allocs.pprof" for instance, both of that workload alone.
func profile(ctx context.Context, directory string) error {
	lab, err := openLab(ctx)
	if err != nil {
		return err
	}
	defer lab.close()
	if err := os.MkdirAll(directory, 0o755); err != nil {
		return err
	}
	for _, w := range []workload{{"completion", lab.completion}, {"passed-on", lab.passedOn}} {
		if _, err := saturate(ctx, w, lab.gateway, *concurrency, time.Second); err != nil {
			return err
		}
		for _, kind := range []struct{ name, page string }{{"cpu", "profile"}, {"allocs", "allocs"}} {
			file := filepath.Join(directory, w.name+"."+kind.name+".pprof")
			if err := lab.profileUnder(ctx, w, kind.page, file); err != nil {
				return err
			}
			fmt.Println(file)
		}
	}
	return nil
}

// profileUnder keeps the gateway busy while it is watched.
func (l *lab) profileUnder(ctx context.Context, w workload, page, file string) error {
	var (
		group  sync.WaitGroup
		loaded error
	)
	group.Go(func() { _, loaded = saturate(ctx, w, l.gateway, *concurrency, profileLength+time.Second) })
	err := save(ctx, fmt.Sprintf("%s/debug/pprof/%s?seconds=%d", l.metricsURL, page, int(profileLength.Seconds())), file)
	group.Wait()
	if err == nil {
		err = loaded
	}
	return err
}

func save(ctx context.Context, url, file string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", url, res.Status)
	}
	out, err := os.Create(file)
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, res.Body); err != nil {
		_ = out.Close()
		return err
	}
	return out.Close()
}
