package enforce

import (
	"context"
	"encoding/hex"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/enforcewire"
	"github.com/tokenward/tokenward/internal/token"
	"github.com/tokenward/tokenward/v4"
)

// maxWait bounds how long a request for changes waits for one.
const maxWait = 30 * time.Second

// changes answers GET /v1/changes?epoch=E&after=N&wait_ms=MS: what was heard after
// a position, as soon as there is something and after wait_ms in any case.
func (e *Endpoint) changes(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	after, wait, err := positionOf(q)
	if err != nil || r.Method != http.MethodGet {
		fail(w, http.StatusBadRequest, v4.CodeInvalidRequest, "It takes a GET with epoch, after and wait_ms")
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), wait)
	defer cancel()
	defer context.AfterFunc(e.cfg.Stopping, cancel)()
	heard, err := e.cfg.Authority.HeardSince(ctx, after)
	if err != nil {
		w.Header().Set("Retry-After", "1")
		fail(w, http.StatusServiceUnavailable, v4.CodeUnavailable, "The change feed has not been heard")
		return
	}
	answer(w, changesOf(&heard))
}

func positionOf(q url.Values) (authority.FeedPosition, time.Duration, error) {
	at := authority.FeedPosition{Epoch: q.Get("epoch")}
	wait, err := strconv.ParseInt(q.Get("wait_ms"), 10, 64)
	if err != nil {
		return at, 0, err
	}
	if s := q.Get("after"); s != "" {
		at.Seq, err = strconv.ParseInt(s, 10, 64)
	}
	return at, min(maxWait, time.Duration(max(0, min(wait, maxWait.Milliseconds())))*time.Millisecond), err
}

// changesOf words what was heard. What could be about anything is told as a
// reset.
func changesOf(heard *authority.Heard) enforcewire.Changes {
	out := enforcewire.Changes{
		Position: enforcewire.Position(heard.FeedPosition), Reset: heard.Reset,
		AgeMS: (heard.Age + time.Millisecond - 1).Milliseconds(), // rounded up
	}
	for _, c := range heard.Changes {
		var d token.Digest
		switch c.Kind {
		case authority.ChangeToken:
			if len(c.Key) == hex.EncodedLen(len(d)) {
				if _, err := hex.Decode(d[:], []byte(c.Key)); err == nil {
					out.Tokens = append(out.Tokens, enforcewire.Handle(d))
					continue
				}
			}
		case authority.ChangeUser:
			out.Users = append(out.Users, c.Key)
			continue
		case authority.ChangeAccount:
			continue // nothing depends on the account itself; see authority.forget
		}
		out.Reset = true
	}
	return out
}
