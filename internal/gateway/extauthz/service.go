package extauthz

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"

	authv3 "github.com/envoyproxy/go-control-plane/envoy/service/auth/v3"
	"google.golang.org/grpc/metadata"

	"github.com/tokenward/tokenward/internal/enforce"
	"github.com/tokenward/tokenward/v4"
)

// metadataSecret is where Envoy shows the endpoint's secret: initial_metadata of
// its grpc_service.
const metadataSecret = "tokenward-enforce"

// service answers Check. It is safe for concurrent use.
type service struct {
	authv3.UnimplementedAuthorizationServer
	judge  *enforce.Endpoint
	logger *slog.Logger
}

// Check says whether a request may pass, and what to answer where it may not. It
// has no error.
func (s *service) Check(ctx context.Context, r *authv3.CheckRequest) (res *authv3.CheckResponse, _ error) {
	defer func() {
		// The process would end, and everybody's requests with it.
		if v := recover(); v != nil {
			s.logger.Error("ext_authz: panic", "type", fmt.Sprintf("%T", v), "stack", string(debug.Stack()))
			res = denied(enforce.Refusal(http.StatusInternalServerError, v4.CodeInternal, "Internal error"))
		}
	}()
	asked, wrong := read(r)
	if wrong != nil {
		s.logger.Warn("ext_authz: Envoy does not describe the request", "why", wrong.why)
		return denied(wrong.refusal()), nil
	}
	asked.Shown = metadata.ValueFromIncomingContext(ctx, metadataSecret)
	answer := s.judge.Judge(ctx, &asked)
	if !answer.Allowed() {
		return denied(answer), nil
	}
	return allowed(r.GetAttributes(), answer.Header), nil
}
