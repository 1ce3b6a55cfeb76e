package overhttp

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/tokenward/tokenward/bench/load"
	"github.com/tokenward/tokenward/bench/model"
	"github.com/tokenward/tokenward/bench/server"
)

// Cerbos's server.
const (
	Cerbos     = "Cerbos"
	CerbosGRPC = "Cerbos (gRPC)"
)

// cerbosPackage is where npm puts the program.
const cerbosPackage = "node_modules/@cerbos/cerbos-linux-x64"

// cerbosConfig keeps policies on disk, from where they are read at the start.
const cerbosConfig = `server:
  httpListenAddr: %q
  grpcListenAddr: %q
storage:
  driver: disk
  disk:
    directory: %q
    watchForChanges: false
telemetry:
  disabled: true
`

// cerbos has a principal policy for each token, with one rule for each permission
// group: what its policies allow, merged, so that one rule is tried.
func cerbos(q Question, m *model.Model) ([]*subject, error) {
	version, err := cerbosVersion(q.Bin)
	if err != nil {
		return nil, err
	}
	policies := filepath.Join(q.Dir, "cerbos")
	if err := writeCerbosPolicies(policies, m); err != nil {
		return nil, err
	}
	var addrs [2]string
	for i := range addrs {
		if addrs[i], err = server.FreeAddr(); err != nil {
			return nil, err
		}
	}
	config := filepath.Join(q.Dir, "cerbos.yaml")
	if err := os.WriteFile(config, fmt.Appendf(nil, cerbosConfig, addrs[0], addrs[1], policies), 0o644); err != nil {
		return nil, err
	}
	p, err := server.Start(q.Dir, addrs[0], nil, filepath.Join(q.Bin, cerbosPackage, "cerbos-linux-x64"), "server", "--config", config, "--log-level", "error")
	if err != nil {
		return nil, err
	}
	s := &subject{name: Cerbos, version: version, tokens: m.Tokens, addr: addrs[0], pids: []int{p.PID}, stop: p.Stop}
	s.ask = func(zone func(int) string, want bool) load.Protocol {
		return load.HTTP(s.questions(func(n int) []byte { return cerbosQuestion(s.addr, n, zone(n)) }),
			expect(200, want, func(body []byte) bool { return strings.Contains(string(body), "EFFECT_ALLOW") }))
	}
	g := &subject{name: CerbosGRPC, version: version, tokens: m.Tokens, addr: addrs[1], pids: s.pids, stop: func() {}}
	g.ask = func(zone func(int) string, want bool) load.Protocol {
		const allow = 1 // of cerbos.effect.v1.Effect
		yes := slices.Concat(words(1, action(model.Asked)), field(2, protowire.AppendVarint(nil, allow), protowire.VarintType))
		return load.GRPC("/cerbos.svc.v1.CerbosService/CheckResources", g.addr,
			g.questions(func(n int) []byte { return cerbosMessage(n, zone(n)) }), says(want, yes))
	}
	return []*subject{s, g}, nil
}

// cerbosMessage is a CheckResourcesRequest.
func cerbosMessage(n int, zone string) []byte {
	principal := inner(3, words(1, fmt.Sprintf("token%d", n)), words(3, "token"))
	resource := inner(2, words(1, "zone"), words(3, zone))
	return slices.Concat(words(1, "1"), principal, inner(4, words(1, action(model.Asked)), resource))
}

// action is a permission group as Cerbos has actions.
func action(group string) string { return strings.ToLower(strings.ReplaceAll(group, " ", "_")) }

func cerbosQuestion(addr string, n int, zone string) []byte {
	return mustPost(addr, "/api/check/resources", map[string]any{
		"requestId": "1",
		"principal": map[string]any{"id": fmt.Sprintf("token%d", n), "roles": []string{"token"}},
		"resources": []any{map[string]any{"resource": map[string]string{"kind": "zone", "id": zone}, "actions": []string{action(model.Asked)}}},
	})
}

func writeCerbosPolicies(dir string, m *model.Model) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for n := range m.Tokens {
		zones := slices.Concat(m.Policies(n)...)
		var actions []any
		for _, name := range model.Names {
			actions = append(actions, map[string]any{
				"action": action(name), "effect": "EFFECT_ALLOW",
				"condition": map[string]any{"match": map[string]string{"expr": `R.id in ["` + strings.Join(zones, `", "`) + `"]`}},
			})
		}
		text, err := json.Marshal(map[string]any{
			"apiVersion": "api.cerbos.dev/v1",
			"principalPolicy": map[string]any{
				"principal": fmt.Sprintf("token%d", n), "version": "default",
				"rules": []any{map[string]any{"resource": "zone", "actions": actions}},
			},
		})
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("token%d.json", n)), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

func cerbosVersion(bin string) (string, error) {
	var about struct{ Version string }
	text, err := os.ReadFile(filepath.Join(bin, cerbosPackage, "package.json"))
	if err == nil {
		err = json.Unmarshal(text, &about)
	}
	return about.Version, err
}
