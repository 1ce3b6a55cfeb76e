package narrowing_test

import (
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/catalogfile"
	"github.com/tokenward/tokenward/internal/narrowing"
	"github.com/tokenward/tokenward/internal/policy"
)

// The world of these tests: two accounts with zones, a bucket and a store with
// products each, and a user.
const (
	north, south = "a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1", "b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2"
	shop, blog   = "c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3", "c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4" // in north
	their        = "d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5"                                     // in south
	person       = "e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6"

	storeKind   = "com.example.shop.store"
	productKind = storeKind + ".product"
)

// world is a catalogue and short names for what it has.
type world struct {
	catalog *catalog.Catalog
	v       *policy.Vocabulary
	groups  map[string]policy.GroupNo
}

// newWorld has the example's custom catalogue beside the built-in one.
func newWorld(t testing.TB) *world {
	t.Helper()
	text, err := os.ReadFile("../../examples/catalogs/shop.yaml")
	if err != nil {
		t.Fatal(err)
	}
	// Without "account", requests name the account: stores lie in any.
	spec, faults := catalogfile.Parse([]byte(strings.Replace(string(text), "account: configured", "account: caller", 1)), "")
	if spec == nil {
		t.Fatal(faults)
	}
	c, err := catalog.Extend(catalog.V4(), spec)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{catalog: c, v: c.Vocabulary(), groups: map[string]policy.GroupNo{}}
	for no := range policy.GroupNo(w.v.Groups()) {
		w.groups[w.v.GroupByNo(no).Name] = no
	}
	return w
}

func (w *world) user() policy.Owner {
	return policy.Owner{Ref: policy.MakeRef(w.v.Kind(catalog.KindUser), person)}
}

func (w *world) account() policy.Owner {
	return policy.Owner{Ref: policy.MakeRef(w.v.Kind(catalog.KindAccount), north), Account: true}
}

// kinds are the short names of kinds in keys and paths.
var kinds = map[string]string{
	"user": catalog.KindUser, "account": catalog.KindAccount, "zone": catalog.KindZone, "bucket": catalog.KindBucket,
	"store": storeKind, "product": productKind, "record": "com.tokenward.dns.record",
}

// ids are the short names of ids; others stand for themselves.
var ids = map[string]string{"north": north, "south": south, "shop": shop, "blog": blog, "their": their, "me": person, "new": ""}

func split(short string) (kind, id string) {
	kind, id, _ = strings.Cut(short, "/")
	if long, ok := ids[id]; ok {
		id = long
	}
	return kinds[kind], id
}

// resource reads "zone/shop" or "account/north>zone/*".
func resource(short string) policy.Resource {
	outer, inner, nested := strings.Cut(short, ">")
	kind, id := split(outer)
	r := policy.Resource{Key: kind + "." + id}
	for key := range strings.SplitSeq(inner, ",") {
		if nested {
			kind, id := split(key)
			r.Nested = append(r.Nested, kind+"."+id)
		}
	}
	return r
}

// path reads "zone/shop account/north".
func (w *world) path(short string) policy.Path {
	var refs []policy.Ref
	for field := range strings.FieldsSeq(short) {
		kind, id := split(field)
		refs = append(refs, policy.MakeRef(w.v.Kind(kind), id))
	}
	return policy.NewPath(refs...)
}

// allow and deny are policies: w.allow("DNS Read, DNS Write", "zone/shop").
func (w *world) allow(groups string, on ...string) policy.Policy {
	return w.policy(policy.Allow, groups, on...)
}
func (w *world) deny(groups string, on ...string) policy.Policy {
	return w.policy(policy.Deny, groups, on...)
}

func (w *world) policy(e policy.Effect, groups string, on ...string) policy.Policy {
	p := policy.Policy{Effect: e}
	for name := range strings.SplitSeq(groups, ", ") {
		p.Groups = append(p.Groups, w.v.GroupByNo(w.groups[name]).ID)
	}
	for _, short := range on {
		p.Resources = append(p.Resources, resource(short))
	}
	return p
}

// need takes any one of groups, "" for one that nobody has, on a path.
func (w *world) need(groups, path string) narrowing.Need {
	n := narrowing.Need{Path: w.path(path), Count: 1, Operation: "op"}
	for name := range strings.SplitSeq(groups, ", ") {
		n.Accepted.Add(w.groups[name])
	}
	return n
}

