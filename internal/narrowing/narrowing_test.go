package narrowing_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tokenward/tokenward/internal/narrowing"
	"github.com/tokenward/tokenward/internal/policy"
)

// find narrows a user's token.
func (w *world) find(t *testing.T, policies []policy.Policy, needs ...narrowing.Need) narrowing.Result {
	t.Helper()
	got, err := narrowing.Find(&narrowing.Token{Catalog: w.catalog, Owner: w.user(), Policies: policies}, needs)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// says are policies as lines: "DNS Read on zone/shop".
func (w *world) says(policies []policy.Policy) []string {
	short := strings.NewReplacer(north, "north", south, "south", shop, "shop", blog, "blog", their, "their", person, "me",
		"com.cloudflare.api.account.zone.", "zone/", "com.cloudflare.api.account.", "account/", productKind+".", "product/", storeKind+".", "store/",
		"com.tokenward.dns.record.", "record/")
	var out []string
	for i := range policies {
		p := &policies[i]
		var on []string
		for _, r := range p.Resources {
			key := short.Replace(r.Key)
			if r.Nested != nil {
				key += ">" + short.Replace(strings.Join(r.Nested, ","))
			}
			on = append(on, key)
		}
		line := w.names(p) + " on " + strings.Join(on, ", ")
		if p.Effect == policy.Deny {
			line = "never " + line
		}
		out = append(out, line)
	}
	return out
}

func TestNarrowestPolicies(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	acme := "_acme-challenge.*"
	many := make([]narrowing.Need, narrowing.MaxNamed+1)
	for i := range many {
		many[i] = w.need("DNS Write", fmt.Sprintf("zone/%032x account/north", i+1))
	}
	for name, tt := range map[string]struct {
		policies []policy.Policy
		needs    []narrowing.Need
		want     []string
	}{
		"a wildcard becomes the zones that were used": {
			[]policy.Policy{w.allow("DNS Read, DNS Write", "zone/*")},
			[]narrowing.Need{w.need("DNS Write", "zone/shop account/north"), w.need("DNS Write", "zone/blog account/north")},
			[]string{"DNS Write on zone/shop, zone/blog"},
		},
		"an account becomes its zones, tied to it": {
			[]policy.Policy{w.allow("DNS Write, Account Settings Read", "account/north", "account/south")},
			[]narrowing.Need{w.need("DNS Write", "zone/shop account/north")},
			[]string{"DNS Write on account/north>zone/shop"},
		},
		"reading is enough where it was enough": {
			[]policy.Policy{w.allow("DNS Read, DNS Write", "zone/*")},
			[]narrowing.Need{
				w.need("DNS Read, DNS Write", "zone/shop account/north"), w.need("DNS Write", "zone/shop account/north"),
				w.need("DNS Read, DNS Write", "zone/blog account/north"),
			},
			[]string{"DNS Write on zone/shop", "DNS Read on zone/blog"},
		},
		"one group for all before one for each": {
			[]policy.Policy{w.allow("DNS Write, Zone Write, Cache Purge", "zone/shop")},
			[]narrowing.Need{
				w.need("DNS Write, Zone Write", "zone/shop account/north"), w.need("Zone Write, Cache Purge", "zone/shop account/north"),
			},
			[]string{"Zone Write on zone/shop"},
		},
		"two that read before one that writes": {
			[]policy.Policy{w.allow("DNS Read, Zone Read, Zone Write", "zone/shop")},
			[]narrowing.Need{w.need("DNS Read, Zone Write", "zone/shop account/north"), w.need("Zone Read, Zone Write", "zone/shop account/north")},
			[]string{"DNS Read, Zone Read on zone/shop"},
		},
		"what is given on the whole is not given again on a part": {
			[]policy.Policy{w.allow("DNS Read", "account/north")},
			[]narrowing.Need{w.need("DNS Read", "zone/shop account/north"), w.need("DNS Read", "account/north")},
			[]string{"DNS Read on account/north"},
		},
		"the policy that says it most narrowly": {
			[]policy.Policy{w.allow("DNS Read", "account/*"), w.allow("DNS Read", "account/north>zone/shop")},
			[]narrowing.Need{w.need("DNS Read", "zone/shop account/north")},
			[]string{"DNS Read on account/north>zone/shop"},
		},
		"a group that acts on accounts cannot be given on a zone": {
			[]policy.Policy{w.allow("Account Settings Read", "account/*")},
			[]narrowing.Need{w.need("Account Settings Read", "zone/shop account/north")},
			[]string{"Account Settings Read on account/north"},
		},
		"what is not there yet takes all of its kind, in one account": {
			[]policy.Policy{w.allow("Zone Write", "zone/*")},
			[]narrowing.Need{w.need("Zone Write", "zone/new account/north")},
			[]string{"Zone Write on account/north>zone/*"},
		},
		"denies stay": {
			[]policy.Policy{w.allow("DNS Read, DNS Write", "zone/*"), w.deny("DNS Write", "zone/their")},
			[]narrowing.Need{w.need("DNS Read", "zone/shop account/north")},
			[]string{"DNS Read on zone/shop", "never DNS Write on zone/their"},
		},
		"what is denied is not what was used": {
			[]policy.Policy{w.allow("DNS Read, DNS Write", "zone/*"), w.deny("DNS Read", "zone/shop")},
			[]narrowing.Need{w.need("DNS Read, DNS Write", "zone/shop account/north")},
			[]string{"DNS Write on zone/shop", "never DNS Read on zone/shop"},
		},
		"policies on records stay": {
			[]policy.Policy{w.allow("DNS Read", "zone/*"), w.allow("DNS Write", "zone/shop>record/TXT:"+acme)},
			[]narrowing.Need{w.need("DNS Write", "zone/shop account/north")},
			[]string{"DNS Write on zone/shop>record/TXT:" + acme},
		},
		"anywhere keeps it everywhere": {
			[]policy.Policy{w.allow("Zone Read, DNS Read", "zone/*"), w.allow("Zone Read", "account/north")},
			[]narrowing.Need{w.need("Zone Read", "")},
			[]string{"Zone Read on zone/*", "Zone Read on account/north"},
		},
		"and both groups, where one is denied somewhere": {
			[]policy.Policy{w.allow("Zone Read, Zone Write, DNS Read", "zone/*"), w.deny("Zone Read", "zone/their")},
			[]narrowing.Need{w.need("Zone Read, Zone Write", "")},
			[]string{"Zone Read, Zone Write on zone/*", "never Zone Read on zone/their"},
		},
		"a product of a store that nobody named": {
			[]policy.Policy{w.allow("Products Read, Products Write", "store/one", "store/two>product/*")},
			[]narrowing.Need{w.open("Products Read", "product/5")},
			[]string{"Products Read on store/one>product/5, store/two>product/5"},
		},
		"too many to name": {
			[]policy.Policy{w.allow("DNS Write, DNS Read", "account/north>zone/*", "zone/their")}, many,
			[]string{"DNS Write on account/north>zone/*"},
		},
		"nothing": {[]policy.Policy{w.allow("DNS Write", "zone/*")}, nil, nil},
	} {
		got := w.find(t, tt.policies, tt.needs...)
		if diff := cmp.Diff(tt.want, w.says(got.Policies)); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
		if len(got.Lost) > 0 {
			t.Errorf("%s: needs %v are lost", name, got.Lost)
		}
	}
}

// TestWhatIsAllUsedStaysToTheLetter: also when a policy spells it in its own way.
func TestWhatIsAllUsedStaysToTheLetter(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	policies := []policy.Policy{w.allow("DNS Write, DNS Read, DNS Write", "zone/shop", "account/*>zone/blog")}
	got := w.find(t, policies,
		w.need("DNS Write", "zone/shop account/north"), w.need("DNS Read", "zone/shop account/north"),
		w.need("DNS Write", "zone/blog account/north"), w.need("DNS Read", "zone/blog account/north"))
	if !reflect.DeepEqual(got.Policies, policies) || got.Changes[0].Kind != narrowing.Kept || got.Changes[0].Unjudged {
		t.Errorf("%+v", got)
	}
}

func TestChangesAndReasonsTellWhatBecameOfAPolicy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	policies := []policy.Policy{
		w.allow("DNS Read, DNS Write, Zone Read", "account/north>zone/*", "zone/their"), w.allow("User Details Read", "user/me"), w.deny("DNS Write", "zone/blog"),
	}
	policies[0].ID = strings.Repeat("1", 32)
	read := w.need("DNS Read, DNS Write", "zone/blog account/north")
	read.Count, read.Operation = 7, "list"
	got := w.find(t, policies, w.need("DNS Write", "zone/shop account/north"), read, w.need("Zone Write", "zone/shop account/north"))
	want := []narrowing.Change{
		{
			Policy: 0, Kind: narrowing.Narrowed, Into: []int{0, 1}, Groups: w.allow("Zone Read").Groups,
			Resources: []policy.Resource{resource("zone/their")},
			Narrower:  []narrowing.Narrower{{From: resource("account/north>zone/*"), To: []policy.Resource{resource("account/north>zone/shop,zone/blog")}}},
		},
		{Policy: 1, Kind: narrowing.Dropped, Groups: policies[1].Groups, Resources: policies[1].Resources},
		{Policy: 2, Kind: narrowing.Kept, Unjudged: true, Into: []int{2}},
	}
	if diff := cmp.Diff(want, got.Changes); diff != "" {
		t.Error(diff)
	}
	if got.Policies[0].ID != policies[0].ID || got.Policies[1].ID != "" {
		t.Errorf("the ids are %q and %q", got.Policies[0].ID, got.Policies[1].ID)
	}
	reasons := []narrowing.Reason{
		{Policy: 0, Group: w.allow("DNS Write").Groups[0], Count: 1, Operations: []string{"op"}},
		{Policy: 1, Group: w.allow("DNS Read").Groups[0], Count: 7, Operations: []string{"list"}},
	}
	if diff := cmp.Diff(reasons, got.Reasons); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]int{2}, got.Lost); diff != "" {
		t.Error(diff)
	}
}
