package authority_test

import (
	"context"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/catalogfile"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/token"
)

const storeKind = "com.example.shop.store"

// shopCatalog is the example's catalogue, with account in the place of
// "configured".
func shopCatalog(t testing.TB, account string) *catalog.Catalog {
	t.Helper()
	data, err := os.ReadFile("../../examples/catalogs/shop.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return custom(t, strings.Replace(string(data), "account: configured", "account: "+account, 1))
}

func custom(t testing.TB, text string) *catalog.Catalog {
	t.Helper()
	spec, faults := catalogfile.Parse([]byte(text), "")
	if spec == nil {
		t.Fatal(faults)
	}
	c, err := catalog.Extend(catalog.V4(), spec)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func newShop(t testing.TB, account string) *world {
	t.Helper()
	return newWorld(t, func(cfg *authority.Config) { cfg.Catalog = shopCatalog(t, account) })
}

// shopGroups are ids of the shop's groups by name.
func shopGroups(c *catalog.Catalog, names string) []string {
	var ids []string
	for name := range strings.SplitSeq(names, ", ") {
		for _, g := range c.Groups() {
			if g.Name == name && g.API != "" {
				ids = append(ids, g.ID)
			}
		}
	}
	return ids
}

// at judges a request to the shop.
func (w *world) at(cred token.Credential, request string) (policy.Decision, error) {
	w.t.Helper()
	method, path, _ := strings.Cut(request, " ")
	api, _ := w.Catalog().API("shop")
	m, miss := api.Match(method, path)
	if miss != catalog.Hit {
		w.t.Fatalf("%s: %v", request, miss)
	}
	_, d, err := w.Authorize(context.Background(), cred, &authority.Attempt{Op: m.Op, Path: m.Resource(""), Addr: home})
	return d, err
}

// TestPoliciesReachNestedKinds: a policy on a store reaches the reviews in its
// products, four deep, and nothing beside it.
func TestPoliciesReachNestedKinds(t *testing.T) {
	t.Parallel()
	w := newShop(t, acme)
	review, product, store := storeKind+".product.review", storeKind+".product", storeKind
	all := shopGroups(w.Catalog(), "Stores Read, Products Read, Reviews Read")
	reviews := shopGroups(w.Catalog(), "Reviews Read")
	give := func(groups []string, on ...policy.Resource) policy.Policy {
		return policy.Policy{Effect: policy.Allow, Groups: groups, Resources: on}
	}
	take := func(on ...policy.Resource) policy.Policy {
		return policy.Policy{Effect: policy.Deny, Groups: reviews, Resources: on}
	}
	nested := func(outer string, inner ...string) policy.Resource { return policy.Resource{Key: outer, Nested: inner} }
	const (
		r1    = "GET /stores/north/products/7/reviews/r1"
		r2    = "GET /stores/north/products/8/reviews/r2"
		r3    = "GET /stores/south/products/7/reviews/r1"
		north = "GET /stores/north"
		p7    = "GET /stores/north/products/7"
	)
	for _, c := range []struct {
		what     string
		policies []policy.Policy
		allowed  string // what of the five requests, by number
	}{
		{"the account", []policy.Policy{give(all, account(acme))}, "r1 r2 r3 north p7"},
		{"one store", []policy.Policy{give(all, nested(accountKey(acme), store+".north"))}, "r1 r2 north p7"},
		{"one store, flat", []policy.Policy{give(all, policy.Resource{Key: store + ".north"})}, "r1 r2 north p7"},
		{"every store of the account", []policy.Policy{give(all, nested(accountKey(acme), store+".*"))}, "r1 r2 r3 north p7"},
		{"every review in a store", []policy.Policy{give(reviews, nested(store+".south", review+".*"))}, "r3"},
		{"every review in a product in any store", []policy.Policy{give(reviews, nested(product+".7", review+".*"))}, "r1 r3"},
		{"one review", []policy.Policy{give(reviews, policy.Resource{Key: review + ".r2"})}, "r2"},
		{"a review in a store", []policy.Policy{give(reviews, nested(store+".north", review+".r1"))}, "r1"},
		{"all but a store", []policy.Policy{give(all, account(acme)), take(policy.Resource{Key: store + ".north"})}, "r3 north p7"},
		{"all but a product", []policy.Policy{give(all, account(acme)), take(nested(store+".north", product+".7"))}, "r2 r3 north p7"},
		{"all but every review", []policy.Policy{give(all, account(acme)), take(nested(accountKey(acme), review+".*"))}, "north p7"},
		{"another group", []policy.Policy{give(shopGroups(w.Catalog(), "Stores Write"), account(acme))}, "north"},
		{"a store of that name and a dotted product", []policy.Policy{give(all, policy.Resource{Key: store + ".south"})}, "r3"},
	} {
		_, cred := w.issue(accountOwner(acme), c.policies...)
		for name, request := range map[string]string{"r1": r1, "r2": r2, "r3": r3, "north": north, "p7": p7} {
			want := strings.Contains(" "+c.allowed+" ", " "+name+" ")
			if d, err := w.at(cred, request); err != nil || d.Allowed != want {
				t.Errorf("%s: %s: %+v %v, want %v", c.what, request, d, err, want)
			}
		}
	}
}

// TestACustomCatalogueIsBoundToItsAccount: tokens of others come to nothing
// there, members hold there what they hold elsewhere in the account.
func TestACustomCatalogueIsBoundToItsAccount(t *testing.T) {
	t.Parallel()
	w := newShop(t, acme)
	groups := shopGroups(w.Catalog(), "Stores Read")
	on := func(id string) policy.Policy {
		return policy.Policy{Effect: policy.Allow, Groups: groups, Resources: []policy.Resource{account(id)}}
	}
	_, theirs := w.issue(accountOwner(rival), on(rival))
	_, ours := w.issue(accountOwner(acme), on(acme))
	_, users := w.issue(w.reader.owner(), on(acme))
	for _, c := range []struct {
		who     string
		cred    token.Credential
		request string
		want    bool
	}{
		{"an account's token", ours, "GET /stores/north", true},
		{"another account's token", theirs, "GET /stores/north", false},
		{"a reader's token", users, "GET /stores/north", true},
		{"a Super Administrator", w.admin.credential(), "POST /stores", true},
		{"a Super Administrator of both", w.both.credential(), "GET /stores/north/products/1", true},
		{"who only reads", w.reader.credential(), "POST /stores", false},
		{"who only reads, reading", w.reader.credential(), "GET /stores/north", true},
		{"who was only invited", w.guest.credential(), "GET /stores/north", false},
		{"anyone, where it is public", token.Credential{}, "GET /health", true},
		{"a list, whose rows are judged", theirs, "GET /stores", true},
	} {
		if d, err := w.at(c.cred, c.request); err != nil || d.Allowed != c.want {
			t.Errorf("%s: %s: %+v %v, want %v", c.who, c.request, d, err, c.want)
		}
	}
	// The ceiling knows where a store lies.
	flat := authority.Draft{Name: "flat", Policies: []policy.Policy{{
		Effect: policy.Allow, Groups: groups, Resources: []policy.Resource{{Key: storeKind + ".north"}},
	}}}
	if _, _, err := w.Issue(context.Background(), w.as(w.admin.credential()), w.admin.owner(), flat); err != nil {
		t.Errorf("a Super Administrator gives one store: %v", err)
	}
	_, _, err := w.Issue(context.Background(), w.as(w.guest.credential()), w.guest.owner(), flat)
	wantCode(t, err, authority.CodeInvalid)
}

// TestWhereTheAccountIsTheCallers only tokens that an account owns can act, each
// in its own.
func TestWhereTheAccountIsTheCallers(t *testing.T) {
	t.Parallel()
	w := newShop(t, "caller")
	groups := shopGroups(w.Catalog(), "Stores Read")
	for _, id := range []string{acme, rival} {
		_, cred := w.issue(accountOwner(id), policy.Policy{Effect: policy.Allow, Groups: groups, Resources: []policy.Resource{account(id)}})
		if d, err := w.at(cred, "GET /stores/north"); err != nil || !d.Allowed {
			t.Errorf("%+v %v", d, err)
		}
	}
	// A store lies in the account of whose token it is, so one of it can be given
	// by who holds the account, and by nobody else.
	one := authority.Draft{Name: "one", Policies: []policy.Policy{{
		Effect: policy.Allow, Groups: groups, Resources: []policy.Resource{{Key: storeKind + ".north"}},
	}}}
	if _, _, err := w.Issue(context.Background(), w.as(w.admin.credential()), accountOwner(acme), one); err != nil {
		t.Error(err)
	}
	_, _, err := w.Issue(context.Background(), w.as(w.admin.credential()), accountOwner(rival), one)
	wantCode(t, err, authority.CodeForbidden)
	if d, err := w.at(w.both.credential(), "GET /stores/north"); err != nil || d.Allowed || d.Reason != policy.NeedsAccount {
		t.Errorf("a user's credential: %+v %v", d, err)
	}
}

// TestWhoHoldsTheAccountCanGiveAllThatLiesInOneStore: every product of one store,
// and every review of one product, wherever the account comes from.
func TestWhoHoldsTheAccountCanGiveAllThatLiesInOneStore(t *testing.T) {
	t.Parallel()
	for bound, want := range map[string]authority.Code{"caller": 0, acme: 0, rival: authority.CodeInvalid} {
		w := newShop(t, bound)
		for _, r := range []policy.Resource{
			{Key: storeKind + ".north", Nested: []string{storeKind + ".product.*"}},
			{Key: storeKind + ".north", Nested: []string{storeKind + ".product.7"}},
			{Key: storeKind + ".product.7", Nested: []string{storeKind + ".product.review.*"}},
		} {
			draft := authority.Draft{Name: "part", Policies: []policy.Policy{{
				Effect: policy.Allow, Groups: shopGroups(w.Catalog(), "Reviews Read"), Resources: []policy.Resource{r},
			}}}
			_, _, err := w.Issue(context.Background(), w.as(w.admin.credential()), accountOwner(acme), draft)
			if want != 0 {
				wantCode(t, err, want)
			} else if err != nil {
				t.Errorf("account %s: %+v: %v", bound, r, err)
			}
		}
	}
}

// TestRowsAreSeenAsTheirResourcesAreAllowed.
func TestRowsAreSeenAsTheirResourcesAreAllowed(t *testing.T) {
	t.Parallel()
	w := newShop(t, acme)
	_, cred := w.issue(accountOwner(acme), policy.Policy{
		Effect: policy.Allow, Groups: shopGroups(w.Catalog(), "Products Read"), Resources: []policy.Resource{{Key: storeKind + ".product.7"}},
	})
	api, _ := w.Catalog().API("shop")
	m, _ := api.Match("GET", "/stores/north/products")
	c, d, err := w.Authorize(context.Background(), cred, &authority.Attempt{Op: m.Op, Path: m.Resource(""), Addr: home})
	if err != nil || !d.Allowed {
		t.Fatal(d, err)
	}
	for id, want := range map[string]bool{"7": true, "8": false, "07": false, "": false} {
		row := m.Row(func(catalog.Place) (string, bool) { return id, true }, func(catalog.Place) (string, bool) { return "", false })
		if seen, err := w.Sees(context.Background(), &c, m.Op, row); err != nil || seen != want {
			t.Errorf("row %q: %v %v", id, seen, err)
		}
	}
}

// TestReloadKeepsWhatStaysAndForgetsWhatGoes: a token outlives a group and a kind
// that it names, without them.
func TestReloadKeepsWhatStaysAndForgetsWhatGoes(t *testing.T) {
	t.Parallel()
	w := newShop(t, acme)
	groups := shopGroups(w.Catalog(), "Stores Read, Products Read, Reviews Read")
	_, cred := w.issue(accountOwner(acme),
		policy.Policy{Effect: policy.Allow, Groups: append(groups, groupIDs("DNS Read")...), Resources: []policy.Resource{account(acme)}})
	old, _ := w.Catalog().API("shop")
	matched, _ := old.Match("GET", "/stores/north/products/7")
	less := custom(t, "version: 1\nname: shop\naccount: "+acme+`
kinds: [{name: com.example.shop.other, id: int}, {name: com.example.shop.store, id: slug}]
products: [{name: Stores, groups: [{key: others, name: Others, scope: other}, {key: stores_read, name: Stores Read, scope: store}]}]
operations:
  - {id: get-store, method: GET, path: "/stores/{store}", groups: [stores_read], resource: [{kind: store, path: store}]}
  - {id: get-other, method: GET, path: "/others/{other}", groups: [others], resource: [{kind: other, path: other}]}
`)
	for range 2 {
		w.allowed(cred, authority.OpDNSList, inZone(shop))
		if d, err := w.at(cred, "GET /stores/north"); err != nil || !d.Allowed {
			t.Fatal(d, err)
		}
		if err := w.Reload(less); err != nil {
			t.Fatal(err)
		}
	}
	if d, err := w.at(cred, "GET /others/1"); err != nil || d.Allowed {
		t.Errorf("a group with a number that another had: %+v %v", d, err)
	}
	// What was matched two catalogues ago can be judged by none.
	_, d, err := w.Authorize(context.Background(), cred, &authority.Attempt{Op: matched.Op, Path: matched.Resource(""), Addr: home})
	if d.Allowed || !hasCode(err, authority.CodeUnavailable) {
		t.Errorf("%+v %v", d, err)
	}
	v4, err := catalog.V4Compatible("none")
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Reload(v4); err == nil {
		t.Error("a catalogue with other operations was put in force")
	}
}

// TestReloadDuringTrafficNeverMixesCatalogues: groups and kinds change numbers
// with every reload, and every check still comes out right, also one that was
// matched before a reload and is judged after it.
func TestReloadDuringTrafficNeverMixesCatalogues(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	text := func(first, second string) string {
		return "version: 1\nname: shop\naccount: " + acme + "\nkinds: [{name: com.example.shop." + first + ", id: slug}, {name: com.example.shop." + second +
			", id: slug}]\nproducts: [{name: P, groups: [{key: " + first + "_read, name: " + first + ", scope: " + first + "}, {key: " + second + "_read, name: " + second + ", scope: " + second + "}]}]\n" + `
operations:
  - {id: a, method: GET, path: "/apple/{id}", groups: [apple_read], resource: [{kind: apple, path: id}]}
  - {id: b, method: GET, path: "/pear/{id}", groups: [pear_read], resource: [{kind: pear, path: id}]}
`
	}
	one, two := custom(t, text("apple", "pear")), custom(t, text("pear", "apple"))
	if err := w.Reload(one); err != nil {
		t.Fatal(err)
	}
	_, cred := w.issue(accountOwner(acme), policy.Policy{
		Effect: policy.Allow, Groups: shopGroups(one, "apple"), Resources: []policy.Resource{{Key: "com.example.shop.apple.x"}},
	})
	var stop atomic.Bool
	var checks atomic.Int64
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for !stop.Load() {
				for request, want := range map[string]bool{"GET /apple/x": true, "GET /apple/y": false, "GET /pear/x": false} {
					// A check that sleeps through two reloads cannot be answered;
					// it is never answered wrongly.
					if d, err := w.at(cred, request); err == nil && d.Allowed != want || err != nil && d.Allowed {
						t.Errorf("%s: %+v %v", request, d, err)
						stop.Store(true)
					}
					checks.Add(1)
				}
			}
		})
	}
	for i := 0; i < 200 || checks.Load() < 2000 && !stop.Load(); i++ {
		if err := w.Reload([]*catalog.Catalog{two, one}[i%2]); err != nil {
			t.Error(err)
			break
		}
	}
	stop.Store(true)
	wg.Wait()
}
