package policy

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

const unsupported = " is not a supported resource type"

// TestResourceKeysOfTheContract is the contract's table of key forms (3.4) and
// what we say to the forms that it refuses. "" is no fault.
func TestResourceKeysOfTheContract(t *testing.T) {
	v := testVocabulary(t)
	const (
		flatZone  = "Must specify a zone for account owned tokens, or nest zone under specific account resource"
		noUser    = "api.user is not a resource that an account owned token can hold"
		hexID     = unsupported + ": its id must be 32 lowercase hex digits, not all zero"
		otherUser = "a token can name only its own user, "
	)
	const unnested = " must be nested under one zone or one account"
	bucketAll := "edge.bucket.* must be nested under one account"
	for _, row := range []struct {
		key           string
		group         GroupNo
		user, account string
	}{
		{"account/A", zoneRead, "", ""},
		{"account/B", zoneRead, "", "a token can name only its own account, " + accountA},
		{"account/*", zoneRead, "", ""},
		{"zone/1", zoneRead, "", ""},
		{"zone/*", zoneRead, "", flatZone},
		{"account/A>zone/*", zoneRead, "", ""},
		{"account/B>zone/*", zoneRead, "", "a token can name only its own account, " + accountA},
		{"account/*>zone/*", zoneRead, "", ""},
		{"account/A>zone/1", zoneRead, "", ""},
		{"account/*>zone/1", zoneRead, "", ""},
		{"user/u1", userRead, "", noUser},
		{"user/u2", userRead, otherUser + user1, noUser},
		{"user/*", userRead, otherUser + user1, noUser},
		{"bucket/b1", bucketRead, "", ""},
		{"account/A>bucket/*", bucketRead, "", ""},
		{"account/A>bucket/b1", bucketRead, "", ""},
		{"bucket/*", bucketRead, bucketAll, "Must specify a bucket for account owned tokens, or nest bucket under specific account resource"},
		{"account/*>bucket/*", bucketRead, bucketAll, ""},
		{"zone/1>record/*", recordWrite, "", ""},
		{"zone/*>record/*", recordWrite, "", "Must specify a record for account owned tokens, or nest record under specific account resource"},
		{"zone/*>record/r1", recordWrite, "", ""},
		{"account/A>record/*", recordWrite, "", ""},

		{"zone/1>name/TXT:a.*", dnsWrite, "", ""},
		{"zone/1>name/*:*", dnsWrite, "", ""},
		{"account/A>name/A:*.b.c", dnsWrite, "", ""},
		{"account/B>name/A:*.b.c", dnsWrite, "", "a token can name only its own account, " + accountA},
		{"account/*>name/A:*.b.c", dnsWrite, "dns.name.A:*.b.c" + unnested, ""},
		{"zone/*>name/A:*.b.c", dnsWrite, "dns.name.A:*.b.c" + unnested, "dns.name.A:*.b.c" + unnested},
		{"name/A:*.b.c", dnsWrite, "dns.name.A:*.b.c" + unnested, "dns.name.A:*.b.c" + unnested},
		{"name/*:*", dnsWrite, "dns.name.*:*" + unnested, "dns.name.*:*" + unnested},
		{"zone/1>name/TXT:a.*", zoneRead, CheckFailed("Zone Read"), CheckFailed("Zone Read")},
		{"zone/1>name/txt:a.*", dnsWrite, "dns.name.txt:a.*" + unsupported + ": the type must be in upper case", "dns.name.txt:a.*" + unsupported + ": the type must be in upper case"},

		{"account/A.zone.*", zoneRead, "api.account.A.zone.*" + unsupported, "api.account.A.zone.*" + unsupported},
		{"api.account." + accountA + "/zone.*", zoneRead, "api.account." + accountA + ".zone.*" + unsupported, "api.account." + accountA + ".zone.*" + unsupported},
		{"planet/1", zoneRead, "planet." + zone1 + unsupported, "planet." + zone1 + unsupported},
		{"zone/short", zoneRead, "api.account.zone.short" + hexID, "api.account.zone.short" + hexID},
		{"zone/" + strings.ToUpper(accountA), zoneRead, "api.account.zone." + strings.ToUpper(accountA) + hexID, "api.account.zone." + strings.ToUpper(accountA) + hexID},
		{"zone/" + ID{}.String(), zoneRead, "api.account.zone." + ID{}.String() + hexID, "api.account.zone." + ID{}.String() + hexID},
		{"zone/new", zoneRead, "api.account.zone." + unsupported, "api.account.zone." + unsupported},
		{"bucket/a b", bucketRead, "edge.bucket.a b" + unsupported, "edge.bucket.a b" + unsupported},
		{"bucket/a*", bucketRead, "edge.bucket.a*" + unsupported, "edge.bucket.a*" + unsupported},

		{"account/A>account/A", zoneRead, "api.account cannot be nested under api.account", "api.account cannot be nested under api.account"},
		{"zone/1>account/A", zoneRead, "api.account cannot be nested under api.account.zone", "api.account cannot be nested under api.account.zone"},
		{"zone/1>bucket/b1", bucketRead, "edge.bucket cannot be nested under api.account.zone", "edge.bucket cannot be nested under api.account.zone"},
		{"user/u1>zone/1", zoneRead, "api.account.zone cannot be nested under api.user", "api.account.zone cannot be nested under api.user"},
		{"account/A>", zoneRead, `name at least one resource under api.account.` + accountA + `, or write "*" for all of it`, `name at least one resource under api.account.` + accountA + `, or write "*" for all of it`},

		{"account/A", userRead, CheckFailed("User Read"), CheckFailed("User Read")},
		{"zone/1", accountRead, CheckFailed("Account Read"), CheckFailed("Account Read")},
		{"account/A>zone/*", accountRead, CheckFailed("Account Read"), CheckFailed("Account Read")},
		{"bucket/b1", zoneRead, CheckFailed("Zone Read"), CheckFailed("Zone Read")},
		{"user/u1", zoneRead, CheckFailed("Zone Read"), noUser},
	} {
		for i, want := range []string{row.user, row.account} {
			owner := owners(v)[i]
			t.Run(fmt.Sprintf("%s/account=%v", row.key, owner.Account), func(t *testing.T) {
				rules, faults := Resolve(v, owner, []Policy{grant(t, v, Allow, row.key, row.group)})
				if want == "" && (faults != nil || len(rules) != 1) {
					t.Errorf("%d rules, faults %v", len(rules), faults)
				}
				if want != "" && (len(faults) != 1 || faults[0].Message != want || rules != nil) {
					t.Errorf("%d rules, faults %q, want %q", len(rules), faults, want)
				}
			})
		}
	}
}

