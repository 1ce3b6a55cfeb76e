package overhttp

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"slices"
	"strings"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/tokenward/tokenward/bench/load"
	"github.com/tokenward/tokenward/bench/model"
	"github.com/tokenward/tokenward/bench/server"
)

// OpenFGA's server, with its store in memory.
const (
	OpenFGA     = "OpenFGA, memory store"
	OpenFGAGRPC = "OpenFGA, memory store (gRPC)"
)

// fewTokens is how many OpenFGA holds: its store in memory searches all tuples one
// after the other, so with the tokens of the others it would only do that. It has
// one relation for what is asked, and a tuple for each zone.
const fewTokens = 1

// openfgaModel says that a token can have a permission on a zone.
const openfgaModel = `{"schema_version":"1.1","type_definitions":[{"type":"token"},
{"type":"zone","relations":{"purge":{"this":{}}},"metadata":{"relations":{"purge":{"directly_related_user_types":[{"type":"token"}]}}}}]}`

func openfga(q Question, m *model.Model) ([]*subject, error) {
	program := filepath.Join(q.Bin, "openfga")
	version, err := programVersion(program)
	if err != nil {
		return nil, err
	}
	var addrs [2]string
	for i := range addrs {
		if addrs[i], err = server.FreeAddr(); err != nil {
			return nil, err
		}
	}
	p, err := server.Start(q.Dir, addrs[0], nil, program, "run", "--datastore-engine", "memory", "--http-addr", addrs[0], "--grpc-addr", addrs[1],
		"--playground-enabled=false", "--metrics-enabled=false", "--log-level", "error")
	if err != nil {
		return nil, err
	}
	f := fga{base: "http://" + addrs[0]}
	if err := f.fill(m); err != nil {
		p.Stop()
		return nil, fmt.Errorf("fill OpenFGA: %w", err)
	}
	s := &subject{name: OpenFGA, version: version, tokens: min(m.Tokens, fewTokens), addr: addrs[0], pids: []int{p.PID}, stop: p.Stop}
	s.ask = func(zone func(int) string, want bool) load.Protocol {
		return load.HTTP(s.questions(func(n int) []byte {
			return mustPost(s.addr, "/stores/"+f.store+"/check", map[string]any{"authorization_model_id": f.model, "tuple_key": tuple(n, zone(n))})
		}), expect(200, want, func(body []byte) bool { return strings.Contains(string(body), `"allowed":true`) }))
	}
	g := &subject{name: OpenFGAGRPC, version: version, tokens: s.tokens, addr: addrs[1], pids: s.pids, stop: func() {}}
	g.ask = func(zone func(int) string, want bool) load.Protocol {
		return load.GRPC("/openfga.v1.OpenFGAService/Check", g.addr, g.questions(func(n int) []byte { return f.question(n, zone(n)) }),
			says(want, field(1, protowire.AppendVarint(nil, 1), protowire.VarintType)))
	}
	return []*subject{s, g}, nil
}

// question is a CheckRequest.
func (f *fga) question(n int, zone string) []byte {
	t := tuple(n, zone)
	return slices.Concat(words(1, f.store), inner(2, words(1, t["user"]), words(2, t["relation"]), words(3, t["object"])), words(4, f.model))
}

// fga is a server that is being filled, and the ids of what is in it.
type fga struct{ base, store, model string }

func tuple(n int, zone string) map[string]string {
	return map[string]string{"user": fmt.Sprintf("token:%d", n), "relation": "purge", "object": "zone:" + zone}
}

func (f *fga) fill(m *model.Model) error {
	var made struct {
		ID    string `json:"id"`
		Model string `json:"authorization_model_id"`
	}
	if err := f.call("/stores", []byte(`{"name":"bench"}`), &made); err != nil {
		return err
	}
	f.store = made.ID
	if err := f.call("/stores/"+f.store+"/authorization-models", []byte(openfgaModel), &made); err != nil {
		return err
	}
	f.model = made.Model
	for n := range min(m.Tokens, fewTokens) {
		for _, zones := range m.Policies(n) {
			var keys []any
			for _, z := range zones {
				keys = append(keys, tuple(n, z))
			}
			text, err := json.Marshal(map[string]any{"authorization_model_id": f.model, "writes": map[string]any{"tuple_keys": keys}})
			if err != nil {
				return err
			}
			if err := f.call("/stores/"+f.store+"/write", text, &made); err != nil {
				return err
			}
		}
	}
	return nil
}

func (f *fga) call(path string, body []byte, into any) error {
	res, err := http.Post(f.base+path, "application/json", bytes.NewReader(body))
	if err != nil {
		return err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	if err != nil {
		return err
	}
	if res.StatusCode/100 != 2 {
		return fmt.Errorf("%s: %d %s", path, res.StatusCode, text)
	}
	return json.Unmarshal(text, into)
}
