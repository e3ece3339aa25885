package amazonq

import (
	"errors"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"

	"github.com/ai-gateway/ai-gateway/internal/llm"
)

const (
	maxAttempts = 5                // of each call to AWS
	phase       = 60 * time.Second // time-out of each phase of an attempt
)

// newRetryer repeats calls to AWS as the contract has it (spec/models-and-providers.md 15.5): up to 5 attempts, with a random part of 1, 2, 4
// and 8 seconds between them.
func newRetryer(random func() float64) *retry.Standard {
	return retry.NewStandard(func(o *retry.StandardOptions) {
		o.MaxAttempts = maxAttempts
		o.Retryables = []retry.IsErrorRetryable{retry.IsErrorRetryableFunc(worthRepeating)}
		o.RateLimiter = ratelimit.None
		o.Backoff = retry.BackoffDelayerFunc(func(attempt int, _ error) (time.Duration, error) {
			longest := time.Second << (attempt - 1)
			return time.Duration(random() * float64(longest)), nil
		})
	})
}

// worthRepeating tells whether a failure is passing: the service is busy or broken, or the connection is.
func worthRepeating(err error) aws.Ternary {
	if lost := llm.ErrorOf(err); lost != nil {
		return aws.BoolTernary(lost.Kind != llm.Refused)
	}
	var (
		refused *ServiceError
		coded   smithy.APIError
		answer  *awshttp.ResponseError
	)
	code, status := "", 0
	if errors.As(err, &refused) {
		code, status = refused.Code, refused.Status
	}
	if errors.As(err, &coded) {
		code = coded.ErrorCode()
	}
	if errors.As(err, &answer) {
		status = answer.HTTPStatusCode()
	}
	_, throttled := retry.DefaultThrottleErrorCodes[code]
	return aws.BoolTernary(throttled || passing[status])
}

var passing = map[int]bool{
	http.StatusTooManyRequests: true, http.StatusInternalServerError: true, http.StatusBadGateway: true,
	http.StatusServiceUnavailable: true, http.StatusGatewayTimeout: true, 509: true, // bandwidth limit exceeded
}
