package policy

import (
	"strings"
	"testing"
)

func TestParseIDReadsOneSpellingOnly(t *testing.T) {
	good := "0123456789abcdef0123456789abcdef"
	if id, ok := ParseID(good); !ok || id.String() != good {
		t.Errorf("%s: %s, %v", good, id, ok)
	}
	for _, bad := range []string{"", "*", good[1:], good + "0", strings.ToUpper(good), "g" + good[1:], " " + good[1:], good[:31] + "\n", "０" + good[3:]} {
		if id, ok := ParseID(bad); ok || id != (ID{}) {
			t.Errorf("%q is read as %s", bad, id)
		}
	}
}

// TestZeroIDIsNoWildcard holds that no spelling of a key or of an access makes
// the ref that means "any".
func TestZeroIDIsNoWildcard(t *testing.T) {
	v := testVocabulary(t)
	zero := ID{}.String()
	for k := KindNo(1); v.KindName(k) != ""; k++ {
		r := MakeRef(k, zero)
		if r.Any() || r.String() != zero {
			t.Errorf("%s: %+v", v.KindName(k), r)
		}
	}
	other := NewPath(MakeRef(v.Kind("edge.bucket"), "b"), MakeRef(v.Kind("api.account"), accountA))
	same := NewPath(MakeRef(v.Kind("edge.bucket"), zero), MakeRef(v.Kind("api.account"), accountA))
	for _, res := range []Resource{
		{Key: "edge.bucket." + zero},
		{Key: "api.account." + accountA, Nested: []string{"edge.bucket." + zero}},
		{Key: "api.account.*", Nested: []string{"edge.bucket." + zero}},
	} {
		for _, owner := range owners(v) {
			p := Policy{Effect: Allow, Groups: []string{v.GroupByNo(bucketRead).ID}, Resources: []Resource{res}}
			set := compileFor(t, v, owner, []Policy{p})
			if set.Evaluate(&Access{Accepted: groupSet(bucketRead), Path: other}).Allowed {
				t.Errorf("%+v covers another bucket", res)
			}
			if !set.Evaluate(&Access{Accepted: groupSet(bucketRead), Path: same}).Allowed {
				t.Errorf("%+v does not cover the bucket it names", res)
			}
		}
	}
	for _, key := range []string{"api.account." + zero, "api.account.zone." + zero, "api.user." + zero} {
		p := Policy{Effect: Allow, Groups: []string{v.GroupByNo(zoneRead).ID}, Resources: []Resource{{Key: key}}}
		if _, faults := Resolve(v, owners(v)[0], []Policy{p}); faults == nil {
			t.Errorf("%s is a good key", key)
		}
	}
}

func TestPathsThatCannotBeAreTheZeroPath(t *testing.T) {
	v := testVocabulary(t)
	account, zone := MakeRef(v.Kind("api.account"), accountA), MakeRef(v.Kind("api.account.zone"), zone1)
	full := NewPath(Ref{Kind: 1}, Ref{Kind: 2}, Ref{Kind: 3}, Ref{Kind: 4}, Ref{Kind: 5}, Ref{Kind: 6})
	if full.Len() != MaxDepth {
		t.Fatalf("full path has %d refs", full.Len())
	}
	for name, p := range map[string]Path{
		"nothing":                      NewPath(),
		"no kind":                      NewPath(Ref{ID: zone.ID}),
		"no kind above":                NewPath(zone, Ref{}),
		"no kind, then an account":     NewPath(Ref{}, account),
		"no kind, then In":             NewPath(Ref{}).In(account),
		"zero path, then In":           Path{}.In(account),
		"two zones":                    NewPath(zone, MakeRef(zone.Kind, zone2), account),
		"zone in zone":                 NewPath(zone).In(zone),
		"too deep":                     NewPath(Ref{Kind: 1}, Ref{Kind: 2}, Ref{Kind: 3}, Ref{Kind: 4}, Ref{Kind: 5}, Ref{Kind: 6}, Ref{Kind: 7}),
		"In on a full path":            full.In(Ref{Kind: 7}),
		"In on a full path, then more": full.In(Ref{Kind: 7}).In(account),
	} {
		if p != (Path{}) {
			t.Errorf("%s: %+v", name, p)
		}
	}
	p := NewPath(zone).In(account)
	if p != NewPath(zone, account) || p.Leaf() != zone || p.At(1) != account || p.At(2) != (Ref{}) || p.At(-1) != (Ref{}) {
		t.Errorf("%+v", p)
	}
}

func TestPatternCoversNothingOfAnotherKind(t *testing.T) {
	v := testVocabulary(t)
	account, zone := MakeRef(v.Kind("api.account"), accountA), MakeRef(v.Kind("api.account.zone"), zone1)
	path, unknown := NewPath(zone, account), NewPath(Ref{Kind: zone.Kind}, Ref{Kind: account.Kind})
	for name, p := range map[string]Pattern{
		"zero":                       {},
		"zero in the account":        {In: account},
		"the zone's id as a user":    {Ref: Ref{Kind: v.Kind("api.user"), ID: zone.ID}},
		"the zone's id as account":   {Ref: Ref{Kind: account.Kind, ID: zone.ID}},
		"zone with id and name":      {Ref: Ref{Kind: zone.Kind, ID: zone.ID, Name: "x"}},
		"zone in any account":        {Ref: zone, In: Ref{Kind: account.Kind}},
		"every zone in any account":  {Ref: Ref{Kind: zone.Kind}, In: Ref{Kind: account.Kind}},
		"zone in the id of a bucket": {Ref: zone, In: Ref{Kind: v.Kind("edge.bucket"), ID: account.ID}},
		"every user":                 {Ref: Ref{Kind: v.Kind("api.user")}},
		"a kind that is none":        {Ref: Ref{Kind: 66}},
	} {
		set, err := Compile(v, []Rule{{Effect: Allow, Pattern: p, Groups: *groupSet(accountRead, zoneRead)}}, Condition{})
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range []Path{path, unknown} {
			if set.Evaluate(&Access{Accepted: groupSet(accountRead, zoneRead), Path: path}).Allowed {
				t.Errorf("%s allows", name)
			}
		}
	}
}
