package authority

import "net/netip"

// rest is the part of a tally that few have.
type rest struct {
	other   [2]count  // above the bounds: allowed, denied
	denials []refused // the first of each kind; the oldest make room
	oldest  int
}

// refused is a denial to be written.
type refused struct {
	sec  int64
	use  useKey
	addr netip.Addr
}

// theRest is the tally's, made if there was none; mu is held.
func (t *tally) theRest() *rest {
	if t.rest == nil {
		t.rest = new(rest)
	}
	return t.rest
}

// keep keeps a denial among the latest.
func (r *rest) keep(d refused) {
	if len(r.denials) < MaxKeptDenials {
		r.denials = append(r.denials, d)
		return
	}
	r.denials[r.oldest] = d
	r.oldest = (r.oldest + 1) % MaxKeptDenials
}

// takeRest gives what the rest has counted and kept since it was last taken: uses
// above the bounds, allowed and denied, and denials, the oldest first.
func (t *tally) takeRest() (other [2]sum, denials []refused) {
	t.mu.Lock()
	defer t.mu.Unlock()
	r := t.rest
	if r == nil {
		return other, nil
	}
	for i := range r.other {
		other[i] = sum{int64(r.other[i].n.Swap(0)), 0, int64(r.other[i].last.Load())}
	}
	denials = append(r.denials[r.oldest:], r.denials[:r.oldest]...)
	r.denials, r.oldest = nil, 0
	return other, denials
}
