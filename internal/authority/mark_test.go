package authority

import (
	"net/netip"
	"sync"
	"testing"
)

// count counts one as a check does: in the record, or else in the tally, which is
// then asked to have the next one counted in the record.
func (r *record) count(t *tally, hash uint64, use, from *count) {
	if r.marks.count(hash, 7) {
		return
	}
	use.add(7)
	from.add(7)
	t.mark(hash, 7, use, from)
}

// beginOne begins to count the n-th use of a tally.
func (t *tally) beginOne(n int) *count { return t.uses.begin(uint64(n+1), useKey{}, 7) }

func (t *tally) beginFrom() *count { return t.addrs.begin(1, netip.Addr{}, 7) }

// TestNothingIsLostWhileMarksAreTaken: uses are counted by several checks at once
// while the tally is told what its record counted.
func TestNothingIsLostWhileMarksAreTaken(t *testing.T) {
	const each, pairs = 5000, 6 // more than there are marks
	r := new(record)
	tally := &tally{record: r}
	var uses [pairs]*count
	for i := range uses {
		uses[i] = tally.beginOne(i)
	}
	from := tally.beginFrom()
	var counting, taking sync.WaitGroup
	stop := make(chan struct{})
	taking.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				tally.unmark()
			}
		}
	})
	for range 3 {
		counting.Go(func() {
			for range each {
				for i := range pairs {
					r.count(tally, uint64(i+1)<<countBits, uses[i], from)
				}
			}
		})
	}
	counting.Wait()
	close(stop)
	taking.Wait()
	tally.unmark()
	for i := range uses {
		if n := uses[i].n.Load(); n != 3*each {
			t.Errorf("use %d was counted %d times, not %d", i, n, 3*each)
		}
	}
	if n := from.n.Load(); n != 3*each*pairs {
		t.Errorf("the address was counted %d times, not %d", n, 3*each*pairs)
	}
	if from.last.Load() != 7 {
		t.Errorf("the last use was at %d", from.last.Load())
	}
}

// TestTallyThatIsGonePutsNoMarks: nobody would ask it what they counted.
func TestTallyThatIsGonePutsNoMarks(t *testing.T) {
	r := new(record)
	gone, next := &tally{record: r, closed: true}, &tally{record: r}
	use, from := gone.beginOne(0), gone.beginFrom()
	r.count(gone, 1<<countBits, use, from)
	if r.marks.count(1<<countBits, 7) {
		t.Fatal("it was counted in the record")
	}
	use, from = next.beginOne(0), next.beginFrom()
	r.count(next, 1<<countBits, use, from)
	if !r.marks.count(1<<countBits, 7) {
		t.Fatal("it was not counted in the record")
	}
	next.unmark()
	if n := use.n.Load(); n != 2 {
		t.Errorf("counted %d times, not 2", n)
	}
}

func TestUseFromAnUnknownAddressIsCountedInTheRecord(t *testing.T) {
	r := new(record)
	tally := &tally{record: r}
	use := tally.beginOne(0)
	tally.mark(1<<countBits, 7, use, nil)
	if !r.marks.count(1<<countBits, 8) {
		t.Fatal("it was not counted in the record")
	}
	tally.unmark()
	if n, last := use.n.Load(), use.last.Load(); n != 1 || last != 8 {
		t.Errorf("counted %d times, the last at %d", n, last)
	}
}

// TestFullMarkCountsNoFurther: its count would become another pair's hash.
func TestFullMarkCountsNoFurther(t *testing.T) {
	var m marks
	tag := markTag(5 << countBits)
	m.what[0].Store(tag | maxCount - 1)
	if !m.count(5<<countBits, 1) || m.count(5<<countBits, 1) {
		t.Error("the last one was not counted, or one more was")
	}
	if w := m.what[0].Load(); w != tag|maxCount {
		t.Errorf("the mark is %x", w)
	}
}
