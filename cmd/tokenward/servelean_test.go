package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestTheLeanServerAnswersAndEnds: with TLS and without, what is plain and what is
// not, and with a request under way when it is stopped.
func TestTheLeanServerAnswersAndEnds(t *testing.T) {
	for what, cfg := range map[string]serveConfig{
		"in clear": {ShutdownTimeout: 10 * time.Second}, "with TLS": withCertificate(t, serveConfig{ShutdownTimeout: 10 * time.Second}),
	} {
		t.Run(what, func(t *testing.T) {
			begun, finish := make(chan struct{}), make(chan struct{})
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			ctx, stop := context.WithCancel(t.Context())
			ended := make(chan error, 1)
			go func() {
				ended <- serveLean(ctx, cfg, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if r.URL.Path == "/slow" {
						close(begun)
						<-finish
					}
					io.Copy(w, r.Body)
					io.WriteString(w, "served")
				}), l, slog.New(slog.DiscardHandler))
			}()
			dial := func() net.Conn {
				conn, err := net.Dial("tcp", l.Addr().String())
				if err != nil {
					t.Fatal(err)
				}
				conn.SetDeadline(time.Now().Add(10 * time.Second))
				if cfg.TLSCert != "" {
					return tls.Client(conn, &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"h2", "http/1.1"}})
				}
				return conn
			}
			conn := dial()
			defer conn.Close()
			r := bufio.NewReader(conn)
			ask := func(request, want string) {
				t.Helper()
				io.WriteString(conn, request)
				res, err := http.ReadResponse(r, nil)
				if err != nil {
					t.Fatal(err)
				}
				if body, _ := io.ReadAll(res.Body); string(body) != want {
					t.Errorf("%q", body)
				}
			}
			ask("GET / HTTP/1.1\r\nHost: x\r\n\r\n", "served")
			ask("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nit ", "it served")
			conn = dial()
			defer conn.Close()
			r.Reset(conn)
			go func() {
				<-begun
				stop()
				close(finish)
			}()
			ask("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n", "served")
			if err := <-ended; err != nil {
				t.Error(err)
			}
		})
	}
}

// withCertificate writes the files of a certificate.
func withCertificate(t *testing.T, cfg serveConfig) serveConfig {
	t.Helper()
	s := httptest.NewTLSServer(http.NotFoundHandler())
	defer s.Close()
	pair := s.TLS.Certificates[0]
	key, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	cfg.TLSCert, cfg.TLSKey = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for file, block := range map[string]*pem.Block{
		cfg.TLSCert: {Type: "CERTIFICATE", Bytes: pair.Certificate[0]}, cfg.TLSKey: {Type: "PRIVATE KEY", Bytes: key},
	} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return cfg
}
