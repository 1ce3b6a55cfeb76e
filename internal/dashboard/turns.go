package dashboard

import "sync"

// turns lets the requests of a session run one after the other. A session is
// read, changed and written whole: of two requests at once one would undo what
// the other wrote, and one that began before a sign-out would bring the session
// back.
//
// Sessions do not share a turn: whoever makes up tokens and has passwords hashed
// under them would hold up everybody else.
type turns struct {
	mu      sync.Mutex
	waiting map[string]*turn // by the session's token, while anybody has or awaits it
}

type turn struct {
	sync.Mutex
	wanted int // by how many; of turns.mu
}

// take waits for the turn of a session's token, and gives what ends the turn.
// Requests without a session do not wait.
func (t *turns) take(token string) (end func()) {
	if token == "" {
		return func() {}
	}
	own := t.want(token)
	own.Lock()
	return func() {
		own.Unlock()
		t.leave(token, own)
	}
}

func (t *turns) want(token string) *turn {
	t.mu.Lock()
	defer t.mu.Unlock()
	own := t.waiting[token]
	if own == nil {
		if t.waiting == nil {
			t.waiting = make(map[string]*turn)
		}
		own = new(turn)
		t.waiting[token] = own
	}
	own.wanted++
	return own
}

func (t *turns) leave(token string, own *turn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if own.wanted--; own.wanted == 0 {
		delete(t.waiting, token)
	}
}
