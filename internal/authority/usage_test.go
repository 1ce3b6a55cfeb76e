package authority_test

import (
	"context"
	"fmt"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/token"
)

// activity is what is told of a token once everything is written.
func (w *world) activity(k authority.Token) authority.Activity {
	w.t.Helper()
	w.FlushAllUsage(context.Background())
	return must(w.TokenActivity(context.Background(), w.system(), k.Owner, k.ID, 0))(w.t)
}

func (w *world) use(cred token.Credential, op string, at policy.Path, from string) {
	w.t.Helper()
	attempt := w.attempt(op, at)
	attempt.Addr = netip.MustParseAddr(from)
	if _, _, err := w.Authorize(context.Background(), cred, attempt); err != nil {
		w.t.Fatal(err)
	}
}

func TestActivityTellsWhatATokenDidAndWhatItWasDenied(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made, cred := w.issue(accountOwner(acme), allow("DNS Read, DNS Write", zone(shop)))
	w.poll()
	for range 3 {
		w.use(cred, authority.OpDNSList, inZone(shop), "192.0.2.1")
	}
	w.clock.Advance(time.Minute)
	w.poll()
	w.use(cred, authority.OpDNSCreate, inZone(shop), "2001:db8::1")
	w.use(cred, authority.OpZoneList, policy.Path{}, "2001:db8::1")
	for range 2 {
		w.use(cred, authority.OpDNSCreate, inZone(blog), "2001:db8::1")
	}
	later := start.Add(time.Minute)
	got := w.activity(made)
	if len(got.Days) != authority.DefaultUsageDays {
		t.Errorf("%d days", len(got.Days))
	}
	today := authority.DayUse{Day: start.Truncate(24 * time.Hour), Allowed: 5, Denied: 2}
	if last := got.Days[len(got.Days)-1]; last != today {
		t.Errorf("today is %+v, want %+v", last, today)
	}
	if first := got.Days[0]; first != (authority.DayUse{Day: today.Day.AddDate(0, 0, -29)}) {
		t.Errorf("the first day is %+v", first)
	}
	read, write := groupIDs("DNS Read")[0], groupIDs("DNS Write")[0]
	want := authority.Activity{
		Days: got.Days,
		Uses: []authority.UseSum{
			{Use: authority.Use{Group: read, Operation: authority.OpDNSList, Resource: zoneKey(shop)}, Count: 3, LastOn: start},
			{Use: authority.Use{Denied: true, Operation: authority.OpDNSCreate, Resource: zoneKey(blog)}, Count: 2, LastOn: later},
			{Use: authority.Use{Operation: authority.OpZoneList}, Count: 1, LastOn: later},
			{Use: authority.Use{Group: write, Operation: authority.OpDNSCreate, Resource: zoneKey(shop)}, Count: 1, LastOn: later},
		},
		Addresses: []authority.AddressCount{
			{TokenID: made.ID, Address: "2001:db8::1", Count: 4, FirstOn: later, LastOn: later},
			{TokenID: made.ID, Address: "192.0.2.1", Count: 3, FirstOn: start, LastOn: start},
		},
		Denials: []authority.SeenDenial{{
			Denial: authority.Denial{
				TokenID: made.ID, At: later, Operation: authority.OpDNSCreate, Resource: zoneKey(blog),
				Reason: policy.NoGrant.String(), Address: "2001:db8::1",
			},
			Missing: []string{write},
		}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestNarrowestGroupIsTheOneThatIsCounted: a token that may write, and reads, is
// said to have read only if it may read by a group that only reads.
func TestNarrowestGroupIsTheOneThatIsCounted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made, cred := w.issue(accountOwner(acme), allow("DNS Read, DNS Write", zone(shop)), deny("DNS Read", zone(shop)))
	w.use(cred, authority.OpDNSList, inZone(shop), "192.0.2.1")
	if u := w.activity(made).Uses; len(u) != 1 || u[0].Use.Group != groupIDs("DNS Write")[0] {
		t.Errorf("what was used is %+v", u)
	}
}

func TestDeadTokensAttemptsAreSeen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := ordinary()
	d.Status = authority.StatusDisabled
	made, cred := w.issueDraft(accountOwner(acme), d)
	w.denied(cred, authority.OpDNSCreate, inZone(shop), policy.Disabled)
	got := w.activity(made)
	if len(got.Denials) != 1 || got.Denials[0].Reason != policy.Disabled.String() || got.Denials[0].Missing != nil {
		t.Errorf("the denials are %+v", got.Denials)
	}
	if got.Days[len(got.Days)-1].Denied != 1 {
		t.Error("the denial is not counted")
	}
}

// TestRequestJudgedTwiceIsCountedOnce: one with a body is.
func TestRequestJudgedTwiceIsCountedOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made, cred := w.issue(accountOwner(acme), allow("DNS Write", zone(shop)))
	at := w.attempt(authority.OpDNSCreate, inZone(shop))
	for _, at.Again = range []bool{false, true} {
		if _, d, err := w.Authorize(t.Context(), cred, at); err != nil || !d.Allowed {
			t.Fatal(d, err)
		}
	}
	if u := w.activity(made).Uses; len(u) != 1 || u[0].Count != 1 {
		t.Errorf("what was used is %+v", u)
	}
}

