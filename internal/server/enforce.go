package server

import (
	"context"
	"net/http"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/enforce"
	"github.com/tokenward/tokenward/internal/gateway"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/token"
)

// NewEnforcement makes the enforcement endpoint of a server, for a listener of its
// own. Who asks must show the secret, unless it is "". When ctx ends, nobody waits
// for changes any more.
func NewEnforcement(ctx context.Context, cfg Config, secret string) (http.Handler, error) {
	return enforce.New(enforce.Config{
		Authority: judge{cfg.Authority}, Format: cfg.Format, AllowKeys: !cfg.KeysOff,
		Client: cfg.ClientIP, Secret: secret, Logger: cfg.Logger, Stopping: ctx,
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
