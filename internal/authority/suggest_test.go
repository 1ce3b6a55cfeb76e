package authority_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/narrowing"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/token"
)

// suggest is what is suggested for a token once everything is written.
func (w *world) suggest(k authority.Token) authority.Suggestion {
	w.t.Helper()
	w.FlushAllUsage(context.Background())
	return must(w.Suggest(context.Background(), w.system(), k.Owner, k.ID, 0))(w.t)
}

// apply changes a token as it was suggested.
func (w *world) apply(s *authority.Suggestion) authority.Token {
	w.t.Helper()
	t := must(w.Update(context.Background(), w.system(), s.Token.Owner, s.Token.ID, s.Draft(false)))(w.t)
	w.poll()
	return t
}

// withoutIDs are policies as a draft of a new token has them.
func withoutIDs(policies []policy.Policy) []policy.Policy {
	out := slices.Clone(policies)
	for i := range out {
		out[i].ID = ""
	}
	return out
}

func cautions(s *authority.Suggestion) string {
	var out []string
	for _, c := range s.Cautions {
		out = append(out, string(c.Kind))
	}
	return strings.Join(out, " ")
}

// longAgo issues a token that has been there for longer than usage is looked at.
func (w *world) longAgo(o authority.Owner, policies ...policy.Policy) (authority.Token, token.Credential) {
	w.t.Helper()
	w.clock.Set(start.AddDate(0, -3, 0))
	made, cred := w.issue(o, policies...)
	w.clock.Set(start)
	w.poll()
	return made, cred
}

func TestASuggestionIsAppliedAndWhatWasUsedStillWorks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made, cred := w.longAgo(w.admin.owner(), allow("Zone Read, DNS Read, DNS Write, Cache Purge", everyZone), allow("Account Settings Read", everyAccount), deny("DNS Write", zone(blog)))
	w.use(cred, authority.OpZoneList, policy.Path{}, "192.0.2.1")
	w.use(cred, authority.OpDNSList, inZone(shop), "192.0.2.1")
	w.use(cred, authority.OpDNSCreate, inZone(shop), "192.0.2.7")
	s := w.suggest(made)
	if s.State != authority.SuggestNarrower || cautions(&s) != "lists" || s.Basis.Requests != 3 {
		t.Errorf("%s, cautions %q, %+v", s.State, cautions(&s), s.Basis)
	}
	want := []policy.Policy{allow("DNS Write", zone(shop)), deny("DNS Write", zone(blog))}
	if diff := cmp.Diff(want, withoutIDs(s.Policies)); diff != "" {
		t.Error(diff)
	}
	if s.Policies[0].ID != made.Policies[0].ID || s.Changes[1].Kind != narrowing.Dropped {
		t.Errorf("%+v", s)
	}
	if s.Addresses == nil || !slices.Equal(s.Addresses.Condition.In, []string{"192.0.2.1/32", "192.0.2.7/32"}) {
		t.Errorf("the addresses are %+v", s.Addresses)
	}
	after := w.apply(&s)
	if !after.Condition.IsZero() {
		t.Error("addresses were limited, and nobody asked for it")
	}
	w.allowed(cred, authority.OpDNSCreate, inZone(shop))
	w.allowed(cred, authority.OpDNSList, inZone(shop))
	w.denied(cred, authority.OpZonePurge, inZone(shop), policy.NoGrant)
	if zones, n, err := w.Zones(t.Context(), w.as(cred), authority.ZoneQuery{Limit: 10}); err != nil || n != 1 || zones[0].ID != shop {
		t.Errorf("it sees the zones %v, %v", zones, err)
	}
	if again := w.suggest(made); again.State != authority.SuggestSame || cautions(&again) != "changed" {
		t.Errorf("afterwards: %s, cautions %q", again.State, cautions(&again))
	}
	if _, err := w.Update(t.Context(), w.system(), made.Owner, made.ID, s.Draft(false)); !hasCode(err, authority.CodeConflict) {
		t.Errorf("applied to another version: %v", err)
	}
}

