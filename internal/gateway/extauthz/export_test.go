package extauthz

import (
	"log/slog"

	authv3 "github.com/envoyproxy/go-control-plane/envoy/service/auth/v3"

	"github.com/tokenward/tokenward/internal/enforce"
)

// ServiceOf is what a server answers by, without gRPC.
func ServiceOf(judge *enforce.Endpoint) authv3.AuthorizationServer {
	return &service{judge: judge, logger: slog.New(slog.DiscardHandler)}
}

// MaxHeader is the limit of a client's header.
const MaxHeader = maxHeader
