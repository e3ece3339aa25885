package bedrock

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
)

// loginTimeout bounds the search for credentials: some places are only found to be missing by waiting.
const loginTimeout = 10 * time.Second

// login is where the credentials come from: the operator's key, or what AWS's own look-up finds, which is found out once.
func login(o Options) func() (aws.CredentialsProvider, error) {
	if o.AccessKeyID != "" && o.SecretAccessKey != "" {
		key := credentials.NewStaticCredentialsProvider(o.AccessKeyID, o.SecretAccessKey, o.SessionToken)
		return func() (aws.CredentialsProvider, error) { return key, nil }
	}
	return sync.OnceValues(func() (aws.CredentialsProvider, error) {
		found, err := config.LoadDefaultConfig(context.Background(), config.WithRegion(o.Region))
		return found.Credentials, err // they are cached and renewed in there
	})
}

// sign adds the headers that prove to AWS who calls. The signature holds for some minutes, so a repetition needs no new one.
func (p *Provider) sign(ctx context.Context, call *wire.Call) error {
	who, err := p.credentials(ctx)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, call.URL, bytes.NewReader(call.Body))
	if err != nil {
		return refused("AWS_BEDROCK_RUNTIME_ENDPOINT is not a URL") // err would quote it, passwords included
	}
	req.Header = call.Header
	digest := sha256.Sum256(call.Body)
	if err := p.signer.SignHTTP(ctx, who, req, hex.EncodeToString(digest[:]), service, p.region, time.Now()); err != nil {
		return refused("sign the request: %w", err)
	}
	call.Secret = who.SessionToken
	return nil
}

func (p *Provider) credentials(ctx context.Context) (aws.Credentials, error) {
	provider, err := p.login()
	if err != nil {
		return aws.Credentials{}, noCredentials(err)
	}
	bounded, cancel := context.WithTimeout(ctx, loginTimeout)
	defer cancel()
	who, err := provider.Retrieve(bounded)
	switch {
	case err == nil:
		return who, nil
	case ctx.Err() != nil:
		return aws.Credentials{}, ctx.Err()
	default:
		return aws.Credentials{}, noCredentials(err)
	}
}

// noCredentials is a call that is not made, with the status that clients know it by (spec/models-and-providers.md 9.10).
func noCredentials(err error) error {
	return &llm.Error{
		Kind: llm.Unauthorized, Vendor: vendor, Status: http.StatusUnauthorized,
		Err: fmt.Errorf("%s: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY: %w", unableToLogIn, err),
	}
}
