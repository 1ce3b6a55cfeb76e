package inprocess

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"sync"
	"time"

	"github.com/tokenward/tokenward/bench/model"
	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/token"
)

// account owns all tokens and zones.
const account = "0123456789abcdef0123456789abcdef"

// access is what our two subjects ask: the operation and its zone, without and
// with the zone's account, from an address.
type access struct {
	op    *catalog.Operation
	zone  policy.KindNo
	owner policy.Ref
	addr  netip.Addr
}

func newAccess() (access, error) {
	c := catalog.V4()
	op, ok := c.Operation(model.Operation)
	if !ok {
		return access{}, fmt.Errorf("the catalogue has no operation %s", model.Operation)
	}
	v := c.Vocabulary()
	return access{op, v.Kind(catalog.KindZone), policy.MakeRef(v.Kind(catalog.KindAccount), account), netip.MustParseAddr(model.From)}, nil
}

// ourDecision is the decision alone, about a compiled set at hand.
func ourDecision(m *model.Model) (*subject, error) {
	a, err := newAccess()
	v := catalog.V4().Vocabulary()
	sets := make([]*policy.Set, m.Tokens)
	return &subject{
		load: func(n int) error {
			t := m.Token(n, account, token.Digest{})
			rules, faults := policy.Resolve(v, policy.Owner{Ref: a.owner, Account: true}, t.Policies)
			if len(faults) > 0 {
				return errors.New(faults[0].Message)
			}
			var err error
			sets[n], err = policy.Compile(v, rules, t.Condition)
			return err
		},
		byNumber: func(n int, zone string) (bool, error) {
			q := policy.Access{Accepted: a.op.Accepted, Path: policy.NewPath(policy.MakeRef(a.zone, zone), a.owner), Addr: a.addr}
			return sets[n].Evaluate(&q).Allowed, nil
		},
	}, err
}

// ourCheck is the whole check: of a digest, or of the bearer string of a token
// whose record is in the cache.
func ourCheck(m *model.Model) (*subject, error) {
	a, err := newAccess()
	if err != nil {
		return nil, err
	}
	rows := newRows(m)
	auth, err := authority.New(authority.Config{
		Store: rows, Catalog: catalog.V4(), CacheSize: max(2*m.Tokens, 8*len(m.Zones())), MaxStaleness: 24 * time.Hour,
	})
	if err != nil {
		return nil, err
	}
	ctx := context.Background()
	// Whoever asks keeps the memory of its question, and Authorize needs none.
	questions := sync.Pool{New: func() any { return &authority.Attempt{Op: a.op, Addr: a.addr} }}
	ask := func(cred token.Credential, zone string) (bool, error) {
		at := questions.Get().(*authority.Attempt)
		at.Path = policy.NewPath(policy.MakeRef(a.zone, zone))
		_, d, err := auth.Authorize(ctx, cred, at)
		questions.Put(at)
		return d.Allowed, err
	}
	s := &subject{
		byNumber: func(n int, zone string) (bool, error) {
			return ask(token.Credential{Kind: token.Digested, Digest: rows.digests[n]}, zone)
		},
		bySecret: func(secret, zone string) (bool, error) {
			parsed, err := token.Format{}.Parse(secret)
			if err != nil {
				return false, nil
			}
			return ask(token.Credential{Kind: token.Bearer, Secret: parsed}, zone)
		},
	}
	s.load = func(n int) error {
		allowed, err := s.bySecret(m.Secret(n), m.Zone(n))
		if err == nil && !allowed {
			err = fmt.Errorf("token %d is not allowed", n)
		}
		return err
	}
	if err := model.Hear(ctx, auth); err != nil {
		return nil, err
	}
	// Zones are known before memory is counted, as is the table of the cache.
	for _, z := range m.Zones() {
		if _, err := s.byNumber(0, z); err != nil {
			return nil, err
		}
	}
	return s, nil
}
