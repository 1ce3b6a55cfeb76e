package prefetch

import (
	"testing"
	"unsafe"
)

// TestAnyAddressWillDo: what is asked for may have moved, or never been there.
func TestAnyAddressWillDo(t *testing.T) {
	page := make([]byte, 4096)
	here := uintptr(unsafe.Pointer(&page[0]))
	for i, p := range []uintptr{0, 1, 1 << 46, here, here + 1<<40, ^uintptr(0)} {
		Two(p)
		Four(p)
		for _, b := range page {
			if b != 0 {
				t.Fatalf("address %d: something was written", i)
			}
		}
	}
}
