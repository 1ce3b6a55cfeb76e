package store

import (
	"testing"
	"time"
)

// TestALongWaitForOthersIsNotRepeatedAtOnce: where others compute, writes do not wait
// for all of them each time.
func TestALongWaitForOthersIsNotRepeatedAtOnce(t *testing.T) {
	var y yield
	if y.took(longYield); !y.due() {
		t.Error("a short wait counts as a long one")
	}
	y.took(longYield + time.Nanosecond)
	for i := range withoutNext {
		if y.due() {
			t.Fatalf("batch %d waits", i)
		}
	}
	if !y.due() || !y.due() {
		t.Error("later batches do not wait again")
	}
}
