package store

// hand is a goroutine that runs functions for another, one at a time. It is kept from
// one to the next, because SQLite needs much stack, which each new goroutine would have
// to grow.
type hand struct {
	work chan func()
	done chan struct{}
	gone chan struct{} // closed when a function has ended the goroutine
}

func startHand() *hand {
	h := &hand{work: make(chan func()), done: make(chan struct{}), gone: make(chan struct{})}
	go h.run()
	return h
}

func (h *hand) run() {
	defer close(h.gone)
	for f := range h.work {
		f()
		h.done <- struct{}{}
	}
}

// do runs f and waits for it. It reports whether there is a goroutine for the next one.
func (h *hand) do(f func()) bool {
	h.work <- f
	select {
	case <-h.done:
		return true
	case <-h.gone:
		return false
	}
}

// rest ends the goroutine; nil has none.
func (h *hand) rest() {
	if h != nil {
		close(h.work)
	}
}
