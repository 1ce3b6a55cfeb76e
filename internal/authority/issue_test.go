package authority_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/token"
)

// bothOwners runs a test for a user's tokens and for an account's.
func bothOwners(t *testing.T, f func(t *testing.T, w *world, o authority.Owner)) {
	t.Run("user", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		f(t, w, w.admin.owner())
	})
	t.Run("account", func(t *testing.T) {
		t.Parallel()
		f(t, newWorld(t), accountOwner(acme))
	})
}

// ordinary is a draft that both kinds of owner can have.
func ordinary() authority.Draft {
	return authority.Draft{
		Name:      "deploy",
		Policies:  []policy.Policy{allow("DNS Write", zone(shop)), deny("DNS Write", zone(blog))},
		Condition: policy.Condition{In: []string{"198.51.100.9/24"}, NotIn: []string{"198.51.100.7/32"}},
		NotBefore: start.Add(-time.Hour),
		ExpiresOn: start.Add(time.Hour),
	}
}

func TestIssuedTokenIsWhatWasAskedForAndWorksAtOnce(t *testing.T) {
	bothOwners(t, func(t *testing.T, w *world, o authority.Owner) {
		d := ordinary()
		got, secret, err := w.Issue(t.Context(), w.as(w.admin.credential()), o, d)
		if err != nil {
			t.Fatal(err)
		}
		want := authority.Token{
			ID: got.ID, Owner: o, Name: d.Name, Status: authority.StatusActive, Policies: d.Policies, Condition: d.Condition,
			NotBefore: d.NotBefore, ExpiresOn: d.ExpiresOn, IssuedOn: start, ModifiedOn: start,
			CreatorID: w.admin.id, CreatorEmail: w.admin.email, Digest: secret.Digest(), Version: 1,
		}
		for i := range want.Policies {
			want.Policies[i].ID = got.Policies[i].ID
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("the token is not the draft (-want +got):\n%s", diff)
		}
		stored, err := w.Token(t.Context(), w.as(w.admin.credential()), o, got.ID)
		if diff := cmp.Diff(got, stored); diff != "" || err != nil {
			t.Errorf("what is stored is not what was answered (-answer +stored): %v\n%s", err, diff)
		}
		w.allowed(bearer(secret), authority.OpDNSCreate, inZone(shop))
		w.denied(bearer(secret), authority.OpDNSCreate, inZone(blog), policy.NoGrant)
	})
}

func TestSecretTellsWhoseTokenItIs(t *testing.T) {
	bothOwners(t, func(t *testing.T, w *world, o authority.Owner) {
		want := token.User
		if o.Kind == authority.OwnerAccount {
			want = token.Account
		}
		made, secret, err := w.Issue(t.Context(), w.system(), o, ordinary())
		if err != nil || secret.Kind() != want {
			t.Errorf("issued a secret of a %s, want %s: %v", secret.Kind(), want, err)
		}
		rolled, err := w.Roll(t.Context(), w.system(), o, made.ID)
		if err != nil || rolled.Kind() != want {
			t.Errorf("rolled to a secret of a %s, want %s: %v", rolled.Kind(), want, err)
		}
	})
}

func TestDisabledTokenCanBeIssued(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := ordinary()
	d.Status = authority.StatusDisabled
	_, cred := w.issueDraft(accountOwner(acme), d)
	w.denied(cred, authority.OpDNSCreate, inZone(shop), policy.Disabled)
}

func TestEveryFaultOfADraftIsReportedAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	known := allow("DNS Write", zone(shop))
	known.ID = spelled("77")
	for _, c := range []struct {
		fault  string
		spoil  func(*authority.Draft)
		points []string
	}{
		{"no name", func(d *authority.Draft) { d.Name = "" }, []string{"/name"}},
		{"a long name", func(d *authority.Draft) { d.Name = strings.Repeat("é", authority.MaxTokenName+1) }, []string{"/name"}},
		{"a name that is not text", func(d *authority.Draft) { d.Name = "a\xff" }, []string{"/name"}},
		{"a line break in the name", func(d *authority.Draft) { d.Name = "a\nb" }, []string{"/name"}},
		{"an id in a new policy", func(d *authority.Draft) { d.Policies = []policy.Policy{known} }, []string{"/policies/0/id"}},
		{"an unknown group", func(d *authority.Draft) { d.Policies[0].Groups = []string{spelled("77")} }, []string{"/policies/0/permission_groups/0/id"}},
		{"no resource", func(d *authority.Draft) { d.Policies[0].Resources = nil }, []string{"/policies/0/resources"}},
		{"another account", func(d *authority.Draft) { d.Policies = []policy.Policy{allow("DNS Write", account(rival))} }, []string{"/policies/0/resources/" + accountKey(rival)}},
		{"a range that is none", func(d *authority.Draft) { d.Condition.In = []string{"198.51.100.9"} }, []string{"/condition/request_ip/in/0"}},
		{"an end before the start", func(d *authority.Draft) { d.NotBefore, d.ExpiresOn = start.Add(2*time.Hour), start.Add(time.Hour) }, []string{"/expires_on"}},
		{"an end that is the start", func(d *authority.Draft) { d.NotBefore = d.ExpiresOn }, []string{"/expires_on"}},
		{"an end that has come", func(d *authority.Draft) { d.ExpiresOn = start }, []string{"/expires_on"}},
		{"a year without a Unix time", func(d *authority.Draft) { d.NotBefore = time.Date(1969, 1, 1, 0, 0, 0, 0, time.UTC) }, []string{"/not_before"}},
		{"a year of five digits", func(d *authority.Draft) { d.ExpiresOn = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC) }, []string{"/expires_on"}},
		{"a status of the dates", func(d *authority.Draft) { d.Status = authority.StatusExpired }, []string{"/status"}},
		{"a status that is none", func(d *authority.Draft) { d.Status = "on" }, []string{"/status"}},
		{"three of them", func(d *authority.Draft) { d.Name, d.Status, d.ExpiresOn = "", "on", start }, []string{"/name", "/expires_on", "/status"}},
	} {
		t.Run(c.fault, func(t *testing.T) {
			d := ordinary()
			c.spoil(&d)
			_, secret, err := w.Issue(t.Context(), w.system(), accountOwner(acme), d)
			if diff := cmp.Diff(c.points, faultsOf(err)); diff != "" || !secret.IsZero() {
				t.Errorf("the faults are not those (-want +got): %v\n%s", err, diff)
			}
		})
	}
	_, n, err := w.Tokens(t.Context(), w.system(), authority.TokenQuery{Owner: accountOwner(acme)})
	if n != 0 || err != nil {
		t.Errorf("%d tokens were made of faulty drafts, %v", n, err)
	}
}

func faultsOf(err error) []string {
	var points []string
	if own, ok := err.(*authority.Error); ok && own.Code == authority.CodeInvalid {
		for _, f := range own.Faults {
			points = append(points, f.Pointer)
		}
	}
	return points
}

func TestListIsInOrderInPagesAndWithoutTheExpired(t *testing.T) {
	bothOwners(t, func(t *testing.T, w *world, o authority.Owner) {
		var ids []string
		for i := range 5 {
			d := ordinary()
			d.ExpiresOn = start.Add(time.Duration(10+i) * time.Minute)
			made, _ := w.issueDraft(o, d)
			ids = append(ids, made.ID)
			w.clock.Advance(time.Second)
		}
		w.issue(accountOwner(rival), allow("DNS Write", zone(their)))
		for _, c := range []struct {
			name  string
			query authority.TokenQuery
			want  []string
			all   int
		}{
			{"all", authority.TokenQuery{Limit: 50}, ids, 5},
			{"the second page", authority.TokenQuery{Offset: 2, Limit: 2}, ids[2:4], 5},
			{"past the end", authority.TokenQuery{Offset: 5, Limit: 2}, nil, 5},
			{"the newest", authority.TokenQuery{Descending: true, Limit: 1}, ids[4:], 5},
			{"one that expires now is left out", authority.TokenQuery{Limit: 50, NotExpiredAt: start.Add(10 * time.Minute)}, ids[1:], 4},
			{"one that expires next is not", authority.TokenQuery{Limit: 50, NotExpiredAt: start.Add(10*time.Minute - time.Microsecond)}, ids, 5},
		} {
			c.query.Owner = o
			list, n, err := w.Tokens(t.Context(), w.as(w.admin.credential()), c.query)
			var got []string
			for _, k := range list {
				got = append(got, k.ID)
			}
			if diff := cmp.Diff(c.want, got); diff != "" || n != c.all || err != nil {
				t.Errorf("%s: of %d tokens, want %d: %v (-want +got):\n%s", c.name, n, c.all, err, diff)
			}
		}
	})
}

func TestTokenOfAnotherOwnerIsNotFound(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	theirs, _ := w.issue(accountOwner(rival), allow("DNS Write", zone(their)))
	mine, _ := w.issue(w.admin.owner(), allow("DNS Write", zone(shop)))
	c := w.as(w.admin.credential())
	for _, o := range []authority.Owner{accountOwner(acme), w.admin.owner()} {
		for _, id := range []string{theirs.ID, mine.ID, spelled("99")} {
			if o == mine.Owner && id == mine.ID {
				continue
			}
			_, err := w.Token(t.Context(), c, o, id)
			wantCode(t, err, authority.CodeNotFound)
			_, err = w.Update(t.Context(), c, o, id, ordinary())
			wantCode(t, err, authority.CodeNotFound)
			_, err = w.Roll(t.Context(), c, o, id)
			wantCode(t, err, authority.CodeNotFound)
			wantCode(t, w.Revoke(t.Context(), c, o, id), authority.CodeNotFound)
		}
	}
}

