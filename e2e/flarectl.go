package e2e

import (
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// tunnel is a proxy that leads to the server whoever asks for the upstream API,
// and nobody else anywhere. It does not see what it carries.
func (s *server) tunnel(t *testing.T) string {
	t.Helper()
	target := strings.TrimPrefix(s.Origin(), "https://")
	var open sync.WaitGroup
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodConnect || r.Host != apiName+":443" {
			t.Errorf("the proxy was asked for %s %s", r.Method, r.Host)
			http.Error(w, "not here", http.StatusForbidden)
			return
		}
		open.Add(1)
		defer open.Done()
		if err := carry(w, target); err != nil {
			t.Errorf("tunnel: %v", err)
		}
	}))
	t.Cleanup(func() { proxy.Close(); open.Wait() })
	return proxy.URL
}

// carry answers a CONNECT and passes bytes both ways until one side ends.
func carry(w http.ResponseWriter, target string) error {
	there, err := net.Dial("tcp", target)
	if err != nil {
		return err
	}
	here, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return errors.Join(err, there.Close())
	}
	if _, err := io.WriteString(here, "HTTP/1.1 200 Connection Established\r\n\r\n"); err != nil {
		return errors.Join(err, here.Close(), there.Close())
	}
	var back sync.WaitGroup
	back.Go(func() {
		io.Copy(here, there) // it ends in an error when the client goes first
		here.Close()
	})
	io.Copy(there, buffered)
	there.Close()
	back.Wait()
	return nil
}

// flarectl runs the command, which knows no other address than the upstream
// API's.
type flarectl struct {
	env []string
}

func (s *server) flarectl(t *testing.T, c certificates, secret string) *flarectl {
	return &flarectl{[]string{"HTTPS_PROXY=" + s.tunnel(t), "SSL_CERT_FILE=" + c.ca, "CF_API_TOKEN=" + secret}}
}

func (f *flarectl) run(t *testing.T, args ...string) result {
	t.Helper()
	path, err := filepath.Abs(filepath.Join(".bin", "flarectl"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("flarectl is missing, run make deps: %v", err)
	}
	return run(t, f.env, path, append([]string{"--json"}, args...)...)
}

// rows runs a command that must do well and gives its table.
func (f *flarectl) rows(t *testing.T, args ...string) []map[string]string {
	t.Helper()
	r := f.run(t, args...)
	var rows []map[string]string
	if err := json.Unmarshal([]byte(r.stdout), &rows); err != nil || r.code != 0 {
		r.fails(t, "flarectl "+strings.Join(args, " ")+" failed")
	}
	return rows
}

// quietly runs a command that must do well and has nothing to say.
func (f *flarectl) quietly(t *testing.T, args ...string) {
	t.Helper()
	if r := f.run(t, args...); r.code != 0 || r.stdout+r.stderr != "" {
		r.fails(t, "flarectl "+strings.Join(args, " ")+" failed")
	}
}

// column is one column of a table, sorted.
func column(rows []map[string]string, name string) []string {
	out := make([]string, len(rows))
	for i, row := range rows {
		out[i] = row[name]
	}
	slices.Sort(out)
	return out
}
