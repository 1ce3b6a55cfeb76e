package extauthz

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"runtime"
	"time"

	"google.golang.org/grpc"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/keepalive"

	"github.com/tokenward/tokenward/internal/enforce"
)

// Limits of the gRPC server. Envoy keeps a connection for each of its threads and
// has a stream on it for each request that waits for an answer.
const (
	maxMessage    = 256 << 10 // a header that is refused must still be read, to be refused in words
	maxMetadata   = 16 << 10
	maxStreams    = 4096     // on one connection
	streamWindow  = 64 << 10 // bytes that may be under way
	connWindow    = 1 << 20
	handshakeTime = 10 * time.Second
	pingAfter     = time.Minute // of silence, to find out who is gone
	pingTimeout   = 20 * time.Second
	pingsAtMost   = 10 * time.Second // one in that time from a client
)

// Server is the gRPC server.
type Server struct {
	grpc   *grpc.Server
	health *health
	logger *slog.Logger
}

// New makes a server whose questions an endpoint judges.
func New(judge *enforce.Endpoint, logger *slog.Logger) *Server {
	if logger == nil {
		logger = slog.New(slog.DiscardHandler)
	}
	s := &Server{
		grpc: grpc.NewServer(
			grpc.ForceServerCodecV2(newCodec()),
			grpc.MaxRecvMsgSize(maxMessage), grpc.MaxHeaderListSize(maxMetadata), grpc.MaxConcurrentStreams(maxStreams),
			grpc.ConnectionTimeout(handshakeTime),
			// Windows that never change. To find out by how much they could grow gRPC sends
			// a ping with each question that comes while none is under way.
			grpc.StaticStreamWindowSize(streamWindow), grpc.StaticConnWindowSize(connWindow),
			// Goroutines that keep their grown stacks; where all wait, others are started.
			grpc.NumStreamWorkers(uint32(runtime.GOMAXPROCS(0))),
			grpc.KeepaliveParams(keepalive.ServerParameters{Time: pingAfter, Timeout: pingTimeout}),
			grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: pingsAtMost, PermitWithoutStream: true}),
		),
		health: new(health), logger: logger,
	}
	s.grpc.RegisterService(newService(judge, logger).describe(), nil)
	healthv1.RegisterHealthServer(s.grpc, s.health)
	return s
}

// Serve serves until ctx ends, and then answers the questions under way for at most
// a time. It closes the listener.
func (s *Server) Serve(ctx context.Context, l net.Listener, timeout time.Duration) error {
	failed := make(chan error, 1)
	go func() { failed <- s.grpc.Serve(l) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve ext_authz: %w", err)
	case <-ctx.Done():
	}
	s.health.stopping.Store(true)
	stopped := make(chan struct{})
	go func() { defer close(stopped); s.grpc.GracefulStop() }()
	late := time.NewTimer(timeout)
	defer late.Stop()
	select {
	case <-stopped:
		return nil
	case <-late.C:
		s.grpc.Stop()
		return fmt.Errorf("some ext_authz questions were not answered within %s", timeout)
	}
}
