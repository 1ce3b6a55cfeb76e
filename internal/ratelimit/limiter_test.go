package ratelimit

import (
	"fmt"
	"net/netip"
	"sync"
	"testing"
	"time"
)

var start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// world is a limiter whose clock stands.
type world struct {
	*Limiter
	now time.Time
}

func newWorld(cfg Config) *world {
	w := &world{now: start}
	cfg.Clock = func() time.Time { return w.now }
	w.Limiter = New(cfg)
	return w
}

func TestOneRequestTooManyBlocksForAWindow(t *testing.T) {
	w := newWorld(Config{})
	alice, bob := Key{ID: "alice"}, Key{ID: "bob"}
	for n := range 1200 {
		w.now = start.Add(time.Duration(n) * 200 * time.Millisecond) // over four minutes
		want := State{Quota: 1200, Window: 5 * time.Minute, Remaining: 1199 - n, Reset: start.Add(5 * time.Minute).Sub(w.now)}
		if got := w.Caller(alice); got != want {
			t.Fatalf("request %d: %+v, want %+v", n+1, got, want)
		}
	}
	blocked := w.now
	for _, after := range []time.Duration{0, time.Minute, 5*time.Minute - 1} { // asking on does not prolong it
		w.now = blocked.Add(after)
		want := State{Exceeded: true, Quota: 1200, Window: 5 * time.Minute, Reset: 5*time.Minute - after}
		if got := w.Caller(alice); got != want {
			t.Errorf("%v after: %+v, want %+v", after, got, want)
		}
	}
	if w.Caller(bob).Exceeded || w.Caller(Key{Token: true, ID: "alice"}).Exceeded {
		t.Error("somebody else is blocked")
	}
	w.now = blocked.Add(5 * time.Minute)
	if got := w.Caller(alice); got.Exceeded || got.Remaining != 1199 {
		t.Errorf("after the block: %+v", got)
	}
}

func TestAWindowThatIsOverCountsNoMore(t *testing.T) {
	w := newWorld(Config{Requests: 2, Window: time.Minute})
	w.Caller(Key{ID: "alice"})
	w.Caller(Key{ID: "alice"})
	w.now = start.Add(time.Minute)
	if got := w.Caller(Key{ID: "alice"}); got.Exceeded || got.Remaining != 1 || got.Reset != time.Minute {
		t.Errorf("in the next window: %+v", got)
	}
	w.now = start.Add(-time.Hour) // the clock was set back
	if got := w.Caller(Key{ID: "alice"}); got.Exceeded || got.Reset != time.Minute {
		t.Errorf("with the clock set back: %+v", got)
	}
}

// TestRequestsOutOfOrderGiveNothingBack: of many at once, one may have looked at
// the clock before the one that is counted before it.
func TestRequestsOutOfOrderGiveNothingBack(t *testing.T) {
	w := newWorld(Config{Requests: 2, Window: time.Minute})
	alice := Key{ID: "alice"}
	w.Caller(alice)
	w.now = start.Add(-time.Microsecond)
	if got := w.Caller(alice); got.Exceeded || got.Remaining != 0 {
		t.Errorf("the second, from a moment before the first: %+v", got)
	}
	w.now = start.Add(time.Second)
	if !w.Caller(alice).Exceeded {
		t.Fatal("the third is let through")
	}
	w.now = start.Add(time.Second - time.Microsecond)
	if got := w.Caller(alice); !got.Exceeded || got.Reset > time.Minute+time.Microsecond {
		t.Errorf("from a moment before the block: %+v", got)
	}
}

func TestAnAddressMayAskSoOftenInASecond(t *testing.T) {
	w := newWorld(Config{PerAddress: 10})
	addr := netip.MustParseAddr("198.51.100.9")
	for n := range 10 {
		if got := w.Address(addr); got.Exceeded || got.Remaining != 9-n || got.Quota != 10 || got.Window != time.Second {
			t.Fatalf("request %d: %+v", n+1, got)
		}
	}
	if got := w.Address(addr); !got.Exceeded || got.Remaining != 0 || got.Reset != time.Second {
		t.Errorf("one too many: %+v", got)
	}
	w.now = w.now.Add(100 * time.Millisecond)
	if w.Address(addr).Exceeded || !w.Address(addr).Exceeded {
		t.Error("a tenth of a second is good for one request")
	}
}

// TestWhoseAddressItIs: an IPv6 subscriber has a network of 64 bits, an IPv4
// address has two spellings, and all that are not known are one.
func TestWhoseAddressItIs(t *testing.T) {
	for _, c := range []struct {
		one, two string
		same     bool
	}{
		{"198.51.100.9", "198.51.100.10", false},
		{"198.51.100.9", "::ffff:198.51.100.9", true},
		{"2001:db8::1", "2001:db8::ffff:1", true},
		{"2001:db8::1", "2001:db8:0:1::1", false},
		{"fe80::1%eth0", "fe80::2", true},
		{"", "", true},
		{"", "::", false},
	} {
		w := newWorld(Config{PerAddress: 1})
		one, _ := netip.ParseAddr(c.one)
		two, _ := netip.ParseAddr(c.two)
		w.Address(one)
		if got := w.Address(two).Exceeded; got != c.same {
			t.Errorf("%q and %q count together: %v", c.one, c.two, got)
		}
	}
}

