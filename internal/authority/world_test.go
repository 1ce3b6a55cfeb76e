package authority_test

import (
	"context"
	"errors"
	"net/netip"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/store"
	"github.com/tokenward/tokenward/internal/storetest"
	"github.com/tokenward/tokenward/internal/token"
)

// The world of these tests. Acme has two zones and Rival has one; ghost is a
// zone that does not exist.
var (
	acme  = spelled("a1")
	rival = spelled("b2")
	shop  = spelled("c3") // of acme
	blog  = spelled("c4") // of acme
	their = spelled("d5") // of rival
	ghost = spelled("e6")
)

func spelled(pair string) string { return strings.Repeat(pair, 16) }

// someone is a user with an API key.
type someone struct {
	id, email string
	key       token.Secret
}

func (s someone) owner() authority.Owner { return userOwner(s.id) }
func (s someone) credential() token.Credential {
	return token.Credential{Kind: token.Key, Email: s.email, Secret: s.key}
}

// world is an authority on a database of its own.
type world struct {
	*authority.Authority
	t     testing.TB
	dir   string
	store *storetest.Failing // what the authority sees
	db    *store.Store       // what is behind it: "another node" writes here
	clock *clock

	admin  someone // Super Administrator of acme
	reader someone // Administrator Read Only of acme
	both   someone // Super Administrator of acme and of rival
	guest  someone // invited to acme, has not accepted
}

// start is the time in the world until somebody moves it.
var start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// home is where requests come from.
var home = netip.MustParseAddr("198.51.100.9")

func newWorld(t testing.TB, with ...func(*authority.Config)) *world {
	t.Helper()
	w := emptyWorld(t, with...)
	w.admin, w.reader = newSomeone("11", "admin"), newSomeone("22", "reader")
	w.both, w.guest = newSomeone("33", "both"), newSomeone("44", "guest")
	w.elsewhere(func(ctx context.Context, tx authority.Tx) error {
		return errors.Join(w.people(ctx, tx), w.places(ctx, tx))
	})
	w.poll()
	return w
}

// emptyWorld has nobody and nothing in it.
func emptyWorld(t testing.TB, with ...func(*authority.Config)) *world {
	t.Helper()
	w := &world{t: t, dir: t.TempDir(), clock: &clock{now: start.Add(-time.Minute)}}
	var err error
	if w.db, err = store.OpenSQLite(context.Background(), filepath.Join(w.dir, "world.db"), store.Options{Readers: 4}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.db.Close() })
	w.store = storetest.NewFailing(w.db)
	cfg := authority.Config{Store: w.store, Catalog: catalog.V4(), Clock: w.clock.Now, CacheSize: 1024, InviteLinks: true}
	for _, f := range with {
		f(&cfg)
	}
	if w.Authority, err = authority.New(cfg); err != nil {
		t.Fatal(err)
	}
	w.clock.Set(start)
	return w
}

func newSomeone(pair, name string) someone {
	return someone{id: spelled(pair), email: name + "@example.com", key: token.Format{}.New(token.APIKey)}
}

func (w *world) people(ctx context.Context, tx authority.Tx) error {
	var errs []error
	for _, s := range []someone{w.admin, w.reader, w.both, w.guest} {
		errs = append(errs, tx.InsertUser(ctx, authority.User{
			ID: s.id, Email: s.email, KeyDigest: s.key.Digest(), HasKey: true, CreatedOn: start, ModifiedOn: start, Version: 1,
		}))
	}
	for id, name := range map[string]string{acme: "Acme", rival: "Rival"} {
		errs = append(errs, tx.InsertAccount(ctx, authority.Account{ID: id, Name: name, Type: "standard", CreatedOn: start, Version: 1}))
	}
	for _, m := range []authority.Membership{
		membership(w.admin, acme, authority.RoleSuperAdministrator),
		membership(w.reader, acme, authority.RoleAdministratorReadOnly),
		membership(w.both, acme, authority.RoleSuperAdministrator),
		membership(w.both, rival, authority.RoleSuperAdministrator),
		pending(membership(w.guest, acme, authority.RoleSuperAdministrator)),
	} {
		errs = append(errs, tx.InsertMembership(ctx, m))
	}
	return errors.Join(errs...)
}

func (w *world) places(ctx context.Context, tx authority.Tx) error {
	return errors.Join(
		tx.InsertZone(ctx, zoneRow(shop, acme, "shop.example")),
		tx.InsertZone(ctx, zoneRow(blog, acme, "blog.example")),
		tx.InsertZone(ctx, zoneRow(their, rival, "their.example")),
	)
}

// membership's id is made of both ids, so that tests need not look it up.
func membership(s someone, account, role string) authority.Membership {
	return authority.Membership{
		ID: s.id[:16] + account[:16], UserID: s.id, AccountID: account, Roles: []string{role},
		Status: authority.MembershipAccepted, CreatedOn: start, Version: 1,
	}
}

func pending(m authority.Membership) authority.Membership {
	m.Status = authority.MembershipPending
	return m
}

func zoneRow(id, account, name string) authority.Zone {
	return authority.Zone{ID: id, AccountID: account, Name: name, Type: "full", Status: "active", CreatedOn: start, Version: 1}
}

// elsewhere changes the database behind the authority's back, as another node
// does.
func (w *world) elsewhere(f func(context.Context, authority.Tx) error) {
	w.t.Helper()
	if err := w.db.Write(context.Background(), f); err != nil {
		w.t.Fatal(err)
	}
}

// poll lets the authority hear the change feed.
func (w *world) poll() {
	w.t.Helper()
	if err := w.Poll(context.Background()); err != nil {
		w.t.Fatal(err)
	}
}