func TestVerifyTellsTheStatusOfTheMoment(t *testing.T) {
	bothOwners(t, func(t *testing.T, w *world, o authority.Owner) {
		d := ordinary()
		d.NotBefore = start.Add(10 * time.Minute)
		made, cred := w.issueDraft(o, d)
		verify := func(want authority.Status) {
			t.Helper()
			op, at := authority.OpUserTokenVerify, policy.Path{}
			if o.Kind == authority.OwnerAccount {
				op, at = authority.OpAcctTokenVerify, inAccount(acme)
			}
			c, dec, err := w.Authorize(t.Context(), cred, w.attempt(op, at))
			if err != nil || !dec.Allowed {
				t.Fatalf("the token may not ask about itself: %v %v", dec, err)
			}
			got, status, err := w.Verify(t.Context(), c)
			if err != nil || status != want || got.ID != made.ID {
				t.Errorf("verify says %s of %s, want %s: %v", status, got.ID, want, err)
			}
		}
		verify(authority.StatusActive) // not valid yet, but that is no status
		w.clock.Set(d.ExpiresOn)
		verify(authority.StatusExpired)
		d.Status = authority.StatusDisabled
		if _, err := w.Update(t.Context(), w.system(), o, made.ID, d); err != nil {
			t.Fatal(err)
		}
		verify(authority.StatusDisabled)
	})
}

func TestQuotaIsPerOwnerAndFreedByARevocation(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *authority.Config) { c.MaxUserTokens, c.MaxAccountTokens = 2, 3 })
	c := w.as(w.both.credential())
	for o, limit := range map[authority.Owner]int{w.both.owner(): 2, accountOwner(acme): 3} {
		var last authority.Token
		for range limit {
			last, _, _ = w.Issue(t.Context(), c, o, ordinary())
		}
		_, secret, err := w.Issue(t.Context(), c, o, ordinary())
		wantCode(t, err, authority.CodeQuota)
		if !secret.IsZero() {
			t.Error("a secret was handed out with the refusal")
		}
		if err := w.Revoke(t.Context(), c, o, last.ID); err != nil {
			t.Fatal(err)
		}
		if _, _, err := w.Issue(t.Context(), c, o, ordinary()); err != nil {
			t.Errorf("the freed place cannot be taken: %v", err)
		}
	}
}

func TestQuotaIsFiftyAndFiveHundredUnlessConfigured(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.as(w.both.credential())
	for o, limit := range map[authority.Owner]int{w.both.owner(): 50, accountOwner(rival): 500} {
		w.fill(o, limit-1)
		d := authority.Draft{Name: "last", Policies: []policy.Policy{allow("DNS Write", zone(their))}}
		if _, _, err := w.Issue(t.Context(), c, o, d); err != nil {
			t.Errorf("token %d is refused: %v", limit, err)
		}
		_, _, err := w.Issue(t.Context(), c, o, d)
		wantCode(t, err, authority.CodeQuota)
	}
}

// fill gives an owner n tokens in one transaction.
func (w *world) fill(o authority.Owner, n int) {
	w.t.Helper()
	w.elsewhere(func(ctx context.Context, tx authority.Tx) error {
		for i := range n {
			t := authority.Token{
				ID: fmt.Sprintf("%s%030x", o.ID[:2], i), Owner: o, Name: "one of many", Status: authority.StatusActive,
				IssuedOn: start, ModifiedOn: start, Digest: token.Format{}.New(token.User).Digest(), Version: 1,
			}
			if err := tx.InsertToken(ctx, t); err != nil {
				return err
			}
		}
		return nil
	})
}

func TestTokensIssuedAtOnceNeverExceedTheQuota(t *testing.T) {
	t.Parallel()
	const limit, tries = 10, 64
	w := newWorld(t, func(c *authority.Config) { c.MaxAccountTokens = limit })
	c := w.as(w.admin.credential())
	errs := atOnce(tries, func(int) error {
		_, _, err := w.Issue(t.Context(), c, accountOwner(acme), ordinary())
		return err
	})
	issued := 0
	for _, err := range errs {
		if err == nil {
			issued++
			continue
		}
		wantCode(t, err, authority.CodeQuota)
	}
	_, n, err := w.Tokens(t.Context(), c, authority.TokenQuery{Owner: accountOwner(acme)})
	if issued != limit || n != limit || err != nil {
		t.Errorf("%d were issued and %d are there, want %d: %v", issued, n, limit, err)
	}
}

// atOnce runs f n times at the same time.
func atOnce(n int, f func(i int) error) []error {
	errs := make([]error, n)
	ready := make(chan struct{})
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			<-ready
			errs[i] = f(i)
		})
	}
	close(ready)
	wg.Wait()
	return errs
}
