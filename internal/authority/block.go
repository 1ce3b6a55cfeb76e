package authority

import (
	"unsafe"

	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/prefetch"
	"github.com/tokenward/tokenward/internal/token"
)

type tokenEntry = entry[token.Digest, record]

// block is what is cached of a token in one piece of memory: its record and behind
// it the words of its set. A check meets a random one of many tokens, none of which
// is in the processor's caches; with one address known it can ask for all that it
// will read.
type block[W any] struct {
	tokenEntry
	words W
}

// newTokenEntry makes an entry with room for n words behind it. Very large sets
// have their words elsewhere, and checks of those wait longer.
func newTokenEntry(n int) (*tokenEntry, []uint64) {
	for i := range blocks {
		if n <= blocks[i].words {
			e, words := blocks[i].make()
			return e, words[:n]
		}
	}
	return new(tokenEntry), make([]uint64, n)
}

func newBlock[W any]() (*tokenEntry, []uint64) {
	b := new(block[W])
	return &b.tokenEntry, unsafe.Slice((*uint64)(unsafe.Pointer(&b.words)), unsafe.Sizeof(b.words)/8)
}

// taken is how many words of a block the entry takes, and the header that the
// allocator may put before it.
const taken = unsafe.Sizeof(tokenEntry{})/8 + 1

// blocks are some of the sizes that the allocator has.
var blocks = [...]struct {
	words int
	make  func() (*tokenEntry, []uint64)
}{
	{512/8 - int(taken), newBlock[[512/8 - taken]uint64]},
	{640/8 - int(taken), newBlock[[640/8 - taken]uint64]},
	{768/8 - int(taken), newBlock[[768/8 - taken]uint64]},
	{1024/8 - int(taken), newBlock[[1024/8 - taken]uint64]},
	{1280/8 - int(taken), newBlock[[1280/8 - taken]uint64]},
	{1536/8 - int(taken), newBlock[[1536/8 - taken]uint64]},
	{2048/8 - int(taken), newBlock[[2048/8 - taken]uint64]},
	{2688/8 - int(taken), newBlock[[2688/8 - taken]uint64]},
	{3072/8 - int(taken), newBlock[[3072/8 - taken]uint64]},
	{4096/8 - int(taken), newBlock[[4096/8 - taken]uint64]},
	{6144/8 - int(taken), newBlock[[6144/8 - taken]uint64]},
	{8192/8 - int(taken), newBlock[[8192/8 - taken]uint64]},
}

// touchRecord starts to fetch what a check of a path reads of a token with so many
// patterns of resources. It needs only the entry's address.
func touchRecord(e *tokenEntry, resources int, path *policy.Path) {
	if e == nil {
		return
	}
	at := uintptr(unsafe.Pointer(e))
	prefetch.Four(at)
	policy.Touch(at+unsafe.Sizeof(*e), resources, path) // of a very large set no words are there
}
