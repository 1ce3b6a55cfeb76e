package dashboard

import (
	"hash/maphash"
	"sync"
)

// turns lets the requests of a session run one after the other. A session is
// read, changed and written whole: of two requests at once one would undo what
// the other wrote, and one that began before a sign-out would bring the session
// back.
type turns struct {
	seed  maphash.Seed
	once  sync.Once
	locks [256]sync.Mutex
}

// take waits for the turn of a session's token, and gives what ends the turn.
// Requests without a session do not wait.
func (t *turns) take(token string) (end func()) {
	if token == "" {
		return func() {}
	}
	t.once.Do(func() { t.seed = maphash.MakeSeed() })
	l := &t.locks[maphash.String(t.seed, token)%uint64(len(t.locks))]
	l.Lock()
	return l.Unlock
}