func TestAddressesAreLimitedWhenThatIsAskedFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := authority.Draft{Name: "office", Policies: []policy.Policy{allow("DNS Read, DNS Write", zone(shop))}}
	d.Condition = policy.Condition{In: []string{"192.0.2.0/24", "2001:db8::/32"}, NotIn: []string{"192.0.2.9/32"}}
	made, cred := w.issueDraft(accountOwner(acme), d)
	w.use(cred, authority.OpDNSList, inZone(shop), "2001:db8::1")
	w.use(cred, authority.OpDNSList, inZone(shop), "192.0.2.1")
	w.use(cred, authority.OpDNSList, inZone(shop), "203.0.113.1") // refused
	s := w.suggest(made)
	want := &authority.SuggestedAddresses{Requests: 2, Condition: policy.Condition{In: []string{"192.0.2.1/32", "2001:db8::1/128"}, NotIn: []string{"192.0.2.9/32"}}}
	if diff := cmp.Diff(want, s.Addresses); diff != "" {
		t.Error(diff)
	}
	if got := s.Draft(true).Condition; !reflect.DeepEqual(got, want.Condition) {
		t.Errorf("the draft has %+v", got)
	}
}

// TestSuggestionsSayWhenNothingCanBeSuggested: then the policies are the token's
// own, so that whoever applies them without reading changes nothing.
func TestSuggestionsSayWhenNothingCanBeSuggested(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	all := allow("DNS Read, DNS Write", everyZone)
	tokens := allow("Account API Tokens Write, DNS Write", account(acme))
	for name, tt := range map[string]struct {
		owner  authority.Owner
		policy policy.Policy
		do     func(token.Credential)
		state  authority.SuggestionState
		says   string
	}{
		"never used":  {w.admin.owner(), all, func(token.Credential) {}, authority.SuggestUnused, "revoke it"},
		"only denied": {w.admin.owner(), all, func(c token.Credential) { w.use(c, authority.OpZonePurge, inZone(shop), "192.0.2.1") }, authority.SuggestUnused, "was allowed"},
		"needs nothing": {w.admin.owner(), all, func(c token.Credential) {
			w.use(c, authority.OpUserTokenVerify, policy.Path{}, "192.0.2.1")
		}, authority.SuggestNoGroup, "takes a permission"},
		"made tokens": {accountOwner(acme), tokens, func(c token.Credential) { w.use(c, authority.OpAcctTokenCreate, inAccount(acme), "192.0.2.1") }, authority.SuggestHandsOn, "made or changed tokens"},
	} {
		made, cred := w.longAgo(tt.owner, tt.policy)
		tt.do(cred)
		s := w.suggest(made)
		if s.State != tt.state || !strings.Contains(s.Message, tt.says) {
			t.Errorf("%s: %s: %s", name, s.State, s.Message)
		}
		if !reflect.DeepEqual(s.Policies, made.Policies) || s.Changes != nil {
			t.Errorf("%s: other policies are suggested: %+v", name, s.Policies)
		}
	}
}