func TestMemoryIsBounded(t *testing.T) {
	w := newWorld(Config{Remembered: 100})
	for n := range 10_000 {
		w.Caller(Key{ID: fmt.Sprint(n)})
		w.Caller(Key{ID: "often"})
		w.Token(fmt.Sprint(n), Quota{1000, time.Minute}, Key{ID: "owner"})
		w.Token("often", Quota{1000, time.Minute}, Key{ID: "owner"})
		w.Address(netip.AddrFrom4([4]byte{10, 0, byte(n >> 8), byte(n)}))
	}
	for name, n := range map[string]int{
		"callers":   len(w.callers.young) + len(w.callers.old),
		"tokens":    len(w.tokens.young) + len(w.tokens.old),
		"addresses": len(w.addresses.young) + len(w.addresses.old),
	} {
		if n > 200 {
			t.Errorf("%d %s are remembered", n, name)
		}
	}
	if !w.Caller(Key{ID: "often"}).Exceeded {
		t.Error("one who asks all the time was forgotten")
	}
	if _, token := w.Token("often", Quota{1000, time.Minute}, Key{ID: "owner"}); !token.Exceeded {
		t.Error("a token that asks all the time was forgotten")
	}
}

// TestATokensOwnLimitIsItsOwn: of several tokens of one user each counts for
// itself, and all count for the user.
func TestATokensOwnLimitIsItsOwn(t *testing.T) {
	w := newWorld(Config{Requests: 6})
	alice, two := Key{ID: "alice"}, Quota{2, time.Minute}
	for n := range 5 { // three of them too many
		owner, token := w.Token("one", two, alice)
		if want := max(0, 1-n); token.Remaining != want || token.Exceeded != (n > 1) || token.Quota != 2 || token.Window != time.Minute {
			t.Errorf("request %d: %+v", n+1, token)
		}
		if want := max(4, 5-n); owner.Remaining != want || owner.Exceeded {
			t.Errorf("request %d leaves its owner %+v: what a token is refused for costs nobody else", n+1, owner)
		}
	}
	for range 4 {
		if owner, token := w.Token("two", Quota{100, time.Minute}, alice); owner.Exceeded || token.Exceeded {
			t.Errorf("another token: %+v, %+v", owner, token)
		}
	}
	if owner, token := w.Token("two", Quota{100, time.Minute}, alice); !owner.Exceeded || token.Exceeded {
		t.Errorf("a token within its limit whose owner is not: %+v, %+v", owner, token)
	}
	if !w.Caller(alice).Exceeded {
		t.Error("the tokens did not count for their owner")
	}
}

// TestAnEditedLimitGoesOnCounting: what was used stays used, and more than that
// ends the block.
func TestAnEditedLimitGoesOnCounting(t *testing.T) {
	w := newWorld(Config{})
	count := func(q Quota) State {
		_, token := w.Token("one", q, Key{ID: "alice"})
		return token
	}
	for range 3 {
		count(Quota{10, time.Minute})
	}
	if got := count(Quota{5, time.Minute}); got.Remaining != 1 || got.Quota != 5 {
		t.Errorf("a smaller limit: %+v", got)
	}
	if got := count(Quota{2, time.Minute}); !got.Exceeded || got.Remaining != 0 || got.Reset != time.Minute {
		t.Errorf("one that is used up: %+v", got)
	}
	if got := count(Quota{10, time.Minute}); got.Exceeded || got.Remaining != 5 {
		t.Errorf("a greater one again: %+v", got)
	}
	w.now = start.Add(20 * time.Second)
	if got := count(Quota{10, 10 * time.Second}); got.Remaining != 9 {
		t.Errorf("a shorter period that is over: %+v", got)
	}
}

func TestManyAtOnceAreCountedEach(t *testing.T) {
	w := newWorld(Config{Requests: 1000})
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() {
			for range 100 {
				w.Caller(Key{ID: "alice"})
			}
		})
	}
	wg.Wait()
	if !w.Caller(Key{ID: "alice"}).Exceeded {
		t.Error("requests were not counted")
	}
}

func BenchmarkLimiter(b *testing.B) {
	l := New(Config{Requests: 1 << 30, PerAddress: 1 << 30})
	addr, key := netip.MustParseAddr("198.51.100.9"), Key{ID: "alice"}
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			l.Address(addr)
			l.Caller(key)
		}
	})
}
