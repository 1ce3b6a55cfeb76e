package policy

import (
	"strings"
	"testing"
)

// testKinds is a vocabulary with every form the contract knows: things in
// things, names, kinds whose "all" must be nested, a second top, and patterns.
func testKinds() []Kind {
	return []Kind{
		{Name: "api.account"},
		{Name: "api.account.zone", Parent: "api.account"},
		{Name: "edge.bucket", Parent: "api.account", Named: true, NestAll: true},
		{Name: "api.user"},
		{Name: "api.account.zone.record", Parent: "api.account.zone"},
		{Name: "dns.name", Parent: "api.account.zone", Types: []string{"A", "TXT"}},
	}
}

// Group numbers of testVocabulary, in its order.
const (
	accountRead GroupNo = iota
	zoneRead
	zoneWrite
	bucketRead
	userRead
	recordWrite
	accountWrite
	dnsWrite
)

func testGroups() []Group {
	return []Group{
		{ID: "a0000000000000000000000000000000", Name: "Account Read", Scope: "api.account"},
		{ID: "b0000000000000000000000000000000", Name: "Zone Read", Scope: "api.account.zone"},
		{ID: "b1000000000000000000000000000000", Name: "Zone Write", Scope: "api.account.zone"},
		{ID: "c0000000000000000000000000000000", Name: "Bucket Read", Scope: "edge.bucket"},
		{ID: "d0000000000000000000000000000000", Name: "User Read", Scope: "api.user"},
		{ID: "e0000000000000000000000000000000", Name: "Record Write", Scope: "api.account.zone.record"},
		{ID: "a1000000000000000000000000000000", Name: "Account Write", Scope: "api.account"},
		{ID: "b2000000000000000000000000000000", Name: "DNS Write", Scope: "api.account.zone", Below: "dns.name"},
	}
}

func testVocabulary(tb testing.TB) *Vocabulary {
	tb.Helper()
	v, err := NewVocabulary(testKinds(), testGroups())
	if err != nil {
		tb.Fatal(err)
	}
	return v
}

// The small world: two accounts with a zone and a bucket each, two users, a
// record. Zone and bucket 3 are named by no policy.
var (
	accountA, accountB  = digits("aa"), digits("ab")
	zone1, zone2, zone3 = digits("01"), digits("02"), digits("03")
	user1, user2        = digits("c1"), digits("c2")
	record1             = digits("e1")
)

const bucket1, bucket2, bucket3 = "A_default_one", "B_default.two", "A_eu_three"

// digits is an id that starts with s.
func digits(s string) string { return s + strings.Repeat("7", 32-len(s)) }

// expand writes the short names used in tests as keys: "account/A", "zone/*".
func expand(key string) string {
	kind, id, _ := strings.Cut(key, "/")
	kinds := map[string]string{
		"account": "api.account", "zone": "api.account.zone", "bucket": "edge.bucket",
		"user": "api.user", "record": "api.account.zone.record", "name": "dns.name",
	}
	ids := map[string]string{
		"A": accountA, "B": accountB, "1": zone1, "2": zone2, "3": zone3, "u1": user1, "u2": user2,
		"b1": bucket1, "b2": bucket2, "b3": bucket3, "r1": record1, "new": "",
	}
	if long, ok := kinds[kind]; ok {
		kind = long
	}
	if long, ok := ids[id]; ok {
		id = long
	}
	return kind + "." + id
}

// resource reads "zone/1" or "account/A>zone/*,zone/1".
func resource(s string) Resource {
	outer, inner, nested := strings.Cut(s, ">")
	r := Resource{Key: expand(outer)}
	if !nested {
		return r
	}
	r.Nested = []string{}
	for key := range strings.SplitSeq(inner, ",") {
		if key != "" {
			r.Nested = append(r.Nested, expand(key))
		}
	}
	return r
}

// steps reads a trail: "zone/1 account/A".
func steps(s string) trail {
	var t trail
	for field := range strings.FieldsSeq(s) {
		key := expand(field)
		kind, id := (&reference{kinds: testKinds()}).split(key)
		t = append(t, step{kind, id})
	}
	return t
}

// smallTrails is every access of the small world, what does not exist yet
// included.
func smallTrails() []trail {
	var out []trail
	for _, s := range []string{
		"user/u1", "user/u2", "user/new",
		"account/A", "account/B", "account/new",
		"zone/1 account/A", "zone/3 account/A", "zone/new account/A",
		"zone/2 account/B", "zone/new account/B", "zone/new account/new", "zone/1 account/new",
		"bucket/b1 account/A", "bucket/b3 account/A", "bucket/new account/A",
		"bucket/b2 account/B", "bucket/new account/B",
		"record/r1 zone/1 account/A", "record/new zone/1 account/A", "record/new zone/2 account/B",
		"name/TXT:a.b.c zone/1 account/A", "name/A:a.b.c zone/1 account/A", "name/TXT:q.a.b.c zone/3 account/A",
		"name/TXT:a.b.c zone/2 account/B", "name/new zone/1 account/A",
	} {
		out = append(out, steps(s))
	}
	return out
}

// smallForms is every form of resource that the small world has.
var smallForms = []string{
	"account/A", "account/B", "account/*",
	"zone/1", "zone/2", "zone/*",
	"account/A>zone/*", "account/A>zone/1", "account/A>zone/2", "account/B>zone/*",
	"account/*>zone/*", "account/*>zone/1", "account/A>zone/1,zone/2",
	"bucket/b1", "bucket/b2", "account/A>bucket/*", "account/A>bucket/b1", "account/A>bucket/b2", "account/*>bucket/b1",
	"user/u1", "record/r1", "record/*", "zone/1>record/*", "zone/*>record/r1", "account/A>record/*", "account/A>record/r1",
	"zone/1>name/TXT:a.*", "zone/1>name/*:*.b.c", "account/A>name/A:a.b.c", "account/A>name/*:*", "account/*>name/TXT:*",
	"name/TXT:a.*", "zone/*>name/TXT:a.*",
}

func owners(v *Vocabulary) []Owner {
	return []Owner{
		{Ref: MakeRef(v.Kind("api.user"), user1)},
		{Ref: MakeRef(v.Kind("api.account"), accountA), Account: true},
	}
}

func newReference(v *Vocabulary, o Owner) reference {
	return reference{kinds: v.kinds[1:], groups: v.groups, account: o.Account, owner: step{v.KindName(o.Ref.Kind), o.Ref.String()}}
}

// set compiles policies that must be good.
func compileFor(tb testing.TB, v *Vocabulary, o Owner, policies []Policy) *Set {
	tb.Helper()
	rules, faults := Resolve(v, o, policies)
	if faults != nil {
		tb.Fatalf("resolve %+v: %v", policies, faults)
	}
	set, err := Compile(v, rules, Condition{})
	if err != nil {
		tb.Fatal(err)
	}
	return set
}

func groupSet(groups ...GroupNo) *GroupSet {
	var s GroupSet
	for _, g := range groups {
		s.Add(g)
	}
	return &s
}
