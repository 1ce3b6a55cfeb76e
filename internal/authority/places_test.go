package authority_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/token"
)

// TestListsShowWhatReadingByIDWouldGive, of zones and of accounts.
func TestListsShowWhatReadingByIDWouldGive(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	issue := func(o authority.Owner, p ...policy.Policy) token.Credential {
		_, cred := w.issue(o, p...)
		return cred
	}
	for _, c := range []struct {
		who      string
		cred     token.Credential
		zones    []string
		accounts []string
	}{
		{"a person of both accounts", w.both.credential(), []string{"blog.example", "shop.example", "their.example"}, []string{"Acme", "Rival"}},
		{"a person of one", w.reader.credential(), []string{"blog.example", "shop.example"}, []string{"Acme"}},
		{"a person who is invited", w.guest.credential(), nil, nil},
		{"a user's token for one zone", issue(w.both.owner(), allow("DNS Read", zone(shop))), []string{"shop.example"}, nil},
		{"a user's token for every zone", issue(w.both.owner(), allow("DNS Read", everyZone)), []string{"blog.example", "shop.example", "their.example"}, nil},
		{"a user's token with a deny", issue(w.both.owner(), allow("DNS Read", everyZone), deny("DNS Read", account(acme))), []string{"their.example"}, nil},
		{"a user's token for an account", issue(w.both.owner(), allow("Account Settings Read", account(rival))), nil, []string{"Rival"}},
		{"a user's token for another's account", issue(w.admin.owner(), allow("Account Settings Read, Zone Read", everyAccount)), []string{"blog.example", "shop.example"}, []string{"Acme"}},
		{"a token without policies", issue(w.both.owner()), nil, nil},
		{"an account's token for one zone", issue(accountOwner(acme), allow("Zone Read", zone(blog))), []string{"blog.example"}, []string{"Acme"}},
		{"an account's token", issue(accountOwner(acme), allow("Zone Read", account(acme))), []string{"blog.example", "shop.example"}, []string{"Acme"}},
		{"an account's token for foreign zones", issue(accountOwner(rival), allow("Zone Read", zone(shop))), nil, []string{"Rival"}},
	} {
		t.Run(c.who, func(t *testing.T) {
			caller := w.as(c.cred)
			zones, n, err := w.Zones(t.Context(), caller, authority.ZoneQuery{Limit: 50})
			var names []string
			shown := map[string]bool{}
			for _, z := range zones {
				names = append(names, z.Name)
				shown[z.ID] = true
			}
			if diff := cmp.Diff(c.zones, names); diff != "" || n != len(c.zones) || err != nil {
				t.Errorf("%d zones: %v (-want +got):\n%s", n, err, diff)
			}
			for _, id := range []string{shop, blog, their, ghost} {
				_, err := w.Zone(t.Context(), caller, authority.OpZoneGet, id)
				if shown[id] != (err == nil) {
					t.Errorf("zone %s is listed %v, and reading it gives %v", id, shown[id], err)
				}
				if err != nil {
					wantCode(t, err, authority.CodeForbidden)
				}
			}
			accounts, n, err := w.Accounts(t.Context(), caller, authority.AccountQuery{Limit: 50})
			names = nil
			for _, a := range accounts {
				names = append(names, a.Name)
			}
			if diff := cmp.Diff(c.accounts, names); diff != "" || n != len(c.accounts) || err != nil {
				t.Errorf("%d accounts: %v (-want +got):\n%s", n, err, diff)
			}
		})
	}
}

func TestZoneIsCreatedByWhoeverHoldsEveryZoneOfTheAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	issue := func(o authority.Owner, p ...policy.Policy) token.Credential {
		_, cred := w.issue(o, p...)
		return cred
	}
	for _, c := range []struct {
		who  string
		cred token.Credential
		in   string
		want authority.Code // CodeInternal: none
	}{
		{"a token with all zones", issue(accountOwner(acme), allow("Zone Write", within(acme, allZones))), acme, 0},
		{"a token with its account, which it need not name", issue(accountOwner(acme), allow("Zone Write", account(acme))), "", 0},
		{"an administrator", w.admin.credential(), "", 0},
		{"a token with one zone", issue(accountOwner(acme), allow("Zone Write", zone(shop))), acme, authority.CodeForbidden},
		{"a token that may read", issue(accountOwner(acme), allow("Zone Read", account(acme))), acme, authority.CodeForbidden},
		{"a token that denies it to itself", issue(accountOwner(acme), allow("Zone Write", account(acme)), deny("Zone Write", account(acme))), acme, authority.CodeForbidden},
		{"a token of another account", issue(accountOwner(rival), allow("Zone Write", account(rival))), acme, authority.CodeForbidden},
		{"a reader's token about every zone", issue(w.reader.owner(), allow("Zone Write", everyZone)), acme, authority.CodeForbidden},
		{"a person of two who names none", w.both.credential(), "", authority.CodeInvalid},
		{"a person of two who names one", w.both.credential(), rival, 0},
		{"an account that is none", w.admin.credential(), ghost, authority.CodeForbidden},
	} {
		t.Run(c.who, func(t *testing.T) {
			d := authority.ZoneDraft{Name: "new.example", AccountID: c.in}
			z, err := w.CreateZone(t.Context(), w.as(c.cred), d)
			if c.want != 0 {
				wantCode(t, err, c.want)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			_, err = w.CreateZone(t.Context(), w.as(c.cred), d)
			wantCode(t, err, authority.CodeExists)
			if err := w.DeleteZone(t.Context(), w.system(), z.ID); err != nil {
				t.Fatal(err)
			}
		})
	}
}
