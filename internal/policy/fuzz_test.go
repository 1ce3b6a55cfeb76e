package policy

import (
	"encoding/json"
	"net/netip"
	"slices"
	"strings"
	"testing"
)

// decode reads a policy document as the API writes it, leniently: what it does
// not understand it leaves out.
func decode(data []byte) []Policy {
	var doc []struct {
		Effect string                     `json:"effect"`
		Groups []struct{ ID string }      `json:"permission_groups"`
		Res    map[string]json.RawMessage `json:"resources"`
	}
	if json.Unmarshal(data, &doc) != nil {
		return nil
	}
	var out []Policy
	for _, d := range doc {
		p := Policy{}
		p.Effect, _ = ParseEffect(d.Effect)
		for _, g := range d.Groups {
			p.Groups = append(p.Groups, g.ID)
		}
		for key, value := range d.Res {
			r := Resource{Key: key}
			var nested map[string]string
			if json.Unmarshal(value, &nested) == nil && nested != nil {
				r.Nested = []string{}
				for inner := range nested {
					r.Nested = append(r.Nested, inner)
				}
				slices.Sort(r.Nested)
			}
			p.Resources = append(p.Resources, r)
		}
		slices.SortFunc(p.Resources, func(a, b Resource) int { return strings.Compare(a.Key, b.Key) })
		out = append(out, p)
	}
	return out
}

// encode is decode's inverse, for seeds.
func encode(policies ...Policy) []byte {
	doc := []any{}
	for _, p := range policies {
		groups, resources := []any{}, map[string]any{}
		for _, g := range p.Groups {
			groups = append(groups, map[string]string{"id": g})
		}
		for _, r := range p.Resources {
			resources[r.Key] = "*"
			if r.Nested != nil {
				nested := map[string]string{}
				for _, k := range r.Nested {
					nested[k] = "*"
				}
				resources[r.Key] = nested
			}
		}
		doc = append(doc, map[string]any{"effect": p.Effect.String(), "permission_groups": groups, "resources": resources})
	}
	data, err := json.Marshal(doc)
	if err != nil {
		panic(err)
	}
	return data
}

// FuzzResolve holds that a document is refused, or means what the reference
// says that it means.
func FuzzResolve(f *testing.F) {
	v := testVocabulary(f)
	for _, form := range smallForms {
		f.Add(encode(grant(f, v, Allow, form, zoneRead)), false)
		f.Add(encode(grant(f, v, Allow, form, bucketRead), grant(f, v, Deny, form, bucketRead, recordWrite)), true)
	}
	for _, s := range []string{
		``, `[]`, `[{}]`, `null`, `[{"effect":"allow","permission_groups":[{"id":""}],"resources":{}}]`,
		`[{"effect":"allow","permission_groups":[{"id":"c0000000000000000000000000000000"}],"resources":{"edge.bucket.00000000000000000000000000000000":"*"}}]`,
		`[{"effect":"allow","permission_groups":[{"id":"b0000000000000000000000000000000"}],"resources":{"api.account.*":{"api.account.zone.00000000000000000000000000000000":"*","api.account.zone.":"*"}}}]`,
		`[{"effect":"allow","permission_groups":[{"id":"c0000000000000000000000000000000"}],"resources":{"edge.bucket..":"*","edge.bucket.*.*":"*","edge.bucket.a.b":"*"}}]`,
	} {
		f.Add([]byte(s), false)
		f.Add([]byte(s), true)
	}
	f.Fuzz(func(t *testing.T, data []byte, account bool) {
		owner := owners(v)[0]
		if account {
			owner = owners(v)[1]
		}
		fuzzDocument(t, v, owner, decode(data))
	})
}

