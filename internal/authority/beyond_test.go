package authority_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/policy"
)

// TestCeilingNamesWhatIsTooMuch: the permissions, the resource and the policy,
// for a new token and for an update that nothing comes of.
func TestCeilingNamesWhatIsTooMuch(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c, o := w.as(w.admin.credential()), authority.Owner{Kind: authority.OwnerUser, ID: w.admin.id}
	good := allow("DNS Read", zone(shop))
	for _, test := range []struct {
		resource, want policy.Resource
	}{
		{zone(their), zone(their)},
		{account(rival), account(rival)},
		{within(rival, allZones), within(rival, allZones)},
	} {
		bad := allow("DNS Read, DNS Write", test.resource)
		d := authority.Draft{Name: "child", Policies: []policy.Policy{good, bad}}
		err := w.MayIssue(t.Context(), c, o, d)
		var own *authority.Error
		if !errors.As(err, &own) || own.Beyond == nil {
			t.Fatalf("%v: the answer is %v", test.resource, err)
		}
		got := own.Beyond
		slices.Sort(got.Groups)
		if want := slices.Sorted(slices.Values(bad.Groups)); got.Policy != 1 || !slices.Equal(got.Groups, want) {
			t.Errorf("%v: too much is %+v", test.resource, got)
		}
		if got.Resource.Key != test.want.Key || !slices.Equal(got.Resource.Nested, test.want.Nested) {
			t.Errorf("%v: too much is on %v", test.resource, got.Resource)
		}
	}
	made, _, err := w.Issue(t.Context(), c, o, authority.Draft{Name: "child", Policies: []policy.Policy{good}})
	if err != nil {
		t.Fatal(err)
	}
	more := authority.Draft{Name: "other", Policies: []policy.Policy{allow("DNS Read", zone(their))}}
	if err := w.MayUpdate(t.Context(), c, o, made.ID, more); !hasCode(err, authority.CodeInvalid) {
		t.Errorf("the update's answer is %v", err)
	}
	more.Policies = []policy.Policy{good}
	if err := w.MayUpdate(t.Context(), c, o, made.ID, more); err != nil {
		t.Error(err)
	}
	if now, err := w.Token(t.Context(), c, o, made.ID); err != nil || now.Name != "child" || now.Version != made.Version {
		t.Errorf("asking made the token %+v, %v", now, err)
	}
}
