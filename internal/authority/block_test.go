package authority

import (
	"runtime"
	"testing"
	"unsafe"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/token"
)

// TestWordsLieBehindTheirEntry: touchRecord asks for memory there.
func TestWordsLieBehindTheirEntry(t *testing.T) {
	largest := blocks[len(blocks)-1].words
	for n := range largest + 2 {
		e, words := newTokenEntry(n)
		if len(words) != n {
			t.Fatalf("%d words for %d", len(words), n)
		}
		behind := unsafe.Add(unsafe.Pointer(e), unsafe.Sizeof(*e))
		if at := unsafe.Pointer(unsafe.SliceData(words)); (at == behind) != (n <= largest) {
			t.Fatalf("%d words are at %p, the entry ends at %p", n, at, behind)
		}
	}
}

// TestWhatEveryCheckReadsOfARecordComesFirst: touchRecord asks for four lines of 64
// bytes, of which the allocator's header takes 8.
func TestWhatEveryCheckReadsOfARecordComesFirst(t *testing.T) {
	var e tokenEntry
	end := unsafe.Offsetof(e.value) + unsafe.Offsetof(e.value.owner) + unsafe.Sizeof(e.value.owner)
	if end > 4*64-8 {
		t.Errorf("it ends at byte %d", end)
	}
}

// TestCachedTokenTakesLessThanAKibibyte: a token of three policies, with its part
// of the cache's table.
func TestCachedTokenTakesLessThanAKibibyte(t *testing.T) {
	const tokens = 20_000
	c := catalog.V4()
	k, err := findKinds(c.Vocabulary())
	if err != nil {
		t.Fatal(err)
	}
	before := heapInUse()
	w := newWorld(c, k, tokens)
	for range tokens {
		read := tokenOfThreePolicies()
		e, err := w.compile(&read)
		if err != nil {
			t.Fatal(err)
		}
		w.tokens.put(hashDigest(&e.key), e.key, e, 0)
	}
	each := (heapInUse() - before) / tokens
	runtime.KeepAlive(w)
	t.Logf("%d bytes for each token", each)
	if each > 1024 {
		t.Errorf("%d bytes for each token", each)
	}
}

func tokenOfThreePolicies() Token {
	t := Token{
		ID: newID(), Owner: Owner{OwnerAccount, newID()}, Name: "CI of the shop", Status: StatusActive, Digest: token.Format{}.New(token.Account).Digest(),
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
