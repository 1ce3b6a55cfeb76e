package overhttp

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/tokenward/tokenward/bench/load"
	"github.com/tokenward/tokenward/bench/model"
	"github.com/tokenward/tokenward/bench/server"
)

// OPA is Open Policy Agent's server.
const OPA = "OPA server"

// opa has the tokens as data, in the form that is fastest in process.
func opa(q Question, m *model.Model) ([]*subject, error) {
	addr, err := server.FreeAddr()
	if err != nil {
		return nil, err
	}
	rules, data := filepath.Join(q.Dir, "model.rego"), filepath.Join(q.Dir, "data.json")
	if err := os.WriteFile(rules, []byte(model.RegoFlat), 0o644); err != nil {
		return nil, err
	}
	tokens := make(map[string]any, m.Tokens)
	for n := range m.Tokens {
		tokens[strconv.Itoa(n)] = model.DocumentFlat(m, n)
	}
	text, err := json.Marshal(map[string]any{"tokens": tokens})
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(data, text, 0o644); err != nil {
		return nil, err
	}
	p, err := server.Start(q.Dir, addr, nil, filepath.Join(q.Bin, "opa"), "run", "--server", "--addr", addr,
		"--log-level", "error", "--disable-telemetry", "--optimize-store-for-read-speed", rules, data)
	if err != nil {
		return nil, err
	}
	s := &subject{name: OPA, version: moduleVersion("github.com/open-policy-agent/opa"), tokens: m.Tokens, addr: addr, pids: []int{p.PID}, stop: p.Stop}
	s.ask = func(zone func(int) string, want bool) load.Protocol {
		return load.HTTP(s.questions(func(n int) []byte {
			return mustPost(addr, "/v1/data/tokenward/allow", map[string]any{
				"input": map[string]string{"token": strconv.Itoa(n), "group": model.Asked, "zone": zone(n)},
			})
		}), expect(200, want, func(body []byte) bool { return strings.Contains(string(body), `"result":true`) }))
	}
	return []*subject{s}, nil
}
