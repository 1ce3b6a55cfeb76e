package browser

import (
	"net/http"
	"testing"

	"github.com/tokenward/tokenward/e2e/demo"
)

// serverBinary is the server that was built for this run.
var serverBinary string

// server is a demo server that a test has for itself.
type server struct{ *demo.Server }

func newServer(t *testing.T, flags ...string) *server {
	t.Helper()
	return &server{demo.Start(t, serverBinary, http.DefaultTransport, flags...)}
}

// url is the address of a page.
func (s *server) url(path string) string { return s.Origin() + path }
