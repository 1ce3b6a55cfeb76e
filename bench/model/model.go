// Package model is what is measured of everybody: tokens with policies that
// allow some permission groups on some zones, and for each token a question
// that its last policy answers with yes.
//
// A model is made from numbers alone, so every process that makes one has the
// same tokens. Their secrets are the exception: they are random.
package model

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/rand/v2"

	"github.com/tokenward/tokenward/internal/token"
)

// zones is how many there are in all. Policies choose among them.
const zones = 10_000

// Shape is how large a model is.
type Shape struct {
	Tokens   int `json:"tokens"`
	Policies int `json:"policies"` // of a token
	Zones    int `json:"zones"`    // of a policy
}

// Model is the tokens of a shape.
type Model struct {
	Shape
	zones   []string
	secrets []string // made when they are first asked for
}

// Names are the permission groups of each policy. The question is about Asked.
var Names = [3]string{"Zone Read", "DNS Read", Asked}

// Asked is the permission group that an access needs, and Method and Path (of a
// zone) are the request that needs it.
const (
	Asked  = "Cache Purge"
	Method = "POST"
)

// Path is the request's path.
func Path(zone string) string { return "/client/v4/zones/" + zone + "/purge_cache" }

// Operation is the request's operation in the built-in catalogue.
const Operation = "zone-purge"

// Addresses of the condition that our tokens have, and of who asks.
const (
	From    = "198.51.100.9"
	Inside  = "198.51.100.0/24"
	Inside6 = "2001:db8::/32"
	Outside = "198.51.100.7/32"
)

// New makes a model.
func New(s Shape) *Model {
	m := &Model{Shape: s}
	r := rand.New(rand.NewPCG(1, 2))
	for range zones + 1 {
		var id [16]byte
		binary.BigEndian.PutUint64(id[:8], r.Uint64())
		binary.BigEndian.PutUint64(id[8:], r.Uint64())
		m.zones = append(m.zones, fmt.Sprintf("%x", id))
	}
	return m
}

// Zones are the ids of all zones, that of Other not among them.
func (m *Model) Zones() []string { return m.zones[:zones] }

// Other is a zone that no token may touch.
func (m *Model) Other() string { return m.zones[zones] }

// Policies are the zones of each policy of a token.
func (m *Model) Policies(n int) [][]string {
	blocks := zones / m.Shape.Zones
	r := rand.New(rand.NewPCG(uint64(n), 3))
	all := make([][]string, 0, m.Shape.Policies)
	taken := make(map[int]bool, m.Shape.Policies)
	for len(all) < m.Shape.Policies {
		block := r.IntN(blocks)
		if taken[block] {
			continue
		}
		taken[block] = true
		all = append(all, m.zones[block*m.Shape.Zones:(block+1)*m.Shape.Zones:(block+1)*m.Shape.Zones])
	}
	return all
}

// Zone is the one that the question about a token names: of its last policy.
func (m *Model) Zone(n int) string {
	last := m.Policies(n)[m.Shape.Policies-1]
	return last[n%len(last)]
}

// Secret is a token's.
func (m *Model) Secret(n int) string {
	if m.secrets == nil {
		m.secrets = make([]string, m.Tokens)
		for i := range m.secrets {
			m.secrets[i] = token.Format{}.New(token.Account).Reveal()
		}
	}
	return m.secrets[n]
}

// Imported is a secret as one that was taken over from elsewhere. It is made from the
// number alone, so that millions need not be kept.
func Imported(n int) string {
	d := sha256.Sum256(fmt.Appendf(nil, "secret %d", n))
	return hex.EncodeToString(d[:])
}

// ID is a token's id. Ids of tokens are random: two in a row lie nowhere near each
// other.
func ID(n int) string {
	r := rand.New(rand.NewPCG(uint64(n), 6))
	return fmt.Sprintf("%016x%016x", r.Uint64(), r.Uint64())
}

// Unknown is a secret that no token has.
func Unknown() string { return token.Format{}.New(token.Account).Reveal() }
