package authority_test

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/policy"
)

// TestExplainNamesWhatStandsInTheWay, and takes what opens least.
func TestExplainNamesWhatStandsInTheWay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made, _ := w.issueDraft(accountOwner(acme), authority.Draft{
		Name: "several", Status: authority.StatusDisabled, Condition: policy.Condition{In: []string{"203.0.113.0/24"}},
		Policies: []policy.Policy{allow("DNS Read", account(acme)), deny("DNS Read, DNS Write", zone(shop))},
	})
	ask := func(change func(*authority.Question)) authority.Explanation {
		q := authority.Question{Owner: accountOwner(acme), TokenID: made.ID, Method: "GET", Path: "/zones/" + shop + "/dns_records", Addr: home}
		change(&q)
		return must(w.Explain(t.Context(), w.as(w.admin.credential()), q))(t)
	}
	x := ask(func(*authority.Question) {})
	var kinds []authority.ObstacleKind
	for _, o := range x.InTheWay {
		kinds = append(kinds, o.Kind)
	}
	if len(kinds) != 3 || kinds[0] != authority.ObstacleDisabled || kinds[1] != authority.ObstacleAddress || kinds[2] != authority.ObstacleDenyPolicy {
		t.Errorf("in the way are %v", kinds)
	} else if p := x.InTheWay[2].Policy; p.ID != made.Policies[1].ID || p.Index != 1 {
		t.Errorf("the deny policy is %+v", p)
	}
	if x.Grant != nil || x.Decision.Reason != policy.Disabled {
		t.Errorf("the grant is %+v, the reason %s", x.Grant, x.Decision.Reason)
	}
	x = ask(func(q *authority.Question) { q.Path = "/zones/" + blog + "/settings" })
	if x.Grant == nil || x.Grant.Groups[0] != groupIDs("Zone Settings Read")[0] || x.Grant.Resources[0].Key != zoneKey(blog) {
		t.Errorf("the grant is %+v", x.Grant)
	}
	x = ask(func(q *authority.Question) { q.Path = "/zones/" + their + "/dns_records" })
	ghostly := ask(func(q *authority.Question) { q.Path = "/zones/" + ghost + "/dns_records" })
	last := x.InTheWay[len(x.InTheWay)-1]
	if last.Kind != authority.ObstacleNoResource || last != ghostly.InTheWay[len(ghostly.InTheWay)-1] || x.Grant != nil || len(x.Judged) > 1 {
		t.Errorf("of a stranger's zone it says %+v", x)
	}
}

// TestExplainTellsNobodyWhereAZoneLies who may not see it.
func TestExplainTellsNobodyWhereAZoneLies(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, manager := w.issue(w.admin.owner(), allow("API Tokens Write", user(w.admin.id)))
	everywhere := []policy.Policy{
		allow("DNS Read", policy.Resource{Key: catalogEvery}), allow("DNS Write", within(acme, catalogEvery)),
		deny("DNS Write", within(rival, catalogEvery)),
	}
	for op, hidden := range map[string][]string{authority.OpDNSList: {shop, their, ghost}, authority.OpDNSCreate: {shop, their, ghost}} {
		var first *authority.Explanation
		for _, id := range hidden {
			q := authority.Question{
				Owner: w.admin.owner(), Draft: &authority.Draft{Policies: everywhere}, Operation: op, Resource: []string{zoneKey(id)}, Addr: home,
			}
			x := must(w.Explain(t.Context(), w.as(manager), q))(t)
			if first == nil {
				first = &x
			}
			if x.Decision != first.Decision || len(x.Judged) != 1 || len(x.InTheWay) != len(first.InTheWay) || x.InTheWay[0] != first.InTheWay[0] ||
				len(x.Given) != len(first.Given) || (x.Grant == nil) != (first.Grant == nil) {
				t.Errorf("%s of %s: %+v, and of another %+v", op, id, x, *first)
			}
		}
	}
	// Who may see it is told.
	q := authority.Question{Owner: w.admin.owner(), Draft: &authority.Draft{Policies: everywhere}, Operation: authority.OpDNSList, Resource: []string{zoneKey(shop)}, Addr: home}
	if x := must(w.Explain(t.Context(), w.as(w.admin.credential()), q))(t); !x.Decision.Allowed || len(x.Judged) != 2 {
		t.Errorf("the owner is told %+v", x)
	}
}

const catalogEvery = "com.cloudflare.api.account.zone.*"

