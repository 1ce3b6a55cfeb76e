package authority

import (
	"context"
	"fmt"
	"net/netip"
	"runtime"
	"testing"
	"time"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/token"
)

// TestUsedTokenTakesLessThanAKibibyte: a token of three policies that was just used,
// with all that is kept for it until its uses are written, and its part of the tables
// that an authority begins with. Of a token only the secret is made beforehand: a cache
// does not keep it.
func TestUsedTokenTakesLessThanAKibibyte(t *testing.T) {
	const tokens = 10_000
	for name, tc := range map[string]struct {
		policy  int // whose zone is asked for
		allowed bool
	}{"allowed": {0, true}, "denied": {1, false}} {
		t.Run(name, func(t *testing.T) {
			secrets := make([]token.Secret, tokens)
			for i := range secrets {
				secrets[i] = token.Format{}.New(token.Account)
			}
			catalog.V4() // which is made once
			before := heapInUse()
			a := newCachingAuthority(t, tokens)
			for i, s := range secrets {
				k := tokenOfThreePolicies(i, s.Digest())
				a.cacheToken(t, &k)
				a.useTwice(t, s, k.Policies[tc.policy].Resources[0].Key, tc.allowed)
			}
			each := (heapInUse() - before) / tokens
			runtime.KeepAlive(a)
			t.Logf("%d bytes for each token", each)
			if each >= 1024 {
				t.Errorf("%d bytes for each token", each)
			}
			if n := a.usage.count.Load(); n != tokens {
				t.Errorf("the use of %d tokens waits to be written, not of %d", n, tokens)
			}
		})
	}
}

// sizedAccount owns all tokens and zones.
const sizedAccount = "0123456789abcdef0123456789abcdef"

// newCachingAuthority makes an authority without a store, which trusts its caches.
func newCachingAuthority(t *testing.T, tokens int) *Authority {
	t.Helper()
	now := time.Now()
	a, err := New(Config{
		Catalog: catalog.V4(), CacheSize: tokens, Clock: func() time.Time { return now },
		ZoneAccount: func(context.Context, string) (string, error) { return sizedAccount, nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	a.feed.heard.Store(1)
	a.feed.maxStaleness = 24 * time.Hour
	return a
}

func (a *Authority) cacheToken(t *testing.T, k *Token) {
	t.Helper()
	w := a.current.Load()
	e, err := w.compile(k)
	if err != nil {
		t.Fatal(err)
	}
	w.tokens.put(hashDigest(&e.key), e.key, e, 0)
}

// useTwice uses a token: from the second time on its record counts.
func (a *Authority) useTwice(t *testing.T, s token.Secret, zone string, allowed bool) {
	t.Helper()
	at := Attempt{
		Op: a.ops[OpDNSCreate], Addr: netip.MustParseAddr("198.51.100.9"),
		Path: policy.NewPath(policy.MakeRef(a.kinds.zone, zone[len(kindZone)+1:])),
	}
	for range 2 {
		_, d, err := a.Authorize(t.Context(), token.Credential{Kind: token.Bearer, Secret: s}, &at)
		if err != nil || d.Allowed != allowed {
			t.Fatal(d, err)
		}
	}
}

// tokenOfThreePolicies has a condition, and policies that each allow one group on one
// zone; the first one's is DNS Write.
func tokenOfThreePolicies(n int, d token.Digest) Token {
	t := Token{
		ID: newID(), Owner: Owner{OwnerAccount, sizedAccount}, Name: fmt.Sprint("CI of the shop ", n), Status: StatusActive, Digest: d,
		Condition: policy.Condition{In: []string{"198.51.100.0/24", "2001:db8::/32"}, NotIn: []string{"198.51.100.7/32"}},
	}
	for _, group := range benchGroups {
		t.Policies = append(t.Policies, policy.Policy{
			Effect: policy.Allow, Groups: []string{group}, Resources: []policy.Resource{{Key: kindZone + "." + newID()}},
		})
	}
	return t
}

func heapInUse() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
