package enforcetest

import (
	"context"
	"net"
	"time"

	"github.com/tokenward/tokenward/internal/clientip"
	"github.com/tokenward/tokenward/internal/server"
)

// ServeExtAuthz serves what Envoy asks, over gRPC and until the test ends, and
// returns its address. Who asks must show the secret, unless it is "". Of trusted
// hops X-Forwarded-For counts.
func (w *World) ServeExtAuthz(secret string, trusted ...string) (addr string) {
	w.t.Helper()
	hops, err := clientip.New("X-Forwarded-For", trusted)
	w.check(err)
	s, err := server.NewExtAuthz(server.Config{Authority: w.Authority, ClientIP: hops}, secret)
	w.check(err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	w.check(err)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, l, 10*time.Second) }()
	w.t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			w.t.Error(err)
		}
	})
	return l.Addr().String()
}