// TestOverflowedUsageSuggestsNothing: of what came above the bounds nobody knows
// what it was. It says since when everything is known.
func TestOverflowedUsageSuggestsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made, cred := w.longAgo(accountOwner(acme), allow("DNS Read, DNS Write", account(acme)))
	w.elsewhere(func(ctx context.Context, tx authority.Tx) error {
		var errs []error
		for n := range authority.MaxAllowedUses + 1 {
			id := fmt.Sprintf("%032x", 1000+n)
			errs = append(errs, tx.InsertZone(ctx, zoneRow(id, acme, id+".example")))
		}
		return errors.Join(errs...)
	})
	w.clock.Set(start.AddDate(0, 0, -5))
	w.poll()
	for n := range authority.MaxAllowedUses + 1 {
		w.allowed(cred, authority.OpDNSList, inZone(fmt.Sprintf("%032x", 1000+n)))
	}
	w.FlushAllUsage(t.Context())
	w.clock.Set(start)
	w.poll()
	w.use(cred, authority.OpDNSList, inZone(shop), "192.0.2.1")
	s := w.suggest(made)
	if s.State != authority.SuggestIncomplete || s.Basis.Unnamed != 1 || !strings.Contains(s.Message, "ask about fewer days, 5 or less") || !reflect.DeepEqual(s.Policies, made.Policies) {
		t.Errorf("%s: %s %+v", s.State, s.Message, s.Basis)
	}
	s = must(w.Suggest(t.Context(), w.system(), made.Owner, made.ID, 5))(t)
	if want := []policy.Policy{allow("DNS Read", within(acme, zoneKey(shop)))}; s.State != authority.SuggestNarrower || !reflect.DeepEqual(withoutIDs(s.Policies), want) {
		t.Errorf("of 5 days: %s: %+v", s.State, s.Policies)
	}
}

// TestDenialsAboveTheBoundsHideNothing: what was refused plays no part.
func TestDenialsAboveTheBoundsHideNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made, cred := w.longAgo(accountOwner(acme), allow("DNS Read, DNS Write", zone(shop)))
	for n := range 2 * authority.MaxDeniedUses {
		w.denied(cred, authority.OpDNSCreate, inZone(fmt.Sprintf("%032x", 5000+n)), policy.NoGrant)
	}
	w.allowed(cred, authority.OpDNSList, inZone(shop))
	if s := w.suggest(made); s.State != authority.SuggestNarrower || s.Basis.Denied != 2*int64(authority.MaxDeniedUses) {
		t.Errorf("%s %+v", s.State, s.Basis)
	}
}

func TestSuggestionsSayWhatToThinkOf(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made, cred := w.issue(w.both.owner(), allow("DNS Read, DNS Write, Zone Write", everyZone), allow("DNS Write", within(acme, "com.tokenward.dns.record.TXT:_acme-challenge.*")))
	w.poll()
	w.use(cred, authority.OpDNSList, inZone(shop), "192.0.2.1")
	w.use(cred, authority.OpDNSList, inZone(their), "192.0.2.1")
	w.use(cred, authority.OpZoneCreate, policy.Path{}, "192.0.2.1")
	w.FlushAllUsage(t.Context())
	w.elsewhere(func(ctx context.Context, tx authority.Tx) error {
		return errors.Join(tx.DeleteZone(ctx, their, 1), tx.AppendChange(ctx, authority.ChangeZone, their))
	})
	w.poll()
	s := w.suggest(made)
	if got := cautions(&s); got != "young gone lists anywhere records" {
		t.Errorf("the cautions are %q", got)
	}
	want := []policy.Policy{allow("DNS Write", everyZone), withoutIDs(made.Policies)[1]}
	if diff := cmp.Diff(want, withoutIDs(s.Policies)); diff != "" {
		t.Error(diff)
	}
}

// TestListsThatNameNothingKeepAllTheyShow: a token that only lists zones still sees
// them all.
func TestListsThatNameNothingKeepAllTheyShow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made, cred := w.longAgo(w.admin.owner(), allow("Zone Read, DNS Write", everyZone))
	w.use(cred, authority.OpZoneList, policy.Path{}, "192.0.2.1")
	s := w.suggest(made)
	if want := []policy.Policy{allow("Zone Read", everyZone)}; !reflect.DeepEqual(withoutIDs(s.Policies), want) {
		t.Errorf("%+v", s.Policies)
	}
}

