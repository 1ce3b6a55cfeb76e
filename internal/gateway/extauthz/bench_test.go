package extauthz_test

import (
	"context"
	"fmt"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	authv3 "github.com/envoyproxy/go-control-plane/envoy/service/auth/v3"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"

	"github.com/tokenward/tokenward/internal/enforce"
	"github.com/tokenward/tokenward/internal/gateway/extauthz"
)

// empty answers every question with a yes that says nothing.
type empty struct {
	authv3.UnimplementedAuthorizationServer
	yes *authv3.CheckResponse
}

func (e *empty) Check(context.Context, *authv3.CheckRequest) (*authv3.CheckResponse, error) {
	return e.yes, nil
}

// typical is a question with as many headers as a browser or an SDK sends.
func typical(secret string) *authv3.CheckRequest {
	a := shop("GET", "/stores/north", secret)
	a.lines = append(a.lines, [2]string{"accept", "*/*"}, [2]string{"accept-encoding", "gzip"}, [2]string{"x-forwarded-proto", "https"},
		[2]string{"x-forwarded-for", "192.0.2.7"}, [2]string{"x-request-id", "3f2504e0-4f89-11d3-9a0c-0305e82c3301"})
	return a.raw()
}

// BenchmarkCheck is a question that is answered yes, over gRPC on one connection
// and as many streams at a time, beside a service that does nothing, on a gRPC
// server as it comes and with Envoy's types. What asks costs as much as what
// answers, so the ratio is what is to be looked at. p99 is in ns.
func BenchmarkCheck(b *testing.B) {
	w := newWorld(b, "")
	w.Settle()
	question := typical(w.Issue("north", "Stores Read", "north").Secret)
	bare := grpc.NewServer()
	authv3.RegisterAuthorizationServer(bare, &empty{yes: new(authv3.CheckResponse)})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	go bare.Serve(l)
	defer bare.Stop()
	nothing := authv3.NewAuthorizationClient(dial(b, l.Addr().String()))
	for _, streams := range []int{1, 16} {
		for name, client := range map[string]authv3.AuthorizationClient{"empty": nothing, "extauthz": w.AuthorizationClient} {
			b.Run(fmt.Sprintf("%s/streams=%d", name, streams), func(b *testing.B) {
				b.ReportAllocs()
				load(b, client, question, streams)
			})
		}
	}
}

// load asks b.N times, some at a time.
func load(b *testing.B, client authv3.AuthorizationClient, question *authv3.CheckRequest, streams int) {
	b.Helper()
	took := make([][]time.Duration, streams)
	var wg sync.WaitGroup
	for i := range streams {
		n := b.N / streams
		if i == 0 {
			n = b.N - n*(streams-1)
		}
		wg.Go(func() {
			for range n {
				start := time.Now()
				if r, err := client.Check(b.Context(), question); err != nil || r.GetStatus().GetCode() != 0 {
					b.Error(r, err)
					return
				}
				took[i] = append(took[i], time.Since(start))
			}
		})
	}
	wg.Wait()
	if all := slices.Concat(took...); len(all) > 0 {
		slices.Sort(all)
		b.ReportMetric(float64(all[len(all)*99/100]), "p99-ns")
	}
}

// BenchmarkAnswer is the service's part of it alone: from the bytes of a question to
// those of the answer.
func BenchmarkAnswer(b *testing.B) {
	w := newWorld(b, "")
	w.Settle()
	service := extauthz.ServiceOf(w.Open.Config.Handler.(*enforce.Endpoint))
	secret := w.Issue("north", "Stores Read", "north").Secret
	ctx := metadata.NewIncomingContext(b.Context(), metadata.Pairs("user-agent", "Envoy"))
	for what, question := range map[string]*authv3.CheckRequest{"yes": typical(secret), "no": shop("GET", "/stores/south", secret).raw()} {
		message, err := proto.Marshal(question)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(what, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := service.Answer(ctx, message); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
