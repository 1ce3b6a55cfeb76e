package authority_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/token"
)

func TestUpdateClearsWhatIsLeftOutAndKeepsStatusAndSecret(t *testing.T) {
	bothOwners(t, func(t *testing.T, w *world, o authority.Owner) {
		d := ordinary()
		d.Status = authority.StatusDisabled
		before, _ := w.issueDraft(o, d)
		w.clock.Advance(time.Minute)
		bare := authority.Draft{Name: "renamed", Policies: []policy.Policy{allow("DNS Read", zone(blog))}}
		got, err := w.Update(t.Context(), w.as(w.admin.credential()), o, before.ID, bare)
		if err != nil {
			t.Fatal(err)
		}
		want := before
		want.Name, want.Policies, want.Condition = "renamed", bare.Policies, policy.Condition{}
		want.NotBefore, want.ExpiresOn = time.Time{}, time.Time{}
		want.ModifiedOn, want.Version = start.Add(time.Minute), 2
		want.Policies[0].ID = got.Policies[0].ID
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("the update is not what was asked for (-want +got):\n%s", diff)
		}
		stored, err := w.Token(t.Context(), w.as(w.admin.credential()), o, got.ID)
		if diff := cmp.Diff(got, stored); diff != "" || err != nil {
			t.Errorf("what is stored is not what was answered (-answer +stored): %v\n%s", err, diff)
		}
	})
}

// TestUpdateOfAnOlderVersionChangesNothing: who edited what they had seen does
// not undo what somebody else did meanwhile.
func TestUpdateOfAnOlderVersionChangesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := accountOwner(acme)
	seen, _ := w.issueDraft(o, ordinary())
	d := ordinary()
	d.Name, d.Version = "the first", seen.Version
	changed, err := w.Update(t.Context(), w.as(w.admin.credential()), o, seen.ID, d)
	if err != nil {
		t.Fatal(err)
	}
	d.Name = "the second"
	_, err = w.Update(t.Context(), w.as(w.admin.credential()), o, seen.ID, d)
	wantCode(t, err, authority.CodeConflict)
	if now, err := w.Token(t.Context(), w.as(w.admin.credential()), o, seen.ID); err != nil || now.Name != changed.Name {
		t.Errorf("the token is called %q, %v", now.Name, err)
	}
}

func TestUpdateKeepsThePolicyIDsThatTheTokenHas(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := accountOwner(acme)
	before, _ := w.issueDraft(o, ordinary())
	first, second := before.Policies[0].ID, before.Policies[1].ID
	p := func(id string) policy.Policy {
		p := allow("DNS Read", zone(shop))
		p.ID = id
		return p
	}
	other, _ := w.issueDraft(o, ordinary())
	after, err := w.Update(t.Context(), w.system(), o, before.ID, authority.Draft{
		Name: "kept", Policies: []policy.Policy{p(second), p(""), p(first), p(first), p(other.Policies[0].ID)},
	})
	if err != nil {
		t.Fatal(err)
	}
	seen := make(map[string]bool)
	for i, want := range []string{second, "", first, "", ""} {
		got := after.Policies[i].ID
		if want != "" && got != want {
			t.Errorf("policy %d has the id %s, want %s", i, got, want)
		}
		if len(got) != 32 || seen[got] || got == other.Policies[0].ID {
			t.Errorf("policy %d has the id %q, which is not one of its own", i, got)
		}
		seen[got] = true
	}
}

func TestUpdateCanEnableAndDisable(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := accountOwner(acme)
	made, cred := w.issueDraft(o, ordinary())
	set := func(s authority.Status) {
		t.Helper()
		d := ordinary()
		d.Status = s
		if _, err := w.Update(t.Context(), w.system(), o, made.ID, d); err != nil {
			t.Fatal(err)
		}
	}
	w.allowed(cred, authority.OpDNSCreate, inZone(shop))
	set(authority.StatusDisabled)
	w.denied(cred, authority.OpDNSCreate, inZone(shop), policy.Disabled)
	set("")
	w.denied(cred, authority.OpDNSCreate, inZone(shop), policy.Disabled)
	set(authority.StatusActive)
	w.allowed(cred, authority.OpDNSCreate, inZone(shop))
}

func TestExpiredTokenCanBeRenamedAndProlongedButNotGivenAnotherPast(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := accountOwner(acme)
	made, cred := w.issueDraft(o, ordinary())
	w.clock.Set(made.ExpiresOn.Add(time.Hour))
	w.poll()
	d := ordinary()
	d.Name, d.Status = "read and written back", authority.StatusExpired
	if _, err := w.Update(t.Context(), w.system(), o, made.ID, d); err != nil {
		t.Errorf("an expired token cannot be renamed: %v", err)
	}
	d.ExpiresOn = made.ExpiresOn.Add(time.Minute)
	_, err := w.Update(t.Context(), w.system(), o, made.ID, d)
	wantCode(t, err, authority.CodeInvalid)
	w.denied(cred, authority.OpDNSCreate, inZone(shop), policy.Expired)
	d.ExpiresOn = w.clock.Now().Add(time.Microsecond)
	if _, err := w.Update(t.Context(), w.system(), o, made.ID, d); err != nil {
		t.Errorf("an expired token cannot be prolonged: %v", err)
	}
	w.allowed(cred, authority.OpDNSCreate, inZone(shop))
}

