package dashboard

import "net/http"

// Routes are the patterns of a dashboard's routes, with whether they are open.
func Routes(h http.Handler) map[string]bool {
	out := make(map[string]bool)
	for _, rt := range h.(*Dashboard).routes() {
		out[rt.pattern] = rt.open
	}
	return out
}

// NewTurns gives what takes the turns of sessions.
func NewTurns() (take func(token string) (end func())) { return new(turns).take }
