package testkit

import (
	"errors"
	"net"
	"os"
	"strconv"
	"sync/atomic"
)

// Ports for gateways come from below the range from which Linux and the BSDs take the ports of outgoing connections, so
// that none of those takes one between its choice and its use. Test processes that run side by side start at different places.
const (
	firstPort = 12000
	lastPort  = 31999
)

var nextPort atomic.Uint32

func init() { nextPort.Store(uint32(os.Getpid()) * 97) }

// freePort is a port of 127.0.0.1 on which nobody listens.
func freePort() (int, error) {
	for range lastPort - firstPort {
		port := firstPort + int(nextPort.Add(1)%(lastPort-firstPort+1))
		listener, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		if err == nil {
			return port, listener.Close()
		}
	}
	return 0, errors.New("no free port on 127.0.0.1")
}