// system is the caller who may do everything.
func (w *world) system() authority.Caller { return w.System("test") }

// issue makes a token that nobody's ceiling limits.
func (w *world) issue(o authority.Owner, policies ...policy.Policy) (authority.Token, token.Credential) {
	w.t.Helper()
	return w.issueDraft(o, authority.Draft{Name: "test", Policies: policies})
}

func (w *world) issueDraft(o authority.Owner, d authority.Draft) (authority.Token, token.Credential) {
	w.t.Helper()
	t, secret, err := w.Issue(context.Background(), w.system(), o, d)
	if err != nil {
		w.t.Fatalf("issue %+v: %v", d, err)
	}
	return t, bearer(secret)
}

// as is the caller of a live credential.
func (w *world) as(cred token.Credential) authority.Caller {
	w.t.Helper()
	c, d, err := w.Authorize(context.Background(), cred, w.attempt(authority.OpZoneList, policy.Path{}))
	if err != nil || !d.Allowed {
		w.t.Fatalf("the credential is not live: %v %v", d, err)
	}
	return c
}

// decide judges one operation on one resource; the question must be answered.
func (w *world) decide(cred token.Credential, op string, at policy.Path) policy.Decision {
	w.t.Helper()
	_, d, err := w.Authorize(context.Background(), cred, w.attempt(op, at))
	if err != nil {
		w.t.Fatalf("%s: %v", op, err)
	}
	return d
}

// allowed and denied say what one operation on one resource must come to.
func (w *world) allowed(cred token.Credential, op string, at policy.Path) {
	w.t.Helper()
	if d := w.decide(cred, op, at); !d.Allowed {
		w.t.Errorf("%s: denied (%s), want allowed", op, d.Reason)
	}
}

func (w *world) denied(cred token.Credential, op string, at policy.Path, why policy.Reason) {
	w.t.Helper()
	if d := w.decide(cred, op, at); d.Allowed || d.Reason != why {
		w.t.Errorf("%s: allowed %v (%s), want denied (%s)", op, d.Allowed, d.Reason, why)
	}
}

func (w *world) attempt(op string, at policy.Path) *authority.Attempt {
	w.t.Helper()
	o, ok := w.Catalog().Operation(op)
	if !ok {
		w.t.Fatalf("the catalogue has no operation %q", op)
	}
	return &authority.Attempt{Op: o, Path: at, Addr: home}
}

// events are those of one action, newest first.
func (w *world) events(action string) []authority.Event {
	w.t.Helper()
	list, err := w.db.Events(context.Background(), authority.EventQuery{Action: action}, 100)
	if err != nil {
		w.t.Fatal(err)
	}
	return list
}

func userOwner(id string) authority.Owner {
	return authority.Owner{Kind: authority.OwnerUser, ID: id}
}
func accountOwner(id string) authority.Owner {
	return authority.Owner{Kind: authority.OwnerAccount, ID: id}
}

func bearer(s token.Secret) token.Credential { return token.Credential{Kind: token.Bearer, Secret: s} }

// Paths as the gate reads them from a request.
func path(kind, id string) policy.Path {
	return policy.NewPath(policy.MakeRef(catalog.V4().Vocabulary().Kind(kind), id))
}
func inZone(id string) policy.Path    { return path(catalog.KindZone, id) }
func inAccount(id string) policy.Path { return path(catalog.KindAccount, id) }

// Resource keys of policies.
func account(id string) policy.Resource { return policy.Resource{Key: accountKey(id)} }
func zone(id string) policy.Resource    { return policy.Resource{Key: zoneKey(id)} }
func user(id string) policy.Resource    { return policy.Resource{Key: catalog.KindUser + "." + id} }
func bucket(name string) policy.Resource {
	return policy.Resource{Key: catalog.KindBucket + "." + name}
}
func within(account string, keys ...string) policy.Resource {
	return policy.Resource{Key: accountKey(account), Nested: keys}
}
func accountKey(id string) string { return catalog.KindAccount + "." + id }
func zoneKey(id string) string    { return catalog.KindZone + "." + id }

// allow and deny are policies on resources, with groups by name:
// allow("DNS Read, DNS Write", zone(shop)).
func allow(groups string, on ...policy.Resource) policy.Policy {
	return policy.Policy{Effect: policy.Allow, Groups: groupIDs(groups), Resources: on}
}
func deny(groups string, on ...policy.Resource) policy.Policy {
	return policy.Policy{Effect: policy.Deny, Groups: groupIDs(groups), Resources: on}
}

func groupIDs(names string) []string {
	var ids []string
	for name := range strings.SplitSeq(names, ", ") {
		id, ok := groupsByName()[name]
		if !ok {
			panic("no permission group " + name)
		}
		ids = append(ids, id)
	}
	return ids
}

var groupsByName = sync.OnceValue(func() map[string]string {
	ids := make(map[string]string)
	for _, g := range catalog.V4().Groups() {
		ids[g.Name] = g.ID
	}
	return ids
})

// wantCode fails the test unless err is an error of the authority with a code.
func wantCode(t testing.TB, err error, want authority.Code) {
	t.Helper()
	var own *authority.Error
	if !errors.As(err, &own) || own.Code != want {
		t.Errorf("the error is %v, want code %d", err, want)
	}
}

func hasCode(err error, code authority.Code) bool {
	var own *authority.Error
	return errors.As(err, &own) && own.Code == code
}

// must gives the value of what has to succeed.
func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// clock is the world's time.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = t
}

func (c *clock) Advance(d time.Duration) { c.Set(c.Now().Add(d)) }