func TestUseIsCountedInItsDay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made, cred := w.issue(accountOwner(acme), allow("DNS Write", zone(shop)))
	midnight := start.Truncate(24*time.Hour).AddDate(0, 0, 1)
	for _, at := range []time.Duration{-2 * time.Second, -time.Second, 0} {
		w.clock.Set(midnight.Add(at))
		w.poll()
		w.allowed(cred, authority.OpDNSCreate, inZone(shop))
	}
	days := w.activity(made).Days
	if n := len(days); days[n-1].Allowed != 1 || days[n-2].Allowed != 2 {
		t.Errorf("the days are %+v", days[n-2:])
	}
}

func TestUsageIsReadByWhoMayReadTheToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made, cred := w.issue(accountOwner(acme), allow("DNS Write", zone(shop)))
	_, reader := w.issue(accountOwner(acme), allow("Account API Tokens Read", account(acme)))
	if _, err := w.TokenActivity(t.Context(), w.as(reader), made.Owner, made.ID, 7); err != nil {
		t.Error(err)
	}
	_, err := w.TokenActivity(t.Context(), w.as(cred), made.Owner, made.ID, 7)
	wantCode(t, err, authority.CodeForbidden)
	_, err = w.TokenActivity(t.Context(), w.as(reader), made.Owner, spelled("0f"), 7)
	wantCode(t, err, authority.CodeNotFound)
	_, err = w.TokenActivity(t.Context(), w.as(w.both.credential()), w.admin.owner(), made.ID, 7)
	wantCode(t, err, authority.CodeForbidden)
	_, err = w.TokenActivity(t.Context(), authority.Caller{}, made.Owner, made.ID, 7)
	wantCode(t, err, authority.CodeForbidden)
}

func TestUsageThatCannotBeWrittenIsKeptAndNoCheckFails(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made, cred := w.issue(accountOwner(acme), allow("DNS Write", zone(shop)))
	w.poll()
	w.store.Fail("RecordUsage", errDisk)
	for range 5 {
		w.allowed(cred, authority.OpDNSCreate, inZone(shop))
		w.denied(cred, authority.OpDNSCreate, inZone(blog), policy.NoGrant)
		w.FlushUsage(t.Context())
	}
	if n := w.UsageStats().Waiting; n == 0 {
		t.Error("nothing waits")
	}
	w.store.Fail("RecordUsage", nil)
	got := w.activity(made)
	if day := got.Days[len(got.Days)-1]; day.Allowed != 5 || day.Denied != 5 || got.Addresses[0].Count != 10 || len(got.Denials) != 5 {
		t.Errorf("%+v, addresses %+v, %d denials", day, got.Addresses, len(got.Denials))
	}
	if s := w.UsageStats(); s != (authority.UsageStats{}) {
		t.Errorf("afterwards: %+v", s)
	}
	w.store.Fail("TokenUsage", errDisk)
	_, err := w.TokenActivity(t.Context(), w.system(), made.Owner, made.ID, 0)
	wantCode(t, err, authority.CodeUnavailable)
}

func TestUsageEndsWithItsTokenAndWithTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	kept, keptCred := w.issue(accountOwner(acme), allow("DNS Write", zone(shop)))
	gone, goneCred := w.issue(accountOwner(acme), allow("DNS Write", zone(shop)))
	w.allowed(keptCred, authority.OpDNSCreate, inZone(shop))
	w.allowed(goneCred, authority.OpDNSCreate, inZone(shop))
	if err := w.Revoke(t.Context(), w.system(), gone.Owner, gone.ID); err != nil {
		t.Fatal(err)
	}
	w.FlushAllUsage(t.Context()) // late, and not an error
	if u := must(w.db.TokenUsage(t.Context(), gone.ID, time.Time{}, 10))(t); len(u.Uses)+len(u.Addresses) != 0 {
		t.Errorf("of the deleted token there is %+v", u)
	}
	w.clock.Advance(authority.UsageRetention)
	w.PruneUsage(t.Context())
	if u := must(w.db.TokenUsage(t.Context(), kept.ID, time.Time{}, 10))(t); len(u.Uses) != 1 || len(u.Addresses) != 1 {
		t.Errorf("at the end of its time there is %+v", u)
	}
	w.clock.Advance(25 * time.Hour)
	w.PruneUsage(t.Context())
	if u := must(w.db.TokenUsage(t.Context(), kept.ID, time.Time{}, 10))(t); len(u.Uses)+len(u.Addresses) != 0 {
		t.Errorf("after its time there is %+v", u)
	}
}

