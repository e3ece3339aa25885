package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"syscall"
)

// listen opens a port; its error names the setting to change: that of the port, or that of the host.
func listen(ctx context.Context, host string, port int, hostSetting, portSetting string) (net.Listener, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", address(host, port))
	var dns *net.DNSError
	switch {
	case err == nil:
		return listener, nil
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("%s: port %d is taken; end the program that listens there, or set another port (%w)", portSetting, port, err)
	case errors.Is(err, syscall.EACCES):
		return nil, fmt.Errorf("%s: port %d is only for privileged users; set one above 1023 (%w)", portSetting, port, err)
	case errors.Is(err, syscall.EADDRNOTAVAIL), errors.As(err, &dns):
		return nil, fmt.Errorf("%s: this machine has no address %s; 0.0.0.0 means all that it has (%w)", hostSetting, host, err)
	default:
		return nil, fmt.Errorf("%s: %w", portSetting, err)
	}
}

func address(host string, port int) string { return net.JoinHostPort(host, strconv.Itoa(port)) }