func TestRollKillsTheOldSecretAndKeepsTheRest(t *testing.T) {
	bothOwners(t, func(t *testing.T, w *world, o authority.Owner) {
		before, old := w.issueDraft(o, ordinary())
		w.allowed(old, authority.OpDNSCreate, inZone(shop))
		w.clock.Advance(time.Minute)
		w.poll()
		secret, err := w.Roll(t.Context(), w.as(w.admin.credential()), o, before.ID)
		if err != nil {
			t.Fatal(err)
		}
		w.denied(old, authority.OpDNSCreate, inZone(shop), policy.UnknownCredential)
		w.allowed(bearer(secret), authority.OpDNSCreate, inZone(shop))
		after := must(w.Token(t.Context(), w.system(), o, before.ID))(t)
		want := before
		want.Digest, want.ModifiedOn, want.Version = secret.Digest(), start.Add(time.Minute), 2
		after.LastUsedOn = time.Time{}
		if diff := cmp.Diff(want, after); diff != "" {
			t.Errorf("the roll changed more than the secret (-want +got):\n%s", diff)
		}
	})
}

func TestRevokedTokenIsGone(t *testing.T) {
	bothOwners(t, func(t *testing.T, w *world, o authority.Owner) {
		made, cred := w.issueDraft(o, ordinary())
		w.allowed(cred, authority.OpDNSCreate, inZone(shop))
		c := w.as(w.admin.credential())
		if err := w.Revoke(t.Context(), c, o, made.ID); err != nil {
			t.Fatal(err)
		}
		w.denied(cred, authority.OpDNSCreate, inZone(shop), policy.UnknownCredential)
		_, err := w.Token(t.Context(), c, o, made.ID)
		wantCode(t, err, authority.CodeNotFound)
		wantCode(t, w.Revoke(t.Context(), c, o, made.ID), authority.CodeNotFound)
	})
}

// held lets n readers of a token meet: each has read the row before any of them
// writes.
func (w *world) held(n int) {
	arrived := make(chan struct{}, n)
	all := make(chan struct{})
	go func() {
		for range n {
			<-arrived
		}
		close(all)
	}()
	w.store.Pause("Token", func(context.Context) {
		arrived <- struct{}{}
		<-all
	})
}

func TestOfTwoRollsAtOnceExactlyOneWins(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := accountOwner(acme)
	made, old := w.issueDraft(o, ordinary())
	secrets := make([]token.Secret, 2)
	w.held(2)
	errs := atOnce(2, func(i int) (err error) {
		secrets[i], err = w.Roll(t.Context(), w.system(), o, made.ID)
		return err
	})
	winner := 0
	if errs[0] != nil {
		winner = 1
	}
	if errs[winner] != nil {
		t.Fatalf("neither won: %v, %v", errs[0], errs[1])
	}
	wantCode(t, errs[1-winner], authority.CodeConflict)
	if !secrets[1-winner].IsZero() {
		t.Error("the loser was handed a secret")
	}
	w.allowed(bearer(secrets[winner]), authority.OpDNSCreate, inZone(shop))
	w.denied(old, authority.OpDNSCreate, inZone(shop), policy.UnknownCredential)
}

func TestUpdateThatMeetsARollNeverBringsTheOldSecretBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := accountOwner(acme)
	made, old := w.issueDraft(o, ordinary())
	d := ordinary()
	d.Name = "updated"
	var rolled token.Secret
	w.held(2)
	errs := atOnce(2, func(i int) (err error) {
		if i == 0 {
			_, err = w.Update(t.Context(), w.system(), o, made.ID, d)
			return err
		}
		rolled, err = w.Roll(t.Context(), w.system(), o, made.ID)
		return err
	})
	w.store.Pause("Token", nil)
	after := must(w.Token(t.Context(), w.system(), o, made.ID))(t)
	switch {
	case errs[0] == nil && hasCode(errs[1], authority.CodeConflict):
		w.allowed(old, authority.OpDNSCreate, inZone(shop))
		if after.Name != "updated" {
			t.Error("the update won and is lost")
		}
	case errs[1] == nil && hasCode(errs[0], authority.CodeConflict):
		w.denied(old, authority.OpDNSCreate, inZone(shop), policy.UnknownCredential)
		w.allowed(bearer(rolled), authority.OpDNSCreate, inZone(shop))
		if after.Name == "updated" {
			t.Error("the update lost and is there")
		}
	default:
		t.Errorf("not exactly one won: update %v, roll %v", errs[0], errs[1])
	}
}

func TestRevocationWinsOverEverythingAtTheSameTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := accountOwner(acme)
	for range 8 {
		made, old := w.issueDraft(o, ordinary())
		secrets := make([]token.Secret, 4)
		errs := atOnce(6, func(i int) (err error) {
			switch i {
			case 0:
				return w.Revoke(t.Context(), w.system(), o, made.ID)
			case 1:
				_, err = w.Update(t.Context(), w.system(), o, made.ID, ordinary())
			default:
				secrets[i-2], err = w.Roll(t.Context(), w.system(), o, made.ID)
			}
			return err
		})
		if errs[0] != nil {
			t.Fatalf("the revocation failed: %v", errs[0])
		}
		for i, err := range errs[1:] {
			if err != nil && !hasCode(err, authority.CodeConflict) && !hasCode(err, authority.CodeNotFound) {
				t.Errorf("change %d: %v, want nothing, a conflict or no such token", i, err)
			}
		}
		w.denied(old, authority.OpDNSCreate, inZone(shop), policy.UnknownCredential)
		for _, s := range secrets {
			if !s.IsZero() {
				w.denied(bearer(s), authority.OpDNSCreate, inZone(shop), policy.UnknownCredential)
			}
		}
		_, err := w.Token(t.Context(), w.system(), o, made.ID)
		wantCode(t, err, authority.CodeNotFound)
	}
}
