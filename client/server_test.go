package client_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/tokenward/tokenward/client"
)

const (
	body    = "0123456789abcdefghij" + "ABCDEFGHIJ0123456789" // no secret of anybody
	secret  = "tkut_" + body + "fcca43d2"
	apiKey  = "tkk_" + body + "fcca43d2"
	minted  = "cfat_" + body + "fcca43d2" // stands as MINTED in testdata
	tokenID = "5b7c9d1e2f304152637485960a1b2c3d"
	account = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
)

// sent is what the server saw of a request.
type sent struct {
	method, uri, body string
	header            http.Header
}

// server answers over real HTTP and keeps what it was sent.
type server struct {
	*httptest.Server
	mu   sync.Mutex
	seen []sent
}

func serve(t *testing.T, answer http.HandlerFunc) *server {
	t.Helper()
	s := &server{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		s.mu.Lock()
		s.seen = append(s.seen, sent{r.Method, r.URL.RequestURI(), string(body), r.Header.Clone()})
		s.mu.Unlock()
		answer(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *server) requests() []sent {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.seen
}

func (s *server) client(t *testing.T, opts ...client.Option) *client.Client {
	t.Helper()
	if len(opts) == 0 {
		opts = []client.Option{client.WithToken(secret)}
	}
	c, err := client.New(s.URL+"/client/v4", opts...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// golden answers with a file of testdata.
func golden(t *testing.T, status int, file string) http.HandlerFunc {
	t.Helper()
	answer, err := os.ReadFile(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	return text(status, strings.ReplaceAll(string(answer), "MINTED", minted))
}

func text(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cf-Ray", "8c0ffee")
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}
