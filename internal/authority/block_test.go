package authority

import (
	"runtime"
	"testing"
	"unsafe"
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

// TestBlocksFillWhatTheAllocatorGives: one word more, and the next size is taken.
func TestBlocksFillWhatTheAllocatorGives(t *testing.T) {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	given := make(map[uintptr]bool)
	for _, class := range m.BySize {
		given[uintptr(class.Size)] = true
	}
	for _, b := range blocks {
		size := unsafe.Sizeof(tokenEntry{}) + uintptr(b.words)*8
		if size > 512 {
			size += 8 // the allocator's header
		}
		if !given[size] || size%64 != 0 {
			t.Errorf("blocks of %d bytes", size)
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
