package policy

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestVocabularyRefuses(t *testing.T) {
	many := func(n int) (kinds []Kind) {
		for i := range n {
			kinds = append(kinds, Kind{Name: fmt.Sprint("k", i)})
		}
		return kinds
	}
	deep := []Kind{{Name: "d0"}}
	for i := range MaxDepth {
		deep = append(deep, Kind{Name: fmt.Sprint("d", i+1), Parent: fmt.Sprint("d", i)})
	}
	groups := make([]Group, MaxGroups+1)
	for i := range groups {
		groups[i] = Group{ID: fmt.Sprint(i), Scope: "k0"}
	}
	for _, row := range []struct {
		what   string
		kinds  []Kind
		groups []Group
		want   string // part of the error, "" for none
	}{
		{"as many kinds as fit", many(MaxKinds - 1), nil, ""},
		{"one more", many(MaxKinds), nil, "at most 63"},
		{"as many groups as fit", many(1), groups[1:], ""},
		{"one more", many(1), groups, "at most 1024"},
		{"as deep as it goes", deep[:MaxDepth], nil, ""},
		{"one deeper", deep, nil, "7 deep"},
		{"no name", []Kind{{}}, nil, "no name"},
		{"a kind twice", []Kind{{Name: "a"}, {Name: "a"}}, nil, "twice"},
		{"a child before its parent", []Kind{{Name: "b", Parent: "a"}, {Name: "a"}}, nil, "not listed before"},
		{"a kind in itself", []Kind{{Name: "a", Parent: "a"}}, nil, "not listed before"},
		{"nesting without a parent", []Kind{{Name: "a", NestAll: true}}, nil, "no parent"},
		{"types without a parent", []Kind{{Name: "a", Types: []string{"A"}}}, nil, "must have a parent"},
		{"types and names", []Kind{{Name: "a"}, {Name: "b", Parent: "a", Named: true, Types: []string{"A"}}}, nil, "no other form"},
		{"something in what has types", []Kind{{Name: "a"}, {Name: "b", Parent: "a", Types: []string{"A"}}, {Name: "c", Parent: "b"}}, nil, "nothing can lie"},
		{"a group below its scope", []Kind{{Name: "a"}, {Name: "b", Parent: "a"}}, []Group{{ID: "1", Scope: "a", Below: "b"}}, ""},
		{"a group that is to act above", []Kind{{Name: "a"}, {Name: "b", Parent: "a"}}, []Group{{ID: "1", Scope: "b", Below: "a"}}, "no kind below"},
		{"a group that is to act on nothing", many(1), []Group{{ID: "1", Scope: "k0", Below: "x"}}, "no kind below"},
		{"a group that acts there anyway", many(1), []Group{{ID: "1", Scope: "k0", Below: "k0"}}, "no kind below"},
		{"a group of no kind", many(1), []Group{{ID: "1", Name: "g", Scope: "x"}}, "not a resource kind"},
		{"a group without scope", many(1), []Group{{ID: "1", Name: "g"}}, "not a resource kind"},
		{"a group without id", many(1), []Group{{Name: "g", Scope: "k0"}}, "no id of its own"},
		{"a group twice", many(1), []Group{{ID: "1", Scope: "k0"}, {ID: "1", Scope: "k0"}}, "no id of its own"},
	} {
		_, err := NewVocabulary(row.kinds, row.groups)
		if row.want == "" && err != nil || row.want != "" && (err == nil || !strings.Contains(err.Error(), row.want)) {
			t.Errorf("%s: %v", row.what, err)
		}
	}
}

func TestNumbersOutsideTheVocabularyAreNothing(t *testing.T) {
	v := testVocabulary(t)
	for _, k := range []KindNo{0, 7, 63, 64, 255} {
		if v.KindName(k) != "" || v.Parent(k) != 0 || !v.Reach(k).Empty() || v.Below(k, 1) || v.Below(1, k) {
			t.Errorf("kind %d is something", k)
		}
	}
	for _, g := range []GroupNo{GroupNo(v.Groups()), MaxGroups, 65535} {
		if v.GroupByNo(g) != (Group{}) || v.Scope(g) != 0 {
			t.Errorf("group %d is something", g)
		}
	}
}

func TestReachIsTheKindAndWhatLiesBelow(t *testing.T) {
	v := testVocabulary(t)
	for kind, want := range map[string]*GroupSet{
		"api.account":             groupSet(accountRead, accountWrite, zoneRead, zoneWrite, dnsWrite, bucketRead, recordWrite),
		"api.account.zone":        groupSet(zoneRead, zoneWrite, dnsWrite, recordWrite),
		"api.account.zone.record": groupSet(recordWrite),
		"dns.name":                groupSet(dnsWrite),
		"edge.bucket":             groupSet(bucketRead),
		"api.user":                groupSet(userRead),
	} {
		if got := v.Reach(v.Kind(kind)); *got != *want {
			t.Errorf("%s: %v, want %v", kind, got, want)
		}
	}
}

func TestGroupSetIsASet(t *testing.T) {
	a, b := groupSet(0, 63, 64, 1023, 1024, 65535), groupSet(63, 500)
	if got := slices.Collect(a.All); !slices.Equal(got, []GroupNo{0, 63, 64, 1023}) || a.Len() != 4 || a.Has(1024) || a.Has(65535) {
		t.Errorf("members %v", got)
	}
	and, or, minus := a.And(b), a.Or(b), a.Minus(b)
	if and != *groupSet(63) || or != *groupSet(0, 63, 64, 500, 1023) || minus != *groupSet(0, 64, 1023) {
		t.Errorf("%v %v %v", and, or, minus)
	}
	if !a.Meets(b) || minus.Meets(b) || a.Empty() || !new(GroupSet).Empty() {
		t.Error("Meets or Empty is wrong")
	}
	for g := range a.All {
		if g != 0 {
			t.Error("All goes on after a break")
		}
		break
	}
}
