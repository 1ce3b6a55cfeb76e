package overhttp

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/tokenward/tokenward/bench/load"
	"github.com/tokenward/tokenward/bench/model"
	"github.com/tokenward/tokenward/bench/server"
	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/store"
)

// Names of ours.
const (
	ForwardAuth     = "forward-auth"
	ForwardAuthLean = "forward-auth, lean server"
	ExtAuthz        = "ext_authz (gRPC)"
)

// ours are the enforcement endpoints. The two servers for forward-auth are two
// processes; ext_authz is served by the first.
func ours(ctx context.Context, q Question, m *model.Model) ([]*subject, error) {
	var all []*subject
	for _, kind := range []struct {
		name  string
		flags []string
	}{{ForwardAuth, nil}, {ForwardAuthLean, []string{"--enforce-server", "lean"}}} {
		dir := filepath.Join(q.Dir, fmt.Sprint("tokenward", len(all)))
		run, err := startFilled(ctx, q.Tokenward, dir, m, kind.flags)
		if err != nil {
			stopAll(all)
			return nil, err
		}
		s := &subject{name: kind.name, version: "this tree", tokens: m.Tokens, addr: run.Enforce, pids: []int{run.PID}, stop: run.Stop}
		s.ask = func(zone func(int) string, want bool) load.Protocol { return s.forwardAuth(m, zone, want) }
		all = append(all, s)
		if kind.flags == nil {
			e := &subject{name: ExtAuthz, version: "this tree", tokens: m.Tokens, addr: run.ExtAuthz, pids: []int{run.PID}, stop: func() {}}
			e.ask = func(zone func(int) string, want bool) load.Protocol { return e.extAuthz(m, zone, want) }
			all = append(all, e)
		}
	}
	return all, nil
}

// startFilled runs a server of a model's tokens.
func startFilled(ctx context.Context, program, dir string, m *model.Model, flags []string) (*server.Running, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	t, err := server.New(program, dir)
	if err != nil {
		return nil, err
	}
	err = t.With(ctx, func(s *store.Store) error {
		if err := server.FillZones(ctx, s, m, t.Account); err != nil {
			return err
		}
		return server.FillTokens(ctx, s, m.Tokens, func(n int) authority.Token {
			return m.Token(n, t.Account, sha256.Sum256([]byte(m.Secret(n))))
		})
	})
	if err != nil {
		return nil, err
	}
	return t.Start(flags...)
}

// forwardAuth asks as nginx does.
func (s *subject) forwardAuth(m *model.Model, zone func(int) string, want bool) load.Protocol {
	status := map[bool]int{true: 204, false: 403}[want]
	return load.HTTP(s.questions(func(n int) []byte {
		return fmt.Appendf(nil, "GET /forward-auth/nginx/v4 HTTP/1.1\r\nHost: tokenward\r\nX-Original-Method: %s\r\nX-Original-Uri: %s\r\n"+
			"X-Forwarded-For: %s\r\nUser-Agent: curl/8\r\nAccept: */*\r\nAuthorization: Bearer %s\r\n\r\n",
			model.Method, model.Path(zone(n)), model.From, m.Secret(n))
	}), expect(status, true, func([]byte) bool { return true }))
}

// Ours are all of ours.
var Ours = []string{ForwardAuth, ForwardAuthLean, ExtAuthz}

// Subjects are all that are measured.
var Subjects = append(slices.Clone(Ours), Empty, Nginx, OPA, OpenFGA, OpenFGAGRPC, Cerbos, CerbosGRPC)
