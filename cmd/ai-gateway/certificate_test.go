package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// keyPair is a certificate and its private key, in PEM.
type keyPair struct{ certificate, key []byte }

// newCertificate is one for 127.0.0.1, valid between two durations from now, of an authority that is the certificate itself.
func newCertificate(ts *testscript.TestScript, from, to time.Duration) keyPair {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	ts.Check(err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "gateway"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(from), NotAfter: time.Now().Add(to), IsCA: true, BasicConstraintsValid: true,
		KeyUsage:    x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	ts.Check(err)
	private, err := x509.MarshalPKCS8PrivateKey(key)
	ts.Check(err)
	return keyPair{
		pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}),
	}
}

func writeCertificate(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 4 {
		ts.Fatalf("usage: certificate FROM TO CERT KEY")
	}
	from, err := time.ParseDuration(args[0])
	ts.Check(err)
	to, err := time.ParseDuration(args[1])
	ts.Check(err)
	pair := newCertificate(ts, from, to)
	writeFile(ts, args[2], pair.certificate)
	writeFile(ts, args[3], pair.key)
}

func writeFile(ts *testscript.TestScript, name string, content []byte) {
	ts.Check(os.WriteFile(ts.MkAbs(name), content, 0o600))
}

// get asks a server whose certificate is CA, with a certificate of ours if there is a KEY for it: get URL CA [KEY].
func get(ts *testscript.TestScript, neg bool, args []string) {
	authorities := x509.NewCertPool()
	authorities.AppendCertsFromPEM([]byte(ts.ReadFile(args[1])))
	settings := &tls.Config{RootCAs: authorities}
	if len(args) > 2 {
		pair, err := tls.X509KeyPair([]byte(ts.ReadFile(args[1])), []byte(ts.ReadFile(args[2])))
		ts.Check(err)
		settings.Certificates = []tls.Certificate{pair}
	}
	client := http.Client{Transport: &http.Transport{TLSClientConfig: settings}}
	res, err := client.Get(args[0])
	if err != nil {
		if !neg {
			ts.Fatalf("%v", err)
		}
		fmt.Fprintln(ts.Stderr(), err)
		return
	}
	defer res.Body.Close()
	if neg {
		ts.Fatalf("it answers %s", res.Status)
	}
	body, err := io.ReadAll(res.Body)
	ts.Check(err)
	fmt.Fprintf(ts.Stdout(), "%d %s\n", res.StatusCode, body)
}
