package load

import (
	"context"
	"errors"
	"net"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
)

// failing is a health service that answers only about "good".
type failing struct{ *health.Server }

func (f failing) Check(ctx context.Context, r *healthpb.HealthCheckRequest) (*healthpb.HealthCheckResponse, error) {
	if r.Service != "good" {
		return nil, status.Error(codes.NotFound, "bad")
	}
	return &healthpb.HealthCheckResponse{Status: healthpb.HealthCheckResponse_SERVING}, nil
}

// grpcServer is the address of a real gRPC server.
func grpcServer(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := grpc.NewServer()
	healthpb.RegisterHealthServer(s, failing{health.NewServer()})
	go s.Serve(l)
	t.Cleanup(s.Stop)
	return l.Addr().String()
}

func ask(t *testing.T, addr, service string, d time.Duration) (Result, int, error) {
	t.Helper()
	question, err := proto.Marshal(&healthpb.HealthCheckRequest{Service: service})
	if err != nil {
		t.Fatal(err)
	}
	serving := 0
	pool, err := Dial(addr, 2, GRPC(healthpb.Health_Check_FullMethodName, addr, [][]byte{question}, func(m []byte) error {
		var a healthpb.HealthCheckResponse
		if err := proto.Unmarshal(m, &a); err != nil {
			return err
		}
		if a.Status != healthpb.HealthCheckResponse_SERVING {
			return errors.New("not serving")
		}
		serving++
		return nil
	}))
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	r, err := pool.Run(d)
	return r, serving, err
}

// TestARealServerAnswersManyCallsOnAConnection: settings, pings and windows of the
// server do not stop them.
func TestARealServerAnswersManyCallsOnAConnection(t *testing.T) {
	r, serving, err := ask(t, grpcServer(t), "good", 300*time.Millisecond)
	if err != nil || serving != len(r.Took) || serving < 100 {
		t.Errorf("%d answers, %d times: %v", serving, len(r.Took), err)
	}
}

// TestAFailedCallEndsTheRun: it has a status and no message.
func TestAFailedCallEndsTheRun(t *testing.T) {
	if _, _, err := ask(t, grpcServer(t), "bad", time.Second); err == nil {
		t.Error("the run went on")
	}
}