func TestSuggestionsAreForWhoMayReadTheToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made, cred := w.issue(accountOwner(acme), allow("DNS Write", zone(shop)))
	w.poll()
	if _, err := w.Suggest(t.Context(), w.as(cred), made.Owner, made.ID, 0); !hasCode(err, authority.CodeForbidden) {
		t.Errorf("a token that may not read tokens: %v", err)
	}
	if _, err := w.Suggest(t.Context(), w.as(w.admin.credential()), made.Owner, made.ID, 0); err != nil {
		t.Error(err)
	}
	if _, err := w.Suggest(t.Context(), authority.Caller{}, made.Owner, made.ID, 0); !hasCode(err, authority.CodeForbidden) {
		t.Errorf("nobody: %v", err)
	}
	w.store.Fail("TokenUsage", errDisk)
	if _, err := w.Suggest(t.Context(), w.system(), made.Owner, made.ID, 0); !hasCode(err, authority.CodeUnavailable) {
		t.Errorf("without the store: %v", err)
	}
}

// TestListsInsideOfAResourceKeepWhatLiesInIt, and nothing beside it.
func TestListsInsideOfAResourceKeepWhatLiesInIt(t *testing.T) {
	t.Parallel()
	w := newShop(t, acme)
	groups := shopGroups(w.Catalog(), "Products Read, Products Write")
	made, cred := w.longAgo(accountOwner(acme), policy.Policy{Effect: policy.Allow, Groups: groups, Resources: []policy.Resource{within(acme, storeKind+".*")}})
	if d, err := w.at(cred, "GET /stores/north/products"); err != nil || !d.Allowed {
		t.Fatal(d, err)
	}
	s := w.suggest(made)
	want := []policy.Policy{{Effect: policy.Allow, Groups: groups[:1], Resources: []policy.Resource{within(acme, storeKind+".north")}}}
	if diff := cmp.Diff(want, withoutIDs(s.Policies)); diff != "" || cautions(&s) != "lists" {
		t.Errorf("cautions %q\n%s", cautions(&s), diff)
	}
}

// TestSuggestionsReachIntoCustomCatalogues: a store becomes the one that was used;
// of products, which store held them was not counted.
func TestSuggestionsReachIntoCustomCatalogues(t *testing.T) {
	t.Parallel()
	w := newShop(t, acme)
	groups := shopGroups(w.Catalog(), "Stores Read, Stores Write, Products Read, Products Write")
	every := policy.Policy{Effect: policy.Allow, Groups: groups, Resources: []policy.Resource{within(acme, storeKind+".*")}}
	one := policy.Policy{Effect: policy.Allow, Groups: groups, Resources: []policy.Resource{{Key: storeKind + ".south"}}}
	made, cred := w.longAgo(accountOwner(acme), every, one)
	for _, request := range []string{"GET /stores/north", "GET /stores/south/products/5"} {
		if d, err := w.at(cred, request); err != nil || !d.Allowed {
			t.Fatalf("%s: %v, %v", request, d, err)
		}
	}
	s := w.suggest(made)
	want := []policy.Policy{
		{Effect: policy.Allow, Groups: groups[2:3], Resources: []policy.Resource{within(acme, storeKind+".*")}},
		{Effect: policy.Allow, Groups: groups[:1], Resources: []policy.Resource{within(acme, storeKind+".north")}},
		{Effect: policy.Allow, Groups: groups[2:3], Resources: []policy.Resource{{Key: storeKind + ".south", Nested: []string{storeKind + ".product.5"}}}},
	}
	if diff := cmp.Diff(want, withoutIDs(s.Policies)); diff != "" || cautions(&s) != "anywhere" {
		t.Errorf("cautions %q\n%s", cautions(&s), diff)
	}
	w.apply(&s)
	for request, allowed := range map[string]bool{
		"GET /stores/north": true, "GET /stores/south/products/5": true, "GET /stores/north/products/5": true, "GET /stores/west": false, "GET /stores/south": false,
	} {
		if d, err := w.at(cred, request); err != nil || d.Allowed != allowed {
			t.Errorf("%s: %v, %v; want %v", request, d, err, allowed)
		}
	}
}