// TestExplainIsForWhoMayReadTheToken; a draft is for who may create one.
func TestExplainIsForWhoMayReadTheToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made, mine := w.issue(accountOwner(acme), allow("DNS Read", account(acme)))
	_, reads := w.issue(accountOwner(acme), allow("Account API Tokens Read", account(acme)))
	draft := &authority.Draft{Policies: []policy.Policy{}}
	ofToken := authority.Question{Owner: accountOwner(acme), TokenID: made.ID, Operation: authority.OpZoneList}
	ofDraft := authority.Question{Owner: accountOwner(acme), Draft: draft, Operation: authority.OpZoneList}
	elsewhere := authority.Question{Owner: accountOwner(rival), TokenID: made.ID, Operation: authority.OpZoneList}
	gone := authority.Question{Owner: accountOwner(acme), TokenID: ghost, Operation: authority.OpZoneList}
	for _, c := range []struct {
		as   authority.Caller
		q    authority.Question
		want authority.Code
	}{
		{w.as(mine), ofToken, authority.CodeForbidden},
		{w.as(reads), ofDraft, authority.CodeForbidden},
		{w.as(reads), elsewhere, authority.CodeForbidden},
		{w.as(reads), gone, authority.CodeNotFound},
		{authority.Caller{}, ofToken, authority.CodeForbidden},
		{authority.Caller{}, ofDraft, authority.CodeForbidden},
	} {
		_, err := w.Explain(t.Context(), c.as, c.q)
		wantCode(t, err, c.want)
	}
	must(w.Explain(t.Context(), w.as(reads), ofToken))(t)
	must(w.Explain(t.Context(), w.as(w.admin.credential()), ofDraft))(t)
	w.FlushAllUsage(t.Context())
	if a := w.activity(made); len(a.Denials) > 0 || len(a.Addresses) > 1 {
		t.Errorf("to explain counts as use: %+v", a)
	}
}

// TestBadQuestionsAreSaidToBeBad.
func TestBadQuestionsAreSaidToBeBad(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made, _ := w.issue(accountOwner(acme), allow("DNS Read", account(acme)))
	for name, q := range map[string]authority.Question{
		"no token":              {Operation: authority.OpZoneList},
		"a token and a draft":   {TokenID: made.ID, Draft: &authority.Draft{}, Operation: authority.OpZoneList},
		"no access":             {TokenID: made.ID},
		"two accesses":          {TokenID: made.ID, Operation: authority.OpZoneList, Method: "GET", Path: "/zones"},
		"no such operation":     {TokenID: made.ID, Operation: "nothing"},
		"no such path":          {TokenID: made.ID, Method: "GET", Path: "/nothing"},
		"no such method":        {TokenID: made.ID, Method: "BREW", Path: "/zones"},
		"an id that is none":    {TokenID: made.ID, Method: "GET", Path: "/zones/x"},
		"dots":                  {TokenID: made.ID, Method: "GET", Path: "/zones/../user"},
		"no resource":           {TokenID: made.ID, Operation: authority.OpZoneGet},
		"another resource":      {TokenID: made.ID, Operation: authority.OpZoneGet, Resource: []string{accountKey(acme)}},
		"a wildcard":            {TokenID: made.ID, Operation: authority.OpZoneGet, Resource: []string{catalogEvery}},
		"no key":                {TokenID: made.ID, Operation: authority.OpZoneGet, Resource: []string{"zone"}},
		"said twice":            {TokenID: made.ID, Method: "GET", Path: "/zones/" + shop, Resource: []string{zoneKey(shop)}},
		"a faulty draft":        {Draft: &authority.Draft{Policies: []policy.Policy{{}}}, Operation: authority.OpZoneList},
		"a list has no subject": {TokenID: made.ID, Operation: authority.OpZoneList, Resource: []string{zoneKey(shop)}},
	} {
		q.Owner, q.Addr = accountOwner(acme), netip.Addr{}
		if _, err := w.Explain(t.Context(), w.as(w.admin.credential()), q); !hasCode(err, authority.CodeInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestExplainKnowsCustomCatalogues: by path and by key, with a grant that holds in
// the one store only.
func TestExplainKnowsCustomCatalogues(t *testing.T) {
	t.Parallel()
	w := newShop(t, acme)
	made, cred := w.issue(accountOwner(acme), policy.Policy{
		Effect: policy.Allow, Groups: shopGroups(w.Catalog(), "Stores Read"), Resources: []policy.Resource{{Key: storeKind + ".north"}},
	})
	for _, request := range []string{"GET /stores/north", "GET /stores/south", "GET /stores/north/products/7", "GET /stores/north/products/7/reviews/r1", "GET /health"} {
		method, path, _ := strings.Cut(request, " ")
		q := authority.Question{Owner: accountOwner(acme), TokenID: made.ID, Method: method, Path: path, Addr: home}
		x := must(w.Explain(t.Context(), w.system(), q))(t)
		want, err := w.at(cred, request)
		if err != nil || x.Decision != want {
			t.Errorf("%s: the gate says %+v %v, explain %+v", request, want, err, x.Decision)
		}
		if want.Allowed {
			continue
		}
		if x.Grant == nil || len(x.Grant.Resources[0].Nested) != 1 {
			t.Errorf("%s: the grant is %+v", request, x.Grant)
			continue
		}
		_, more := w.issue(accountOwner(acme), *x.Grant)
		if d, err := w.at(more, request); err != nil || !d.Allowed {
			t.Errorf("%s: with the grant %+v: %+v %v", request, x.Grant, d, err)
		}
	}
	q := authority.Question{
		Owner: accountOwner(acme), TokenID: made.ID, Operation: "shop:get-store", Resource: []string{storeKind + ".north"}, Addr: home,
	}
	if x := must(w.Explain(t.Context(), w.system(), q))(t); !x.Decision.Allowed || len(x.Judged) != 2 || x.Policy.ID != made.Policies[0].ID {
		t.Errorf("by its key it says %+v", x)
	}
}
