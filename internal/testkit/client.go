package testkit

import (
	"context"
	"errors"
	"io"
	"net/http"
)

// Answer is what a client got.
type Answer struct {
	Status  int
	Header  http.Header
	Body    []byte
	Cut     bool // the connection ended before the body did
	Aborted bool // we left: the context of the request was cancelled; the other fields hold what had come until then
}

// newClient neither follows redirects nor asks for compression, and gives each request a connection of its own, as the
// clients of a load balancer have.
func newClient() *http.Client {
	return &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true, DisableCompression: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// Send asks the gateway and reads the whole answer. An answer that is cut short is not an error, neither is one that we
// left by cancelling the request's context. No answer at all is one.
func (p *Process) Send(req *http.Request) (Answer, error) {
	res, err := p.client.Do(req)
	if err != nil {
		if errors.Is(err, context.Canceled) {
			return Answer{Aborted: true}, nil
		}
		return Answer{}, err
	}
	defer res.Body.Close()
	a := Answer{Status: res.StatusCode, Header: res.Header}
	a.Body, err = io.ReadAll(res.Body)
	switch {
	case errors.Is(err, context.Canceled):
		a.Aborted = true
	case errors.Is(err, context.DeadlineExceeded):
		return a, err
	case err != nil:
		a.Cut = true
	}
	return a, nil
}
