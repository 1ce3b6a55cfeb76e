package authority_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/netip"
	"strings"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/token"
)

// chance makes random tokens, memberships and accesses in a world.
type chance struct {
	*world
	*rand.Rand
	ops    []*catalog.Operation
	onRecs []*catalog.Operation // those on records
	people []someone
	owners []authority.Owner
}

func newChance(w *world, seed uint64) *chance {
	c := &chance{world: w, Rand: rand.New(rand.NewPCG(seed, 1)), people: []someone{w.admin, w.reader, w.both, w.guest}}
	for op := range w.Catalog().Operations() {
		if c.ops = append(c.ops, op); op.Records != 0 {
			c.onRecs = append(c.onRecs, op)
		}
	}
	c.owners = []authority.Owner{accountOwner(acme), accountOwner(acme), accountOwner(rival)}
	for _, p := range c.people {
		c.owners = append(c.owners, p.owner())
	}
	return c
}

func one[T any](c *chance, list ...T) T { return list[c.IntN(len(list))] }

func (c *chance) once(in int) bool { return c.IntN(in) == 0 }

func (c *chance) someZone() string { return one(c, shop, shop, blog, their, ghost) }

// memberships gives everybody others, on another node.
func (c *chance) memberships() {
	c.elsewhere(func(ctx context.Context, tx authority.Tx) error {
		var errs []error
		for _, p := range c.people {
			u, err := tx.User(ctx, p.id)
			u.Suspended = c.once(12)
			errs = append(errs, err, tx.UpdateUser(ctx, u))
			old, err := tx.Memberships(ctx, p.id)
			errs = append(errs, err)
			for _, m := range old {
				errs = append(errs, tx.DeleteMembership(ctx, m.ID, m.Version))
			}
			for _, account := range []string{acme, rival} {
				if m := c.membership(p, account); !c.once(4) {
					errs = append(errs, tx.InsertMembership(ctx, m))
				}
			}
			errs = append(errs, tx.AppendChange(ctx, authority.ChangeUser, p.id))
		}
		return errors.Join(errs...)
	})
	c.poll()
}

// record is one, or a pattern of some: of few labels, so that they often meet.
func (c *chance) record(patterns bool) string {
	typ, name := one(c, "A", "TXT"), one(c, "", "", "x.")+one(c, "a", "b")+"."+one(c, "c", "d")
	if patterns {
		typ = one(c, typ, typ, "*")
		name = one(c, name, "*", "*."+name, name+".*", "*.c", "a.*")
	}
	return typ + ":" + name
}

func (c *chance) role() string {
	return one(c, authority.RoleSuperAdministrator, authority.RoleAdministrator, authority.RoleAdministratorReadOnly,
		authority.RoleDNS, authority.RoleMinimalAccess, authority.RoleTokenProvisioning)
}

func (c *chance) membership(p someone, account string) authority.Membership {
	m := membership(p, account, c.role())
	switch c.IntN(8) {
	case 0:
		m.Status = authority.MembershipPending
	case 1:
		m.APIAccess = authority.Off
	case 2, 3:
		m.Policies = []authority.MemberPolicy{{ID: m.ID, Effect: one(c, policy.Deny, policy.Allow), Groups: []string{c.role()}, ResourceGroups: []string{account}}}
	}
	return m
}

// resource is one that a group may be given on.
func (c *chance) resource(o authority.Owner, g *policy.Group) policy.Resource {
	home, scope := one(c, acme, acme, rival), g.Scope
	if g.Below != "" && !c.once(3) {
		key := g.Below + "." + c.record(true)
		return one(c, policy.Resource{Key: zoneKey(c.someZone()), Nested: []string{key}}, within(home, key))
	}
	every := catalog.KindZone + ".*"
	switch {
	case scope == catalog.KindUser:
		return user(o.ID)
	case scope == catalog.KindBucket && !c.once(3):
		return bucket(one(c, acme, rival) + "_default_" + one(c, "logs", "backup.2026"))
	case scope == catalog.KindAccount || c.once(6):
		return one(c, account(home), policy.Resource{Key: catalog.KindAccount + ".*"})
	}
	return one(c, zone(c.someZone()), within(home, zoneKey(c.someZone())), within(home, every), policy.Resource{Key: every},
		policy.Resource{Key: catalog.KindAccount + ".*", Nested: []string{every}})
}

