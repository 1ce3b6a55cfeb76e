package tokenform

import (
	"math/rand/v2"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
)

// The world of these tests: two accounts with zones, a user.
var (
	acme, rival      = spelled("a1"), spelled("b2")
	shop, blog, docs = spelled("c3"), spelled("c4"), spelled("c5")
	alice            = spelled("d6")
	now              = time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	names            = Names{acme: "Acme", rival: "Rival", shop: "shop.example", blog: "blog.example"}
)

func spelled(pair string) string { return strings.Repeat(pair, 16) }

func forUser(tb testing.TB) Basis {
	tb.Helper()
	return Basis{Picker: NewPicker(catalog.V4()), Owner: authority.Owner{Kind: authority.OwnerUser, ID: alice}, Now: now}
}

func forAccount(tb testing.TB) Basis {
	tb.Helper()
	b := forUser(tb)
	b.Owner = authority.Owner{Kind: authority.OwnerAccount, ID: acme}
	return b
}

// give reads "dns edit, zone read" as rows.
func give(text string) []Permission {
	var rows []Permission
	for part := range strings.SplitSeq(text, ",") {
		group, level, _ := strings.Cut(strings.TrimSpace(part), " ")
		rows = append(rows, Permission{Group: group, Level: level})
	}
	return rows
}

// id is the id of the group that "dns edit" means.
func id(b Basis, text string) string {
	p := give(text)[0]
	f, _ := b.Picker.Family(p.Group)
	l, _ := f.Level(p.Level)
	return l.Group.ID
}

// set compiles policies that must be good.
func set(tb testing.TB, b Basis, d *authority.Draft) *policy.Set {
	tb.Helper()
	v := b.Picker.catalog.Vocabulary()
	rules, faults := policy.Resolve(v, authority.PolicyOwner(v, b.Owner), d.Policies)
	if len(faults) > 0 {
		tb.Fatalf("%v in %+v", faults, d.Policies)
	}
	s, err := policy.Compile(v, rules, d.Condition)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// sameMeaning holds two drafts against each other: at random accesses and in
// every member that is not a policy.
func sameMeaning(t *testing.T, r *rand.Rand, b Basis, x, y *authority.Draft) {
	t.Helper()
	if x.Name != y.Name || x.Status != y.Status || !x.NotBefore.Equal(y.NotBefore) || !x.ExpiresOn.Equal(y.ExpiresOn) {
		t.Fatalf("%+v became %+v", x, y)
	}
	if (x.RateLimit == nil) != (y.RateLimit == nil) || x.RateLimit != nil && *x.RateLimit != *y.RateLimit {
		t.Fatalf("%+v became %+v", x.RateLimit, y.RateLimit)
	}
	one, two := set(t, b, x), set(t, b, y)
	for range 60 {
		access := randomAccess(r, b)
		if got, want := two.Evaluate(&access), one.Evaluate(&access); got.Allowed != want.Allowed || got.Reason != want.Reason {
			t.Fatalf("%+v: %+v, want %+v\n%+v\nbecame\n%+v", access.Path, got, want, x.Policies, y.Policies)
		}
	}
}

func randomAccess(r *rand.Rand, b Basis) policy.Access {
	v := b.Picker.catalog.Vocabulary()
	account := policy.MakeRef(v.Kind(catalog.KindAccount), pick(r, acme, rival, spelled("99")))
	paths := []policy.Path{
		policy.NewPath(account),
		policy.NewPath(policy.MakeRef(v.Kind(catalog.KindZone), pick(r, shop, blog, docs, "")), account),
		policy.NewPath(policy.MakeRef(v.Kind(catalog.KindBucket), pick(r, acme+"_default_b", "")), account),
		policy.NewPath(policy.MakeRef(v.Kind(catalog.KindUser), pick(r, alice, spelled("77")))),
	}
	paths = append(paths, recordPaths(r, v, account)...)
	if len(b.Picker.kinds) > 0 {
		paths = append(paths, customPaths(r, v, account)...)
	}
	accepted := new(policy.GroupSet)
	for range 1 + r.IntN(3) {
		no, _ := v.Group(id(b, pick(r, permissionsOf(b)...)))
		accepted.Add(no)
	}
	return policy.Access{
		Accepted: accepted, Path: pick(r, paths...),
		Addr: netip.MustParseAddr(pick(r, "203.0.113.7", "203.0.113.8", "2001:db8::1", "192.0.2.1")),
	}
}

// somePermissions are of every scope, some with more levels than two.
var somePermissions = []string{
	"dns read", "dns edit", "zone read", "cache purge", "zone_access revoke",
	"account_settings read", "workers_scripts edit", "access revoke", "workers_r2_bucket_item edit",
	"user_details read", "api_tokens edit",
}

func pick[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

func mustQuery(tb testing.TB, s string) url.Values {
	tb.Helper()
	q, err := url.ParseQuery(s)
	if err != nil {
		tb.Fatal(err)
	}
	return q
}