// TestManyUsesAreCountedExactlyInBoundedMemory: 100,000 checks of 1,000 tokens on
// 50 zones each, by eight at once, while what was counted is written.
func TestManyUsesAreCountedExactlyInBoundedMemory(t *testing.T) {
	t.Parallel()
	const tokens, zones, rounds = 1000, 50, 2
	w := newWorld(t)
	var made []authority.Token
	var creds []token.Credential
	w.elsewhere(func(ctx context.Context, tx authority.Tx) error {
		made, creds = nil, nil
		for n := range tokens {
			secret := token.Format{}.New(token.Account)
			k := authority.Token{
				ID: fmt.Sprintf("%032x", n+1), Owner: accountOwner(acme), Name: "many", Status: authority.StatusActive, IssuedOn: start,
				Policies: []policy.Policy{allow("DNS Write", within(acme, zoneKey("*")))}, Digest: secret.Digest(), Version: 1,
			}
			made, creds = append(made, k), append(creds, bearer(secret))
			if err := tx.InsertToken(ctx, k); err != nil {
				return err
			}
		}
		for n := range zones {
			if err := tx.InsertZone(ctx, zoneRow(fmt.Sprintf("%032x", 1000+n), acme, fmt.Sprintf("z%d.example", n))); err != nil {
				return err
			}
		}
		return nil
	})
	w.poll()
	atOnce(8, func(part int) error {
		for range rounds {
			for n := part; n < tokens*zones; n += 8 {
				at := w.attempt(authority.OpDNSCreate, inZone(fmt.Sprintf("%032x", 1000+n%zones)))
				if _, d, err := w.Authorize(t.Context(), creds[n/zones], at); err != nil || !d.Allowed {
					t.Error(d, err)
				}
				if n%5000 == 0 {
					w.FlushUsage(t.Context())
				}
			}
		}
		return nil
	})
	w.FlushAllUsage(t.Context())
	if s := w.UsageStats(); s != (authority.UsageStats{}) {
		t.Errorf("afterwards: %+v", s)
	}
	for _, k := range made {
		u := must(w.db.TokenUsage(t.Context(), k.ID, time.Time{}, 100))(t)
		if len(u.Uses) != zones || len(u.Addresses) != 1 || u.Addresses[0].Count != zones*rounds || u.Days[0].Allowed != zones*rounds {
			t.Fatalf("token %s: %d uses, %+v, %+v", k.ID, len(u.Uses), u.Days, u.Addresses)
		}
		for _, use := range u.Uses {
			if use.Count != rounds {
				t.Fatalf("token %s: %+v", k.ID, use)
			}
		}
	}
}

// TestFloodOfKindsOfUseIsBounded: a token that is tried on more zones than are
// told apart is counted all the same, and its own work is still named.
func TestFloodOfKindsOfUseIsBounded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made, cred := w.issue(accountOwner(acme), allow("DNS Write", zone(shop)))
	w.poll()
	const tried = 1000
	for n := range tried {
		w.denied(cred, authority.OpDNSCreate, inZone(fmt.Sprintf("%032x", 5000+n)), policy.NoGrant)
	}
	w.allowed(cred, authority.OpDNSCreate, inZone(shop))
	w.FlushUsage(t.Context())
	if n := w.UsageStats().Waiting; n > authority.MaxAllowedUses+authority.MaxDeniedUses {
		t.Errorf("%d rows wait", n)
	}
	got := w.activity(made)
	day := got.Days[len(got.Days)-1]
	if day.Denied != tried || day.Allowed != 1 || !got.Incomplete || len(got.Denials) != authority.MaxKeptDenials {
		t.Errorf("%+v, incomplete %v, %d denials", day, got.Incomplete, len(got.Denials))
	}
	if len(got.Uses) != authority.MaxDeniedUses+1 {
		t.Errorf("%d uses are named", len(got.Uses))
	}
	if last := got.Denials[0].Resource; last != zoneKey(fmt.Sprintf("%032x", 5000+tried-1)) {
		t.Errorf("the latest denial is of %s", last)
	}
}

// TestFollowWritesUsageWhileItRunsAndWhenItEnds, on the test's own time.
func TestFollowWritesUsageWhileItRunsAndWhenItEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(c *authority.Config) { c.Clock = time.Now })
		made, cred := w.issue(accountOwner(acme), allow("DNS Write", zone(shop)))
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { w.Follow(ctx); close(ended) }()
		tick(5 * time.Second)
		count := func() int64 {
			days := must(w.TokenActivity(context.Background(), w.system(), made.Owner, made.ID, 1))(t).Days
			return days[0].Allowed
		}
		w.allowed(cred, authority.OpDNSCreate, inZone(shop))
		tick(3 * time.Second)
		if n := count(); n != 1 {
			t.Errorf("while it runs %d uses are written", n)
		}
		w.allowed(cred, authority.OpDNSCreate, inZone(shop))
		cancel()
		<-ended
		if n := count(); n != 2 {
			t.Errorf("at its end %d uses are written", n)
		}
	})
}
