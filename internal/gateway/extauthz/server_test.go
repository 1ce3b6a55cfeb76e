package extauthz_test

import (
	"context"
	"net"
	"strings"
	"testing"
	"time"

	authv3 "github.com/envoyproxy/go-control-plane/envoy/service/auth/v3"
	"google.golang.org/grpc/codes"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/enforce"
	"github.com/tokenward/tokenward/internal/enforcetest"
	"github.com/tokenward/tokenward/internal/gateway"
	"github.com/tokenward/tokenward/internal/gateway/extauthz"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/token"
)

func TestHealthChecksAreAnswered(t *testing.T) {
	w := newWorld(t, enforcetest.Secret) // which they need not show
	client := healthv1.NewHealthClient(w.conn)
	for _, service := range []string{"", "envoy.service.auth.v3.Authorization"} {
		r, err := client.Check(t.Context(), &healthv1.HealthCheckRequest{Service: service})
		if err != nil || r.Status != healthv1.HealthCheckResponse_SERVING {
			t.Errorf("%q: %v %v", service, r, err)
		}
	}
	if _, err := client.Check(t.Context(), &healthv1.HealthCheckRequest{Service: "other"}); status.Code(err) != codes.NotFound {
		t.Errorf("another service: %v", err)
	}
}

// slow is an authority that says when it is asked and waits until it may answer.
type slow struct {
	*authority.Authority
	asked, answer chan struct{}
	catalogs      func() *catalog.Catalog
}

func (s slow) Catalog() *catalog.Catalog { return s.catalogs() }

func (s slow) Authorize(context.Context, token.Credential, gateway.Attempt) (authority.Caller, policy.Decision, error) {
	s.asked <- struct{}{}
	<-s.answer
	return authority.Caller{}, policy.Decision{}, nil
}

func (s slow) DeniedBy(context.Context, authority.Caller, gateway.Attempt, policy.Decision) string {
	return ""
}

func newSlow(t *testing.T) (*enforcetest.World, slow, *extauthz.Server) {
	t.Helper()
	w := enforcetest.New(t)
	s := slow{Authority: w.Authority, asked: make(chan struct{}), answer: make(chan struct{}), catalogs: w.Catalog}
	judge, err := enforce.New(enforce.Config{Authority: s})
	if err != nil {
		t.Fatal(err)
	}
	return w, s, extauthz.New(judge, nil)
}

// TestQuestionsUnderWayAreAnsweredAtTheEnd, and nobody waits for ever.
func TestQuestionsUnderWayAreAnsweredAtTheEnd(t *testing.T) {
	for what, inTime := range map[string]bool{"in time": true, "too late": false} {
		t.Run(what, func(t *testing.T) {
			w, s, server := newSlow(t)
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			ctx, stop := context.WithCancel(t.Context())
			timeout := 10 * time.Second
			if !inTime {
				timeout = time.Millisecond
			}
			ended, answered := make(chan error, 1), make(chan error, 1)
			go func() { ended <- server.Serve(ctx, l, timeout) }()
			client := authv3.NewAuthorizationClient(dial(t, l.Addr().String()))
			question := shop("GET", "/client/v4/zones/"+w.Zone, strings.Repeat("x", 48))
			question.said["catalog"] = "v4"
			go func() {
				r, err := client.Check(t.Context(), question.raw())
				if err == nil && r.GetDeniedResponse() == nil {
					t.Errorf("answered %v", r)
				}
				answered <- err
			}()
			<-s.asked
			stop()
			if inTime {
				close(s.answer)
			} else {
				defer close(s.answer)
			}
			if err := <-answered; (err == nil) != inTime {
				t.Errorf("the question: %v", err)
			}
			if err := <-ended; (err == nil) != inTime {
				t.Errorf("Serve: %v", err)
			}
		})
	}
}

// TestAPanicIsADenial: gRPC would end the process.
func TestAPanicIsADenial(t *testing.T) {
	w, s, _ := newSlow(t)
	broken := false
	s.catalogs = func() *catalog.Catalog {
		if broken {
			panic("broken")
		}
		return w.Catalog()
	}
	judge, err := enforce.New(enforce.Config{Authority: s})
	if err != nil {
		t.Fatal(err)
	}
	broken = true
	res, err := extauthz.ServiceOf(judge).Check(t.Context(), shop("GET", "/health", "").raw())
	if err != nil {
		t.Fatal(err)
	}
	if r := understand(t, res); r.status != 500 || r.code != codes.Unavailable || !enforcetest.IsFailure(r.body) {
		t.Errorf("%+v", r)
	}
}