func (w *world) open(groups, path string) narrowing.Need {
	n := w.need(groups, path)
	n.Open = true
	return n
}

// names are the groups of a policy by name.
func (w *world) names(p *policy.Policy) string {
	var out []string
	for _, id := range p.Groups {
		no, _ := w.v.Group(id)
		out = append(out, w.v.GroupByNo(no).Name)
	}
	return strings.Join(out, ", ")
}

// paths are every resource of the world, those that do not exist yet too.
var paths = []string{
	"user/me", "account/north", "account/south",
	"zone/shop account/north", "zone/blog account/north", "zone/new account/north", "zone/their account/south", "zone/new account/south",
	"zone/shop account/south", "zone/shop", // it moved, or is gone
	"bucket/" + north + "_default_logs account/north", "bucket/" + south + "_default_logs account/south",
	"store/one account/north", "store/two account/north", "store/one account/south", "store/new account/north", "store/one",
	"product/5 store/one account/north", "product/5 store/two account/north", "product/5 store/one account/south",
	"product/6 store/one account/north", "product/new store/one account/north", "product/5 store/one", "product/5 account/north", "product/5",
}

// places are every way to name resources that the world has.
var places = []string{
	"account/north", "account/south", "account/*", "user/me",
	"zone/shop", "zone/blog", "zone/their", "zone/*", "account/north>zone/*", "account/north>zone/shop,zone/blog", "account/*>zone/*",
	"account/south>zone/*", "account/south>zone/their",
	"bucket/" + north + "_default_logs", "account/north>bucket/*", "account/north>bucket/" + north + "_default_logs",
	"store/one", "store/*", "account/north>store/*", "account/north>store/one,store/two", "account/south>store/*",
	"product/5", "product/*", "store/one>product/*", "store/one>product/5,product/6", "account/north>product/5", "store/*>product/5", "account/north>product/*",
}

// names of groups that the world deals in, of each scope and of both sorts.
var names = []string{
	"DNS Read", "DNS Write", "Zone Read", "Zone Write", "Account Settings Read", "Account Settings Write", "User Details Read",
	"Workers R2 Storage Bucket Item Read", "Workers R2 Storage Bucket Item Write",
	"Stores Read", "Stores Write", "Products Read", "Products Write",
}

// chance makes random tokens and needs.
type chance struct {
	*world
	*rand.Rand
	owner policy.Owner
}

func one[T any](c *chance, list []T) T { return list[c.IntN(len(list))] }

// policies are some that are good, with denies among them.
func (c *chance) policies() []policy.Policy {
	for {
		var out []policy.Policy
		for range 1 + c.IntN(4) {
			p := policy.Policy{Effect: policy.Allow}
			if c.IntN(4) == 0 {
				p.Effect = policy.Deny
			}
			p.ID = strings.Repeat("0", 31) + string(rune('1'+len(out)))
			for _, i := range c.Perm(len(names))[:1+c.IntN(3)] {
				p.Groups = append(p.Groups, c.v.GroupByNo(c.groups[names[i]]).ID)
			}
			used := map[string]bool{}
			for _, i := range c.Perm(len(places))[:1+c.IntN(3)] {
				if r := resource(places[i]); !used[r.Key] {
					used[r.Key] = true
					p.Resources = append(p.Resources, r)
				}
			}
			if _, faults := policy.Resolve(c.v, c.owner, []policy.Policy{p}); len(faults) == 0 {
				out = append(out, p)
			}
		}
		if len(out) > 0 {
			return out
		}
	}
}

func (c *chance) needs() []narrowing.Need {
	var out []narrowing.Need
	for range c.IntN(10) {
		n := narrowing.Need{Operation: "op", Count: int64(c.IntN(100))}
		for range 1 + c.IntN(3) {
			n.Accepted.Add(c.groups[one(c, names)])
		}
		switch path := one(c, paths); c.IntN(8) {
		case 0: // anywhere
		case 1, 2:
			first, rest, _ := strings.Cut(path, " ")
			if n.Path, n.Open = c.path(first), true; c.IntN(2) == 0 {
				_, last, _ := strings.Cut(rest, " ")
				n.Path = c.path(first + " " + last)
			}
		default:
			n.Path = c.path(path)
		}
		out = append(out, n)
	}
	return out
}
