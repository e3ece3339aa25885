package bedrock

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"
)

// ListModels asks Bedrock which models there are, and returns how many (spec/settings-and-operations.md 13, check 5). It shows whether
// credentials, region and network will do. base is the URL of the region's control plane; empty: AWS's own.
func (p *Provider) ListModels(ctx context.Context, client *http.Client, base string) (int, error) {
	who, err := p.credentials(ctx)
	if err != nil {
		return 0, err
	}
	base = cmp.Or(base, "https://bedrock."+p.region+".amazonaws.com")
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/foundation-models", nil)
	if err != nil {
		return 0, fmt.Errorf("list models: %w", err)
	}
	empty := sha256.Sum256(nil)
	if err := p.signer.SignHTTP(ctx, who, req, hex.EncodeToString(empty[:]), service, p.region, time.Now()); err != nil {
		return 0, fmt.Errorf("list models: sign the request: %w", err)
	}
	res, err := client.Do(req)
	if err != nil {
		return 0, fmt.Errorf("list models: %w", err)
	}
	defer res.Body.Close()
	const most = 8 << 20
	var answer struct {
		ModelSummaries []json.RawMessage
		Message        string
	}
	if err := json.NewDecoder(io.LimitReader(res.Body, most)).Decode(&answer); err != nil && res.StatusCode == http.StatusOK {
		return 0, fmt.Errorf("list models: read the answer: %w", err)
	}
	if res.StatusCode != http.StatusOK {
		return 0, fmt.Errorf("list models: status %s: %s", res.Status, answer.Message)
	}
	return len(answer.ModelSummaries), nil
}
