package store

import (
	"runtime"
	"time"
)

// Bounds of what letting others go first may cost the writes that wait.
const (
	longYield   = 50 * time.Millisecond
	withoutNext = 64
)

// yield lets goroutines that can run go before the writer.
//
// The first write of many makes the writer's goroutine the next one to run, ahead of
// those whose writes are a moment from the queue: on a busy processor each write would
// be committed by itself. When no other can run, it takes no time. Each that computes
// without an end may take 10 ms, though, so after a long wait some batches go without.
type yield struct{ without int }

func (y *yield) toOthers() {
	if !y.due() {
		return
	}
	begun := time.Now()
	runtime.Gosched()
	y.took(time.Since(begun))
}

// due is called once for each batch.
func (y *yield) due() bool {
	if y.without == 0 {
		return true
	}
	y.without--
	return false
}

func (y *yield) took(d time.Duration) {
	if d > longYield {
		y.without = withoutNext
	}
}
