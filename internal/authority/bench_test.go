package authority

import (
	"context"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/token"
)

// The model of the claim about speed: 100,000 tokens or more in the cache, each with 10
// policies of 10 zones and a client-IP condition; the access is to a zone of
// the last policy.
const (
	benchTokens    = 100_000
	benchPolicies  = 10
	benchResources = 10
	benchZones     = 10_000
)

var benchGroups = []string{"4755a26eedb94da69e1066d98aa820be", "82e64a83756745bbbb1c9c2701bf816b", "c8fed203ed3043cba015a93ad1616f1f"}

type benchWorld struct {
	authority *Authority
	tries     []try     // one for each token, in random order
	other     policy.ID // a zone of no token
	attempt   Attempt   // as the gate makes it, but for the path
}

// try is a token's secret and a zone of its last policy.
type try struct {
	secret string
	zone   policy.ID
}

func newBenchWorld(tokens int) *benchWorld {
	c := catalog.V4()
	a, err := New(Config{Catalog: c, CacheSize: max(tokens, 8*benchZones)})
	if err != nil {
		panic(err)
	}
	w, facts := &benchWorld{authority: a}, a.current.Load()
	w.attempt.Addr = netip.MustParseAddr("198.51.100.9")
	w.attempt.Op, _ = c.Operation(OpDNSCreate)
	account := newID()
	accountID, _ := policy.ParseID(account)
	zones := make([]policy.ID, benchZones+100)
	for i := range zones {
		zones[i], _ = policy.ParseID(newID())
		e := &entry[policy.ID, policy.ID]{key: zones[i], value: accountID}
		a.zones.put(hashID(&zones[i]), zones[i], e, a.zones.generation(hashID(&zones[i])))
	}
	zones = slices.DeleteFunc(zones, func(id policy.ID) bool { return a.zones.get(hashID(&id), &id) == nil })
	w.other = zones[benchZones]
	r := rand.New(rand.NewPCG(1, 2))
	for range tokens {
		secret := a.format.New(token.Account)
		t := Token{
			ID: newID(), Owner: Owner{OwnerAccount, account}, Name: "bench", Status: StatusActive, Digest: secret.Digest(),
			Condition: policy.Condition{In: []string{"198.51.100.0/24", "2001:db8::/32"}, NotIn: []string{"198.51.100.7/32"}},
		}
		for _, first := range r.Perm(benchZones / benchResources)[:benchPolicies] {
			p := policy.Policy{Effect: policy.Allow, Groups: benchGroups}
			for i := range benchResources {
				p.Resources = append(p.Resources, policy.Resource{Key: kindZone + "." + zones[first*benchResources+i].String()})
			}
			t.Policies = append(t.Policies, p)
		}
		last, _ := policy.ParseID(t.Policies[benchPolicies-1].Resources[r.IntN(benchResources)].Key[len(kindZone)+1:])
		e, err := facts.compile(&t)
		if err != nil {
			panic(err)
		}
		facts.tokens.put(hashDigest(&t.Digest), t.Digest, e, facts.tokens.generation(hashDigest(&t.Digest)))
		w.tries = append(w.tries, try{secret.Reveal(), last})
	}
	w.keepCached()
	r.Shuffle(len(w.tries), func(i, j int) { w.tries[i], w.tries[j] = w.tries[j], w.tries[i] })
	a.feed.heard.Store(1)
	a.feed.maxStaleness = 24 * time.Hour
	return w
}

// keepCached drops the few tokens that lost their place in a full bucket, so
// that the benchmark never asks the store, which is not there.
func (w *benchWorld) keepCached() {
	w.tries = slices.DeleteFunc(w.tries, func(t try) bool {
		d := token.Digest(sha256.Sum256([]byte(t.secret)))
		return w.authority.current.Load().tokens.get(hashDigest(&d), &d) == nil
	})
}

// BenchmarkAuthorize measures the whole check in process, from the bearer string to
// the decision, in turns with the one thing in it that cannot be saved: the SHA-256
// of a secret. Each time it is the secret of another token, so both wait for memory.
// The ratio of the medians is what docs/performance.md gives. One operation is a
// turn of turnChecks checks. To make the million tokens takes minutes and 4 GB.
func BenchmarkAuthorize(b *testing.B) {
	for _, tokens := range []int{benchTokens, 10 * benchTokens} {
		b.Run(fmt.Sprintf("tokens=%d", tokens), func(b *testing.B) {
			w := newBenchWorld(tokens)
			b.Run("allow", func(b *testing.B) { w.run(b, true) })
			b.Run("deny", func(b *testing.B) { w.run(b, false) })
		})
	}
}

const turnChecks = 100

func (w *benchWorld) run(b *testing.B, want bool) {
	ctx := context.Background()
	for i := range w.tries { // note the first use of each
		w.check(ctx, b, i, want)
	}
	var bare, whole []float64
	next := 0
	for b.Loop() {
		start := time.Now()
		w.digests(next + len(w.tries)/2)
		middle := time.Now()
		for i := range turnChecks {
			w.check(ctx, b, (next+i)%len(w.tries), want)
		}
		bare = append(bare, float64(middle.Sub(start).Nanoseconds())/turnChecks)
		whole = append(whole, float64(time.Since(middle).Nanoseconds())/turnChecks)
		next += turnChecks
	}
	slices.Sort(bare)
	slices.Sort(whole)
	check, digest := whole[len(whole)/2], bare[len(bare)/2]
	b.ReportMetric(check/digest, "check/sha256")
	b.ReportMetric(check, "ns/check")
	b.ReportMetric(digest, "ns/sha256")
}

// digests is the SHA-256 of turnChecks secrets. It gives something of each, or the
// compiler could leave it out.
func (w *benchWorld) digests(from int) (sum byte) {
	for i := range turnChecks {
		var buf [80]byte
		d := sha256.Sum256(buf[:copy(buf[:], w.tries[(from+i)%len(w.tries)].secret)])
		sum += d[0]
	}
	return sum
}

func (w *benchWorld) check(ctx context.Context, tb testing.TB, i int, want bool) {
	secret, err := w.authority.format.Parse(w.tries[i].secret)
	if err != nil {
		tb.Fatal(err)
	}
	zone := w.other
	if want {
		zone = w.tries[i].zone
	}
	w.attempt.Path = policy.NewPath(policy.Ref{Kind: w.authority.kinds.zone, ID: zone})
	_, d, err := w.authority.Authorize(ctx, token.Credential{Kind: token.Bearer, Secret: secret}, &w.attempt)
	if err != nil || d.Allowed != want {
		tb.Fatal(fmt.Sprint("decision ", d, err))
	}
}

func TestAuthorizeDoesNotAllocate(t *testing.T) {
	w := newBenchWorld(100)
	for _, want := range []bool{true, false} {
		i := 0
		for range 64 {
			w.check(t.Context(), t, i, want)
			i++
		}
		i = 0
		if n := testing.AllocsPerRun(50, func() { w.check(t.Context(), t, i, want); i++ }); n != 0 {
			t.Errorf("allowed %v: %v allocations for a check, want none", want, n)
		}
	}
}
