package server

import (
	"context"
	"net/http"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/enforce"
	"github.com/tokenward/tokenward/internal/gateway"
	"github.com/tokenward/tokenward/internal/gateway/extauthz"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/token"
)

// NewEnforcement makes the enforcement endpoint of a server, for a listener of its
// own. Who asks must show the secret, unless it is "". When ctx ends, nobody waits
// for changes any more.
func NewEnforcement(ctx context.Context, cfg Config, secret string) (http.Handler, error) {
	return cfg.enforcement(ctx, secret)
}

// NewExtAuthz makes the service that Envoy asks, for a listener of its own. Who asks
// must show the secret, unless it is "".
func NewExtAuthz(cfg Config, secret string) (*extauthz.Server, error) {
	judge, err := cfg.enforcement(context.Background(), secret)
	if err != nil {
		return nil, err
	}
	return extauthz.New(judge, cfg.Logger), nil
}

func (c *Config) enforcement(ctx context.Context, secret string) (*enforce.Endpoint, error) {
	return enforce.New(enforce.Config{
		Authority: judge{c.Authority}, Format: c.Format, AllowKeys: !c.KeysOff,
		Client: c.ClientIP, Secret: secret, Logger: c.Logger, Stopping: ctx,
	})
}

// judge is the authority as the enforcement endpoint knows it.
type judge struct{ *authority.Authority }

func (j judge) Authorize(ctx context.Context, cred token.Credential, at gateway.Attempt) (authority.Caller, policy.Decision, error) {
	return authorizer{j.Authority}.Authorize(ctx, cred, at)
}

func (j judge) DeniedBy(ctx context.Context, c authority.Caller, at gateway.Attempt, d policy.Decision) string {
	return authorizer{j.Authority}.deniedBy(ctx, c, at, d)
}
