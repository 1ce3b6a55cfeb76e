package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	authv3 "github.com/envoyproxy/go-control-plane/envoy/service/auth/v3"
	"github.com/spf13/pflag"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"

	"github.com/tokenward/tokenward/internal/enforcetest"
)

// TestServeAnswersEnvoy: on loopback, and beyond it with TLS and the secret. Without
// a credential a public path of the catalogue passes.
func TestServeAnswersEnvoy(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte(enforcetest.Secret+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	certificate := withCertificate(t, serveConfig{})
	for what, c := range map[string]struct {
		flags  []string
		secure credentials.TransportCredentials
		shown  []string
		passes bool
	}{
		"on loopback": {flags: []string{"--ext-authz=127.0.0.1:0"}, secure: insecure.NewCredentials(), passes: true},
		"beyond it": {flags: []string{"--ext-authz=0.0.0.0:0", "--tls-cert=" + certificate.TLSCert, "--tls-key=" + certificate.TLSKey, "--enforce-secret-file=" + secret},
			secure: credentials.NewTLS(&tls.Config{InsecureSkipVerify: true}), shown: []string{"tokenward-enforce", enforcetest.Secret}, passes: true},
		"beyond it without the secret": {flags: []string{"--ext-authz=0.0.0.0:0", "--tls-cert=" + certificate.TLSCert, "--tls-key=" + certificate.TLSKey, "--enforce-secret-file=" + secret},
			secure: credentials.NewTLS(&tls.Config{InsecureSkipVerify: true})},
	} {
		t.Run(what, func(t *testing.T) {
			conn, err := grpc.NewClient(serveForEnvoy(t, c.flags), grpc.WithTransportCredentials(c.secure))
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			r, err := authv3.NewAuthorizationClient(conn).Check(metadata.AppendToOutgoingContext(t.Context(), c.shown...), &authv3.CheckRequest{Attributes: &authv3.AttributeContext{
				ContextExtensions: map[string]string{"catalog": enforcetest.API},
				Request:           &authv3.AttributeContext_Request{Http: &authv3.AttributeContext_HttpRequest{Method: "GET", Path: "/health"}},
			}})
			if err != nil || (r.GetOkResponse() != nil) != c.passes {
				t.Errorf("%v %v", r, err)
			}
		})
	}
}

// serveForEnvoy runs the server until the test ends, and returns where Envoy asks.
func serveForEnvoy(t *testing.T, flags []string) string {
	t.Helper()
	var f serveFlags
	fs := pflag.NewFlagSet("serve", pflag.ContinueOnError)
	f.addTo(fs)
	flags = append(flags, "--data="+filepath.Join(t.TempDir(), "data"), "--listen=127.0.0.1:0", "--catalog=../../examples/shop/catalog.yaml")
	if err := fs.Parse(flags); err != nil {
		t.Fatal(err)
	}
	cfg, err := f.config(func(flag string) string { return flag })
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	out, in := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		err := runServe(ctx, cfg, in, io.Discard)
		in.Close()
		ended <- err
	}()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	said := bufio.NewScanner(out)
	for said.Scan() {
		if rest, ok := strings.CutPrefix(strings.TrimSpace(said.Text()), "ext_authz"); ok {
			address, _, _ := strings.Cut(strings.TrimSpace(rest), ",")
			_, port, err := net.SplitHostPort(address)
			if err != nil {
				t.Fatal(err)
			}
			go io.Copy(io.Discard, out)
			return net.JoinHostPort("127.0.0.1", port)
		}
	}
	t.Fatal("the server ended, or does not say where Envoy asks")
	return ""
}