func fuzzDocument(t *testing.T, v *Vocabulary, owner Owner, doc []Policy) {
	rules, faults := Resolve(v, owner, doc)
	if faults != nil {
		if rules != nil {
			t.Fatal("rules beside faults")
		}
		return
	}
	set, err := Compile(v, rules, Condition{})
	if err != nil {
		t.Fatal(err)
	}
	if excess, ok := Within(v, rules, rules); !ok {
		t.Fatalf("not within itself: %+v", excess)
	}
	for _, r := range rules {
		if account := r.Pattern.In.Any() && r.Pattern.Ref.Any(); account && owner.Account {
			t.Fatalf("an account's token has a pattern without an id: %+v", r.Pattern)
		}
	}
	ref := newReference(v, owner)
	for _, tr := range append(smallTrails(), namedIn(doc, &ref)...) {
		opinions := ref.opinions(doc, tr)
		for g := range GroupNo(v.Groups()) {
			accepted := []GroupNo{g, zoneWrite}
			got := set.Evaluate(&Access{Accepted: groupSet(accepted...), Path: tr.path(v)})
			if want, why := judge(opinions, accepted); got.Allowed != want || got.Reason != why || !witness(got, opinions, accepted) {
				t.Fatalf("%+v\non %v for %v: %+v, want %v, %v", doc, tr, accepted, got, want, why)
			}
		}
	}
}

// namedIn is trails of the resources that a document names, in both accounts.
func namedIn(doc []Policy, ref *reference) (out []trail) {
	above := map[string]string{"api.account.zone": "account/", "edge.bucket": "account/", "api.account.zone.record": "zone/1 account/", "dns.name": "zone/1 account/"}
	for _, p := range doc {
		for _, r := range p.Resources {
			for _, key := range append([]string{r.Key}, r.Nested...) {
				kind, id := ref.split(key)
				if ref.typed(kind) { // one of those that the pattern stands for
					id = strings.NewReplacer("*:", "TXT:", ":*", ":q.q", "*", "q").Replace(id)
				}
				if up, ok := above[kind]; ok && id != "*" {
					out = append(out, append(trail{{kind, id}}, steps(up+"A")...), append(trail{{kind, id}}, steps(up+"B")...))
				} else if id != "*" {
					out = append(out, trail{{kind, id}})
				}
			}
		}
	}
	return out[:min(len(out), 40)]
}

// FuzzCondition holds that a range is refused, or means what net/netip says.
func FuzzCondition(f *testing.F) {
	for _, in := range []string{"", "192.0.2.0/24", "123.123.123.100/24", "::ffff:192.0.2.0/120", "::/0", "2001:db8::/32", "0.0.0.0/0", "::ffff:0:0/96", "x"} {
		for _, addr := range []string{"", "192.0.2.1", "::ffff:192.0.2.1", "2001:db8::1%eth0", "fe80::1"} {
			f.Add(in, "", addr, true)
			f.Add("", in, addr, false)
			f.Add("192.0.2.7/32", in, addr, true)
		}
	}
	v := testVocabulary(f)
	f.Fuzz(func(t *testing.T, in, notIn, addr string, present bool) {
		var c Condition
		if present {
			c.In = []string{}
		}
		if in != "" {
			c.In = append(c.In, in)
		}
		if notIn != "" {
			c.NotIn = append(c.NotIn, notIn)
		}
		set, err := Compile(v, nil, c)
		if err != nil {
			return
		}
		a, _ := netip.ParseAddr(addr)
		want := naiveAllow(c, a)
		if got := set.AllowsFrom(a); got != want {
			t.Fatalf("%+v, %s: %v, want %v", c, a, got, want)
		}
	})
}

// naiveAllow compares all addresses as IPv6, bit by bit.
func naiveAllow(c Condition, a netip.Addr) bool {
	if c.In == nil && len(c.NotIn) == 0 {
		return true
	}
	if !a.IsValid() || contains(c.NotIn, a) {
		return false
	}
	return c.In == nil || contains(c.In, a)
}

func contains(list []string, a netip.Addr) bool {
	for _, s := range list {
		p := netip.MustParsePrefix(s)
		n := p.Bits()
		if p.Addr().Is4() {
			n += 96
		}
		// A range of IPv6 proper does not hold the mapped IPv4 addresses.
		same := p.Addr().Unmap().Is4() == a.Unmap().Is4()
		x, y := p.Addr().As16(), a.As16()
		for i := range n {
			same = same && (x[i/8]^y[i/8])>>(7-i%8)&1 == 0
		}
		if same {
			return true
		}
	}
	return false
}
