package amazonq

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"

	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
)

const (
	assumeRole  = "AssumeRoleWithWebIdentity"
	roleSeconds = 12 * 60 * 60 // how long the credentials are asked for
)

// roles borrows roles of customers at AWS's token service (spec/models-and-providers.md 15.2, step 3).
type roles struct{ client *sts.Client }

func newRoles(o Options, again aws.Retryer) *roles {
	options := sts.Options{
		Region: o.Region, Credentials: aws.AnonymousCredentials{}, HTTPClient: transport{o.HTTP}, Retryer: again,
	}
	if o.STSURL != "" {
		options.BaseEndpoint = &o.STSURL
	}
	return &roles{sts.New(options)}
}

// assume lends a role to the owner of a token, under the name of a session. Both secrets in it are never part of an error.
func (r *roles) assume(ctx context.Context, role, name string, token *string) (aws.Credentials, error) {
	if err := checkParameters(role, name, token); err != nil {
		return aws.Credentials{}, err
	}
	out, err := r.client.AssumeRoleWithWebIdentity(ctx, &sts.AssumeRoleWithWebIdentityInput{
		RoleArn: &role, RoleSessionName: &name, WebIdentityToken: token, DurationSeconds: aws.Int32(roleSeconds),
	})
	switch {
	case err != nil:
		return aws.Credentials{}, refusedRole(err, *token)
	case out.Credentials == nil:
		return aws.Credentials{}, &UnreachableError{assumeRole, errors.New("the answer holds no credentials")}
	}
	return aws.Credentials{
		AccessKeyID:     aws.ToString(out.Credentials.AccessKeyId),
		SecretAccessKey: aws.ToString(out.Credentials.SecretAccessKey),
		SessionToken:    aws.ToString(out.Credentials.SessionToken),
	}, nil
}

// checkParameters finds what AWS's own libraries would find before they send anything, in their words.
func checkParameters(role, name string, token *string) error {
	var problems []string
	check := func(parameter, value string, least int) {
		if n := utf8.RuneCountInString(value); n < least {
			problems = append(problems, fmt.Sprintf("Invalid length for parameter %s, value: %d, valid min length: %d", parameter, n, least))
		}
	}
	check("RoleArn", role, 20)
	check("RoleSessionName", name, 2)
	if token == nil {
		problems = append(problems,
			"Invalid type for parameter WebIdentityToken, value: None, type: <class 'NoneType'>, valid types: <class 'str'>")
	} else {
		check("WebIdentityToken", *token, 4)
	}
	if problems != nil {
		return &ParameterError{problems}
	}
	return nil
}

// refusedRole is the library's error in our terms.
func refusedRole(err error, token string) error {
	var (
		answer    *awshttp.ResponseError
		coded     smithy.APIError
		exhausted *retry.MaxAttemptsError
	)
	if !errors.As(err, &answer) || answer.HTTPStatusCode() < 300 { // there is no answer, or it cannot be read
		return &UnreachableError{assumeRole, err}
	}
	refused := &ServiceError{
		Code: strconv.Itoa(answer.HTTPStatusCode()), Operation: assumeRole, Status: answer.HTTPStatusCode(), Exhausted: errors.As(err, &exhausted),
	}
	if errors.As(err, &coded) && coded.ErrorCode() != "UnknownError" {
		refused.Code, refused.Message = coded.ErrorCode(), withoutSecret(coded.ErrorMessage(), token)
	}
	return refused
}

// transport is the gateway's HTTP client as AWS's library wants it.
type transport struct{ http *wire.Client }

// Do implements [aws.HTTPClient].
func (t transport) Do(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	response, err := t.http.Relay(r.Context(), &wire.Call{
		Vendor: "sts", URL: r.URL.String(), Header: r.Header, Body: body, Connect: phase, Read: phase,
	})
	if err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: response.Status, Header: response.Header, Body: closer{response.Body}, Request: r}, nil
}

type closer struct{ *wire.Body }

func (c closer) Close() error {
	c.Body.Close()
	return nil
}
