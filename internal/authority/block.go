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

// Words that the entry takes of a block, and of a large one with the header that the
// allocator puts before what has pointers and more than 512 bytes.
const (
	taken      = unsafe.Sizeof(tokenEntry{}) / 8
	takenLarge = taken + 1
)

// blocks are those sizes of the allocator that are whole cache lines: a block in
// another one could begin in the middle of a line, and be read from one more.
var blocks = [...]blockSize{
	sized[[320/8 - taken]uint64](),
	sized[[384/8 - taken]uint64](),
	sized[[448/8 - taken]uint64](),
	sized[[512/8 - taken]uint64](),
	sized[[576/8 - takenLarge]uint64](),
	sized[[640/8 - takenLarge]uint64](),
	sized[[704/8 - takenLarge]uint64](),
	sized[[768/8 - takenLarge]uint64](),
	sized[[896/8 - takenLarge]uint64](),
	sized[[1024/8 - takenLarge]uint64](),
	sized[[1152/8 - takenLarge]uint64](),
	sized[[1280/8 - takenLarge]uint64](),
	sized[[1408/8 - takenLarge]uint64](),
	sized[[1536/8 - takenLarge]uint64](),
	sized[[1792/8 - takenLarge]uint64](),
	sized[[2048/8 - takenLarge]uint64](),
	sized[[2304/8 - takenLarge]uint64](),
	sized[[2688/8 - takenLarge]uint64](),
	sized[[3072/8 - takenLarge]uint64](),
	sized[[3456/8 - takenLarge]uint64](),
	sized[[4096/8 - takenLarge]uint64](),
	sized[[4864/8 - takenLarge]uint64](),
	sized[[6144/8 - takenLarge]uint64](),
	sized[[8192/8 - takenLarge]uint64](),
}

// blockSize is how many words there is room for, and how to make such a block.
type blockSize struct {
	words int
	make  func() (*tokenEntry, []uint64)
}

func sized[W any]() blockSize {
	return blockSize{int(unsafe.Sizeof(*new(W)) / 8), newBlock[W]}
}

func newBlock[W any]() (*tokenEntry, []uint64) {
	b := new(block[W])
	return &b.tokenEntry, unsafe.Slice((*uint64)(unsafe.Pointer(&b.words)), unsafe.Sizeof(b.words)/8)
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
