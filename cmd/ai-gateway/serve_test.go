package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// With client certificates the API lets nobody in without one, and probes, which have none, are answered on the metrics port.
func TestServeWithClientCertificates(t *testing.T) {
	dir := t.TempDir()
	pair := certificate(t, dir)
	port, metrics := freePort(t), freePort(t)
	env := []string{
		asCommand + "=1", "HOME=" + dir, "AIGW_FASTAPI__API_HOST=127.0.0.1", "AIGW_FASTAPI__METRICS_HOST=127.0.0.1", "AIGW_MOCK_MODEL_RESPONSES=true",
		"AIGW_FASTAPI__API_PORT=" + port, "AIGW_FASTAPI__METRICS_PORT=" + metrics,
		"AIGW_FASTAPI__TLS_CERT_FILE=cert.pem", "AIGW_FASTAPI__TLS_KEY_FILE=key.pem", "AIGW_FASTAPI__TLS_CLIENT_CA_FILE=cert.pem",
	}
	command := func(args ...string) *exec.Cmd {
		self, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		cmd := exec.CommandContext(t.Context(), self, args...)
		cmd.Dir, cmd.Env = dir, env
		return cmd
	}
	gateway := command("serve")
	if err := gateway.Start(); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(30 * time.Second); ; {
		out, err := command("healthcheck").CombinedOutput()
		if err == nil {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("never well: %v %s", err, out)
		}
	}

	authorities := x509.NewCertPool()
	authorities.AddCert(pair.Leaf)
	get := func(show ...tls.Certificate) (int, error) {
		client := http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: authorities, Certificates: show}}}
		res, err := client.Get("https://127.0.0.1:" + port + "/monitoring/ready")
		if err != nil {
			return 0, err
		}
		defer res.Body.Close()
		return res.StatusCode, nil
	}
	if status, err := get(pair); status != http.StatusOK {
		t.Errorf("with a certificate: %d %v", status, err)
	}
	if status, err := get(); err == nil {
		t.Errorf("without a certificate: %d", status)
	}
	if err := gateway.Process.Signal(syscall.SIGTERM); err != nil {
		t.Error(err)
	}
	if err := gateway.Wait(); err != nil {
		t.Error(err)
	}
	if out, err := command("healthcheck").CombinedOutput(); err == nil {
		t.Errorf("well after its end: %s", out)
	}
}

// certificate writes cert.pem and key.pem for 127.0.0.1, of an authority that is the certificate itself.
func certificate(t *testing.T, dir string) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "gateway"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		KeyUsage:    x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	cert := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	secret := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})
	for name, text := range map[string][]byte{"cert.pem": cert, "key.pem": secret} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	pair, err := tls.X509KeyPair(cert, secret)
	if err != nil {
		t.Fatal(err)
	}
	return pair
}

func freePort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return strconv.Itoa(listener.Addr().(*net.TCPAddr).Port)
}
