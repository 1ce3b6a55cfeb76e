package extauthz

import (
	"context"
	"sync/atomic"

	"google.golang.org/grpc/codes"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"
)

// health answers the health checks of Envoy and of Kubernetes (grpc.health.v1). It
// has no Watch, whose streams would hold up the end of the server.
type health struct {
	healthv1.UnimplementedHealthServer
	stopping atomic.Bool
}

// Check says whether questions are answered. It needs no secret: who can reach the
// port knows as much.
func (h *health) Check(_ context.Context, r *healthv1.HealthCheckRequest) (*healthv1.HealthCheckResponse, error) {
	switch r.GetService() {
	case "", serviceName:
	default:
		return nil, status.Error(codes.NotFound, "no such service")
	}
	if h.stopping.Load() {
		return &healthv1.HealthCheckResponse{Status: healthv1.HealthCheckResponse_NOT_SERVING}, nil
	}
	return &healthv1.HealthCheckResponse{Status: healthv1.HealthCheckResponse_SERVING}, nil
}
