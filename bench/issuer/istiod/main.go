// Istio's own certificate authority, as istiod runs it, for the benchmark of
// the issuer: in the function, and over gRPC and TLS. It takes commands as
// lines and answers each with a line of JSON:
//
//	measure SECONDS   certificates per second of CPU time
//	serve             {port, roots, name}: the certificate service on loopback
//	cpu               seconds of CPU time so far
package main

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"istio.io/istio/pkg/security"
	"istio.io/istio/security/pkg/pki/ca"
	"istio.io/istio/security/pkg/pki/util"
	caserver "istio.io/istio/security/pkg/server/ca"
)

const (
	identity = "spiffe://cluster.local/ns/shop-web/sa/web"
	name     = "istiod.istio-system.svc"
	keys     = 256
)

func must[T any](value T, err error) T {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return value
}

func check(err error) { must(0, err) }

func encode(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}

// A root and an intermediate below it, P-256, as with the secret cacerts.
func newAuthority() (authority *ca.IstioCA, issuer *x509.Certificate, key *ecdsa.PrivateKey, root []byte) {
	make := func(serial int64, parent *x509.Certificate, signer, own *ecdsa.PrivateKey) []byte {
		template := &x509.Certificate{
			SerialNumber:          big.NewInt(serial),
			Subject:               pkix.Name{Organization: []string{"bench"}, CommonName: strconv.FormatInt(serial, 10)},
			NotBefore:             time.Now().Add(-time.Hour),
			NotAfter:              time.Now().Add(240 * time.Hour),
			IsCA:                  true,
			BasicConstraintsValid: true,
			KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		}
		if parent == nil {
			parent = template
		}
		return must(x509.CreateCertificate(rand.Reader, template, parent, own.Public(), signer))
	}
	rootKey := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	rootDer := make(1, nil, rootKey, rootKey)
	key = must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	issuerDer := make(2, must(x509.ParseCertificate(rootDer)), rootKey, key)
	issuer = must(x509.ParseCertificate(issuerDer))
	root = encode("CERTIFICATE", rootDer)

	folder := must(os.MkdirTemp("", "isthmus-bench-"))
	defer os.RemoveAll(folder)
	file := func(name string, text []byte) string {
		path := filepath.Join(folder, name)
		check(os.WriteFile(path, text, 0o600))
		return path
	}
	options := must(ca.NewPluggedCertIstioCAOptions(ca.SigningCAFileBundle{
		RootCertFile:    file("root.pem", root),
		CertChainFiles:  []string{file("chain.pem", encode("CERTIFICATE", issuerDer))},
		SigningCertFile: file("ca.pem", encode("CERTIFICATE", issuerDer)),
		SigningKeyFile:  file("key.pem", encode("EC PRIVATE KEY", must(x509.MarshalECPrivateKey(key)))),
	}, time.Hour, 24*time.Hour, 2048))
	return must(ca.NewIstioCA(options)), issuer, key, root
}

func requests() [][]byte {
	made := make([][]byte, keys)
	for i := range made {
		csr, _, err := util.GenCSR(util.CertOptions{
			Host: identity, ECSigAlg: util.EcdsaSigAlg, ECCCurve: util.P256Curve,
		})
		made[i] = must(csr, err)
	}
	return made
}

func cpu() float64 {
	var usage syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	seconds := func(t syscall.Timeval) float64 { return float64(t.Sec) + float64(t.Usec)/1e6 }
	return seconds(usage.Utime) + seconds(usage.Stime)
}

// Stands for the review of a token, which is answered from memory.
type everybody struct{}

func (everybody) AuthenticatorType() string { return "bench" }

func (everybody) Authenticate(security.AuthContext) (*security.Caller, error) {
	return &security.Caller{Identities: []string{identity}}, nil
}

func serve(authority *ca.IstioCA, issuer *x509.Certificate, key *ecdsa.PrivateKey) int {
	own := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	der := must(x509.CreateCertificate(rand.Reader, &x509.Certificate{
		SerialNumber: big.NewInt(3),
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(24 * time.Hour),
		DNSNames:     []string{name},
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}, issuer, own.Public(), key))
	transport := credentials.NewTLS(&tls.Config{Certificates: []tls.Certificate{{
		Certificate: [][]byte{der, issuer.Raw}, PrivateKey: own,
	}}})
	service := must(caserver.New(authority, time.Hour, []security.Authenticator{everybody{}}, nil))
	server := grpc.NewServer(grpc.Creds(transport))
	service.Register(server)
	listener := must(net.Listen("tcp", "127.0.0.1:0"))
	go func() { check(server.Serve(listener)) }()
	return listener.Addr().(*net.TCPAddr).Port
}

func main() {
	authority, issuer, key, root := newAuthority()
	csrs := requests()
	answer := func(value any) { fmt.Println(string(must(json.Marshal(value)))) }
	n := 0
	measure := func(seconds float64) float64 {
		until := time.Now().Add(time.Duration(seconds * float64(time.Second)))
		before, start := n, cpu()
		for time.Now().Before(until) {
			for i := 0; i < 20; i++ {
				must(authority.Sign(csrs[n%keys], ca.CertOpts{SubjectIDs: []string{identity}, TTL: time.Hour}))
				n++
			}
		}
		return float64(n-before) / (cpu() - start)
	}
	answer("ready")
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		words := strings.Fields(lines.Text())
		switch words[0] {
		case "measure":
			answer(measure(must(strconv.ParseFloat(words[1], 64))))
		case "serve":
			answer(map[string]any{"port": serve(authority, issuer, key), "roots": string(root), "name": name})
		case "cpu":
			answer(cpu())
		default:
			check(fmt.Errorf("no command %q", words[0]))
		}
	}
}
