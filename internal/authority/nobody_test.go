package authority_test

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tokenward/tokenward/internal/authority"
)

// TestZeroCallerMayDoNothing goes through every verb and every read that takes a
// caller, with resources that exist and with some that do not.
func TestZeroCallerMayDoNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, nobody := t.Context(), authority.Caller{}
	mine, _ := w.issue(w.admin.owner(), allow("DNS Write", zone(shop)))
	ours, _ := w.issue(accountOwner(acme), allow("DNS Write", zone(shop)))
	before := w.everything()
	type does = map[string]func() error
	all := does{
		"Verify":             func() error { _, _, err := w.Verify(ctx, nobody); return err },
		"User":               func() error { _, err := w.User(ctx, nobody); return err },
		"Account":            func() error { _, err := w.Account(ctx, nobody, acme); return err },
		"Account, none":      func() error { _, err := w.Account(ctx, nobody, ghost); return err },
		"Account, no id":     func() error { _, err := w.Account(ctx, nobody, ""); return err },
		"Accounts":           func() error { _, _, err := w.Accounts(ctx, nobody, authority.AccountQuery{Limit: 9}); return err },
		"Zone":               func() error { _, err := w.Zone(ctx, nobody, authority.OpZoneGet, shop); return err },
		"Zone, for records":  func() error { _, err := w.Zone(ctx, nobody, authority.OpDNSList, shop); return err },
		"Zone, none":         func() error { _, err := w.Zone(ctx, nobody, authority.OpZoneGet, ghost); return err },
		"Zone, no id":        func() error { _, err := w.Zone(ctx, nobody, authority.OpZoneGet, ""); return err },
		"Zone, no operation": func() error { _, err := w.Zone(ctx, nobody, "", shop); return err },
		"Zones":              func() error { _, _, err := w.Zones(ctx, nobody, authority.ZoneQuery{Limit: 9}); return err },
		"CreateZone": func() error {
			_, err := w.CreateZone(ctx, nobody, authority.ZoneDraft{Name: "a.example", AccountID: acme})
			return err
		},
		"CreateZone, no account": func() error { _, err := w.CreateZone(ctx, nobody, authority.ZoneDraft{Name: "a.example"}); return err },
		"CreateZone, faulty":     func() error { _, err := w.CreateZone(ctx, nobody, authority.ZoneDraft{AccountID: "x"}); return err },
		"CreateZone, one there is": func() error {
			_, err := w.CreateZone(ctx, nobody, authority.ZoneDraft{Name: "shop.example", AccountID: acme})
			return err
		},
		"DeleteZone":       func() error { return w.DeleteZone(ctx, nobody, shop) },
		"DeleteZone, none": func() error { return w.DeleteZone(ctx, nobody, ghost) },
		"RecordPurge":      func() error { _, err := w.RecordPurge(ctx, nobody, shop, nil); return err },
	}
	for of, o := range map[string]authority.Owner{
		"a user": mine.Owner, "an account": ours.Owner, "nobody": {}, "a user without id": userOwner(""), "an account without id": accountOwner(""),
		"no kind": {Kind: 9, ID: acme},
	} {
		id := map[authority.Owner]string{mine.Owner: mine.ID, ours.Owner: ours.ID}[o]
		for verb, f := range (does{
			"Issue":         func() error { _, _, err := w.Issue(ctx, nobody, o, ordinary()); return err },
			"Issue, faulty": func() error { _, _, err := w.Issue(ctx, nobody, o, authority.Draft{}); return err },
			"Update":        func() error { _, err := w.Update(ctx, nobody, o, id, ordinary()); return err },
			"Roll":          func() error { _, err := w.Roll(ctx, nobody, o, id); return err },
			"Revoke":        func() error { return w.Revoke(ctx, nobody, o, id) },
			"Token":         func() error { _, err := w.Token(ctx, nobody, o, id); return err },
			"Tokens":        func() error { _, _, err := w.Tokens(ctx, nobody, authority.TokenQuery{Owner: o, Limit: 9}); return err },
		}) {
			all[verb+" of "+of] = f
		}
	}
	for verb, f := range all {
		if err := f(); !hasCode(err, authority.CodeForbidden) {
			t.Errorf("%s: %v, want code %d", verb, err, authority.CodeForbidden)
		}
	}
	z := authority.Zone{ID: shop, AccountID: acme}
	if got := w.ZonePermissions(nobody, &z); len(got) != 0 {
		t.Errorf("ZonePermissions gives %v", got)
	}
	if diff := cmp.Diff(before, w.everything()); diff != "" {
		t.Errorf("nobody changed something (-want +got):\n%s", diff)
	}
}

// TestOwnerOfNoKindHasNoTokens, for the caller who may do everything too.
func TestOwnerOfNoKindHasNoTokens(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, o := range []authority.Owner{{}, {Kind: 9, ID: acme}} {
		_, _, err := w.Issue(t.Context(), w.system(), o, ordinary())
		wantCode(t, err, authority.CodeForbidden)
	}
}

// TestNoVerbForgetsToAskWhoCalls calls every method that takes a caller and can
// fail, those too that are newer than the table above, as nobody.
func TestNoVerbForgetsToAskWhoCalls(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	open := map[string]string{
		"AcceptInvitation": "the link's secret is the credential",
		"ResetPassword":    "the link's secret is the credential",
		"LinkedUser":       "the link's secret is the credential",
		"Exposed":          "who holds a secret may end it",
	}
	caller, failure := reflect.TypeFor[authority.Caller](), reflect.TypeFor[error]()
	a := reflect.ValueOf(w.Authority)
	asked := 0
	for m := range a.Type().Methods() {
		f := a.MethodByName(m.Name)
		in, out := f.Type().NumIn(), f.Type().NumOut()
		if in < 2 || f.Type().In(1) != caller || out == 0 || f.Type().Out(out-1) != failure || open[m.Name] != "" {
			continue
		}
		asked++
		for _, id := range []string{"", acme, shop, w.admin.id, w.admin.email, ghost} {
			args := []reflect.Value{reflect.ValueOf(t.Context())}
			for i := 1; i < in; i++ {
				arg := reflect.Zero(f.Type().In(i))
				if arg.Type() == reflect.TypeFor[string]() {
					arg = reflect.ValueOf(id)
				}
				args = append(args, arg)
			}
			err, _ := f.Call(args)[out-1].Interface().(error)
			if !hasCode(err, authority.CodeForbidden) {
				t.Errorf("%s with %q: %v, want code %d", m.Name, id, err, authority.CodeForbidden)
			}
		}
	}
	if asked < 15 {
		t.Errorf("only %d methods were asked", asked)
	}
}
