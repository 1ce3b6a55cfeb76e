package e2e

import (
	"crypto/tls"
	"testing"

	"github.com/tokenward/tokenward/e2e/demo"
)

// serverBinary is the server that was built for this run.
var serverBinary string

// serverVariable names a server that has been built already: a test that runs
// itself again in another network sets it.
const serverVariable = "TOKENWARD_E2E_SERVER"

// server is a server that a test has for itself.
type server struct {
	*demo.Server
	calls *calls // what the clients in this process asked and were answered
}

func newServer(t *testing.T, flags ...string) *server {
	t.Helper()
	return startServer(t, nil, flags)
}

// startServer starts a server whose certificate is trusted by trust.
func startServer(t *testing.T, trust *tls.Config, flags []string) *server {
	t.Helper()
	c := newCalls(t)
	c.transport.TLSClientConfig = trust
	return &server{demo.Start(t, serverBinary, c.transport, flags...), c}
}

// zone is the id of a zone of the demo, by its place.
func (s *server) zone(i int) string { return s.Boot.Zones[i].ID }