func TestCheckFailedIsTheSentenceClientsKnow(t *testing.T) {
	want := `Failed common permission check against resources. (Permission group: "DNS Write")`
	if got := CheckFailed("DNS Write"); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// TestEveryAccountOfAnAccountsTokenIsItsOwn holds that no key gives an account's
// token a pattern without an id.
func TestEveryAccountOfAnAccountsTokenIsItsOwn(t *testing.T) {
	v := testVocabulary(t)
	owner := owners(v)[1]
	for _, form := range smallForms {
		rules, _ := Resolve(v, owner, []Policy{grant(t, v, Allow, form, bucketRead)})
		for _, r := range rules {
			if r.Pattern.Ref.Any() && r.Pattern.In.Any() {
				t.Errorf("%s: %+v", form, r.Pattern)
			}
		}
	}
}

func TestTokenWithoutOwnerCanHoldNothing(t *testing.T) {
	v := testVocabulary(t)
	for _, o := range []Owner{
		{}, {Account: true}, {Ref: Ref{Kind: 1}}, {Ref: Ref{Kind: 1}, Account: true},
		{Ref: Ref{ID: ID{1}}, Account: true}, {Ref: Ref{Kind: 60, ID: ID{1}}},
	} {
		rules, faults := Resolve(v, o, []Policy{grant(t, v, Allow, "zone/1", zoneRead)})
		if rules != nil || len(faults) != 1 || faults[0] != (Fault{"/policies", "a token must have an owner"}) {
			t.Errorf("%+v: %v, %v", o, rules, faults)
		}
	}
}

// TestOwnerIsHeldBelowTheTopToo holds the rule of own resources in a vocabulary
// where accounts and users lie in organisations.
func TestOwnerIsHeldBelowTheTopToo(t *testing.T) {
	v, err := NewVocabulary([]Kind{{Name: "org"}, {Name: "account", Parent: "org"}, {Name: "user", Parent: "org"}, {Name: "zone", Parent: "account"}},
		[]Group{{ID: "z", Name: "Z", Scope: "zone"}, {ID: "u", Name: "U", Scope: "user"}})
	if err != nil {
		t.Fatal(err)
	}
	one, two := digits("1"), digits("2")
	user := Owner{Ref: MakeRef(v.Kind("user"), one)}
	account := Owner{Ref: MakeRef(v.Kind("account"), one), Account: true}
	for _, row := range []struct {
		owner Owner
		group string
		res   Resource
		good  bool
	}{
		{account, "z", Resource{Key: "account." + one}, true},
		{account, "z", Resource{Key: "zone." + two}, true},
		{account, "z", Resource{Key: "org." + one}, false},
		{account, "z", Resource{Key: "org." + one, Nested: []string{"account." + two}}, false},
		{account, "z", Resource{Key: "org." + one, Nested: []string{"zone.*"}}, false},
		{user, "u", Resource{Key: "org." + one, Nested: []string{"user." + one}}, true},
		{user, "u", Resource{Key: "org." + one, Nested: []string{"user." + two}}, false},
		{user, "u", Resource{Key: "org." + one, Nested: []string{"user.*"}}, false},
		{user, "u", Resource{Key: "org.*", Nested: []string{"user." + two}}, false},
	} {
		_, faults := Resolve(v, row.owner, []Policy{{Effect: Allow, Groups: []string{row.group}, Resources: []Resource{row.res}}})
		if (faults == nil) != row.good {
			t.Errorf("%+v for %+v: %v", row.res, row.owner, faults)
		}
	}
}

func TestFaultsPointAtTheirPlace(t *testing.T) {
	v := testVocabulary(t)
	docs := []Policy{
		{Groups: []string{"", "nonsense", v.GroupByNo(zoneRead).ID}, Resources: []Resource{{Key: "a/b~c"}}},
		{},
		{Groups: []string{v.GroupByNo(accountRead).ID}, Resources: []Resource{
			{Key: expand("account/A"), Nested: []string{"x~/", expand("zone/1"), expand("zone/2")}},
			{Key: expand("bucket/b1")},
		}},
	}
	_, got := Resolve(v, owners(v)[0], docs)
	want := []Fault{
		{"/policies/0/permission_groups/0/id", "id must be present"},
		{"/policies/0/permission_groups/1/id", `permission group "nonsense" does not exist; GET .../tokens/permission_groups lists them`},
		{"/policies/0/resources/a~1b~0c", "a/b~c" + unsupported},
		{"/policies/1/permission_groups", "permission_groups must name at least one permission group"},
		{"/policies/1/resources", "resources must name at least one resource"},
		{"/policies/2/resources/" + expand("account/A") + "/x~0~1", "x~/" + unsupported},
		{"/policies/2", CheckFailed("Account Read")},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("faults\n%q\nwant\n%q", got, want)
	}
}

func TestLimitsOfPolicies(t *testing.T) {
	v := testVocabulary(t)
	zones := func(n int) (list []Resource) {
		for i := range n {
			list = append(list, Resource{Key: "api.account.zone." + fmt.Sprintf("%032x", i+1)})
		}
		return list
	}
	nested := func(n int) []Resource {
		r := Resource{Key: expand("account/A")}
		for _, z := range zones(n) {
			r.Nested = append(r.Nested, z.Key)
		}
		return []Resource{r}
	}
	id := v.GroupByNo(zoneRead).ID
	policy := func(groups int, res []Resource) Policy {
		p := Policy{Effect: Allow, Resources: res}
		for range groups {
			p.Groups = append(p.Groups, id)
		}
		return p
	}
	repeat := func(n int, p Policy) (doc []Policy) {
		for range n {
			doc = append(doc, p)
		}
		return doc
	}
	for _, row := range []struct {
		what string
		doc  []Policy
		want Fault
	}{
		{"policies at the limit", repeat(MaxPolicies, policy(1, zones(1))), Fault{}},
		{"policies over it", repeat(MaxPolicies+1, policy(1, zones(1))), Fault{"/policies", "at most 100 policies are possible, here are 101"}},
		{"groups at the limit", repeat(1, policy(MaxPolicyGroups, zones(1))), Fault{}},
		{"groups over it", repeat(1, policy(MaxPolicyGroups+1, zones(1))), Fault{"/policies/0/permission_groups", "at most 512 permission groups are possible in one policy, here are 513"}},
		{"resources at the limit", repeat(1, policy(1, zones(MaxPolicyResources))), Fault{}},
		{"resources over it", repeat(1, policy(1, zones(MaxPolicyResources+1))), Fault{"/policies/0/resources", "at most 1000 resources are possible in one policy, here are 1001"}},
		{"nested ones over it", repeat(1, policy(1, nested(MaxPolicyResources+1))), Fault{"/policies/0/resources", "at most 1000 resources are possible in one policy, here are 1001"}},
		{"rules at the limit", repeat(5, policy(1, nested(1000))), Fault{}},
		{"rules over it", append(repeat(5, policy(1, nested(1000))), policy(1, zones(1))), Fault{"/policies", "at most 5000 resources are possible in all policies together, here are 5001"}},
		{"a long key", repeat(1, policy(1, []Resource{{Key: "edge.bucket." + strings.Repeat("b", MaxResourceKey)}})),
			Fault{"/policies/0/resources/edge.bucket." + strings.Repeat("b", MaxResourceKey), "a resource key has at most 256 characters, this one has 268"}},
	} {
		t.Run(row.what, func(t *testing.T) {
			_, faults := Resolve(v, owners(v)[0], row.doc)
			if row.want == (Fault{}) {
				if faults != nil {
					t.Error(faults)
				}
			} else if len(faults) != 1 || faults[0] != row.want {
				t.Errorf("%q, want %q", faults, row.want)
			}
		})
	}
}

func TestFaultsHaveALimit(t *testing.T) {
	v := testVocabulary(t)
	var doc []Policy
	for range MaxPolicies {
		doc = append(doc, Policy{Groups: make([]string, MaxPolicyGroups)})
	}
	if _, faults := Resolve(v, owners(v)[0], doc); len(faults) != maxFaults {
		t.Errorf("%d faults", len(faults))
	}
}

func TestOnePolicyHasOneFaultForAGroupThatDoesNotFit(t *testing.T) {
	v := testVocabulary(t)
	p := grant(t, v, Allow, "zone/1", accountRead, zoneRead)
	p.Resources = append(p.Resources, resource("zone/2"), resource("zone/3"))
	_, faults := Resolve(v, owners(v)[0], []Policy{p, p})
	want := []Fault{{"/policies/0", CheckFailed("Account Read")}, {"/policies/1", CheckFailed("Account Read")}}
	if !reflect.DeepEqual(faults, want) {
		t.Errorf("%q", faults)
	}
}

// TestATokenHasAsManyPatternsAsTheLimit, and no more, however they are spread over
// policies. All names of a zone are no pattern.
func TestATokenHasAsManyPatternsAsTheLimit(t *testing.T) {
	t.Parallel()
	v := testVocabulary(t)
	of := func(n int) Policy {
		p := Policy{Effect: Allow, Groups: []string{v.GroupByNo(dnsWrite).ID}, Resources: []Resource{{Key: "api.account.zone." + zone1}}}
		for i := range n {
			p.Resources[0].Nested = append(p.Resources[0].Nested, fmt.Sprintf("dns.name.A:host-%d.example.com", i))
		}
		return p
	}
	all := grant(t, v, Allow, "zone/1>name/*:*", dnsWrite)
	if _, faults := Resolve(v, owners(v)[0], []Policy{of(MaxPatterns - 100), all, of(100)}); len(faults) > 0 {
		t.Error(faults)
	}
	_, faults := Resolve(v, owners(v)[0], []Policy{of(MaxPatterns - 100), of(101), of(1)})
	want := []Fault{{"/policies/1/resources", "at most 300 patterns of records are possible in all policies together"}}
	if !reflect.DeepEqual(faults, want) {
		t.Errorf("%v, want %v", faults, want)
	}
	before := []Policy{of(MaxPatterns + 1)} // there was such a token before there was a limit
	if rules, faults := ResolveKnown(v, owners(v)[0], before); len(rules) != MaxPatterns+1 {
		t.Errorf("%d rules, %v", len(rules), faults)
	}
	if _, faults, err := CompileKnown(v, owners(v)[0], before, Condition{}); len(faults) > 0 || err != nil {
		t.Error(faults, err)
	}
}
