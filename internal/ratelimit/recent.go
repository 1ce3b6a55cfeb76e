package ratelimit

// recent remembers values by key, those that were asked for of late: at least
// size of them and at most twice as many. When the young are as many as that
// they become the old, and the old are forgotten.
type recent[K comparable, V any] struct {
	size       int
	young, old map[K]*V
}

func newRecent[K comparable, V any](size int) recent[K, V] {
	return recent[K, V]{size: size, young: make(map[K]*V)}
}

// get is the value of a key, a new one if it is not remembered.
func (r *recent[K, V]) get(k K) *V {
	if v := r.young[k]; v != nil {
		return v
	}
	v := r.old[k]
	if v == nil {
		v = new(V)
	}
	if len(r.young) >= r.size {
		r.old, r.young = r.young, make(map[K]*V)
	}
	r.young[k] = v
	return v
}