// policies speak mostly of what some operations accept.
func (c *chance) policies(o authority.Owner, ops []*catalog.Operation) []policy.Policy {
	var out []policy.Policy
	v := c.Catalog().Vocabulary()
	for range 40 {
		var accepted []policy.GroupNo
		for no := range one(c, ops...).Accepted.All {
			accepted = append(accepted, no)
		}
		if len(out) >= 5 || len(accepted) == 0 || len(out) > 0 && c.once(10) {
			continue
		}
		p := policy.Policy{Effect: policy.Allow}
		if c.once(3) {
			p.Effect = policy.Deny
		}
		for range 1 + c.IntN(2) {
			g := v.GroupByNo(one(c, accepted...))
			p.Groups = append(p.Groups, g.ID)
			p.Resources = append(p.Resources, c.resource(o, &g))
		}
		if p.Resources[0].Key == p.Resources[len(p.Resources)-1].Key {
			p.Resources = p.Resources[:1]
		}
		if _, faults := policy.Resolve(v, authority.PolicyOwner(v, o), []policy.Policy{p}); len(faults) == 0 {
			out = append(out, p)
		}
	}
	return out
}

func (c *chance) draft(o authority.Owner, ops []*catalog.Operation) authority.Draft {
	d := authority.Draft{Name: "random", Policies: c.policies(o, ops)}
	if d.Policies == nil {
		d.Policies = []policy.Policy{}
	}
	if c.once(6) {
		d.Status = authority.StatusDisabled
	}
	if c.once(5) {
		d.NotBefore = start.Add(30 * time.Minute)
	}
	if c.once(5) {
		d.ExpiresOn = start.Add(time.Hour)
	}
	switch c.IntN(8) {
	case 0:
		d.Condition.In = []string{"198.51.100.0/24"}
	case 1:
		d.Condition.NotIn = []string{"198.51.100.9/32", "2001:db8::/32"}
	case 2:
		d.Condition = policy.Condition{In: []string{"198.51.100.0/24", "::/0"}, NotIn: []string{"198.51.100.128/25"}}
	}
	return d
}

// request is the method and the path of a request for an operation.
func (c *chance) request(op *catalog.Operation) (method, path string) {
	segments := strings.Split(op.Template, "/")
	for i, s := range segments {
		for strings.Contains(s, "{") {
			before, rest, _ := strings.Cut(s, "{")
			name, after, _ := strings.Cut(rest, "}")
			value := one(c, "1", "x", spelled("f7"), "00000000-0000-4000-8000-000000000000")
			switch {
			case strings.HasPrefix(name, "account"):
				value = one(c, acme, acme, rival, ghost)
			case strings.HasPrefix(name, "zone"):
				value = c.someZone()
			case name == "bucket_name":
				value = one(c, "logs", "backup.2026")
			}
			s = before + value + after
		}
		segments[i] = s
	}
	return op.Method, strings.Join(segments, "/")
}

// subject is a token, what it is likely to do, and when.
type subject struct {
	made authority.Token
	cred token.Credential
	ops  []*catalog.Operation
	at   time.Time
}

func (c *chance) subject() subject {
	c.clock.Set(start)
	s := subject{at: start.Add(time.Duration(c.IntN(100)) * time.Minute)}
	for range 6 {
		s.ops = append(s.ops, one(c, c.ops...))
	}
	if c.once(4) {
		s.ops = append(s.ops, one(c, c.onRecs...), one(c, c.onRecs...))
	}
	o := one(c, c.owners...)
	s.made, s.cred = c.issueDraft(o, c.draft(o, s.ops))
	c.clock.Set(s.at)
	c.poll()
	return s
}

// access is what somebody tries with the subject, and the question about it.
func (c *chance) access(s *subject) (*authority.Attempt, *authority.Question) {
	for {
		op := one(c, s.ops...)
		if c.once(8) {
			op = one(c, c.ops...)
		}
		method, path := c.request(op)
		m, miss := c.Catalog().Match(method, path)
		if miss != catalog.Hit {
			if s.ops = append(s.ops, one(c, c.ops...)); len(s.ops) > 100 {
				s.ops = s.ops[:50]
			}
			continue
		}
		at := &authority.Attempt{Op: m.Op, Path: m.Resource(""), Addr: one(c, home, home, netip.MustParseAddr("198.51.100.200"),
			netip.MustParseAddr("2001:db8::1"), netip.Addr{})}
		return at, &authority.Question{Owner: s.made.Owner, TokenID: s.made.ID, Method: method, Path: path, Addr: at.Addr, At: s.at}
	}
}
