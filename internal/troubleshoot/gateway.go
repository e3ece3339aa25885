package troubleshoot

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
)

// Gateway says whether a gateway runs at base, a URL without a slash at its end.
func Gateway(client *http.Client, base string) Check {
	return Check{Name: "gateway", Title: "The gateway is up and running at " + redacted(base), Find: func(ctx context.Context) Finding {
		res, finding := get(ctx, client, base+"/monitoring/healthz")
		switch {
		case finding != nil:
			finding.Remedy = "Start it, or say where it runs (--endpoint HOST:PORT). " + finding.Remedy
			return *finding
		case res.StatusCode != http.StatusOK:
			return failed("it answers "+res.Status, "Something else may listen there; say where the gateway runs (--endpoint HOST:PORT).")
		default:
			return passed("")
		}
	}}
}

// Ready says whether the running gateway can do its work: whether hosted models have answered it.
func Ready(client *http.Client, base string) Check {
	return Check{Name: "ready", Title: "The gateway is ready", Needs: []string{"gateway"}, Find: func(ctx context.Context) Finding {
		status, detail, err := ask(ctx, client, http.MethodGet, base+"/monitoring/ready", nil, nil)
		switch {
		case err != nil:
			return trouble(err, base)
		case status == http.StatusOK:
			return passed("")
		default:
			return failed(fmt.Sprintf("status %d, %s", status, detail),
				"A hosted model does not answer, or none is set up. The gateway's log says which one; check its key and the network (HTTPS_PROXY).")
		}
	}}
}

// ask sends a request and reads the "detail" or "error" of a refusal.
func ask(ctx context.Context, client *http.Client, method, target string, header http.Header, body io.Reader) (status int, detail string, err error) {
	req, err := http.NewRequestWithContext(ctx, method, target, body)
	if err != nil {
		return 0, "", err
	}
	if header != nil {
		req.Header = header.Clone()
	}
	req.Header.Set("Accept", "application/json")
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := client.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer res.Body.Close()
	const most = 4096 // an answer of ours is shorter
	text, err := io.ReadAll(io.LimitReader(res.Body, most))
	if err != nil {
		return 0, "", err
	}
	var said struct {
		Detail, Error any
	}
	if json.Unmarshal(text, &said) != nil {
		return res.StatusCode, "an answer that is no JSON", nil
	}
	for _, value := range []any{said.Detail, said.Error} {
		if value, isText := value.(string); isText && value != "" {
			return res.StatusCode, value, nil
		}
	}
	return res.StatusCode, "no reason given", nil
}
